"""What a killed browser loses of an answer: `python3 -m tests.bench.kill [kills]`.

A real Chromium with a profile on the disk shows an answer whose words are the times at which the server sent them, one
every 20 ms. After some seconds the browser gets SIGKILL. The next start shows the answer as interrupted; what is lost
is the time from the last word in it to the kill.
"""

from __future__ import annotations

import os
import random
import re
import signal
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from http.server import ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Playwright, expect, sync_playwright

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.bench.listening import OneModelApi, connect, launch, serving
from tests.browser.pages import BerthPage

INTERVAL = 0.02
"""Seconds between words."""

BUDGET = 250
"""Milliseconds that may be lost."""


class Ticker(OneModelApi):
    """Its model says what time it is, until nobody listens any more."""

    model = "ticker"
    sent: list[int]

    def stream(self, _prompt: str) -> None:
        """Write the time for ever."""
        type(self).sent = sent = []
        while True:
            now = int(time.time() * 1000)
            self.say(f"{now} ")
            sent.append(now)
            time.sleep(INTERVAL)


def browser_process(profile: str) -> int:
    """The browser's own process, which is none of its renderers and helpers."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            arguments = (
                (entry / "cmdline").read_bytes().decode(errors="replace") if entry.name.isdigit() else ""
            )
            if f"--user-data-dir={profile}" in arguments and "--type=" not in arguments:
                return int(entry.name)
    raise LookupError("the browser does not run")


def kill_once(playwright: Playwright, profile: str, url: str) -> tuple[float, bool]:
    """Milliseconds lost, and whether what is there is exactly the beginning of what was sent."""
    context = launch(playwright, profile)
    berth = BerthPage(context.pages[0], url).open()
    berth.page.get_by_role("button", name="New conversation").first.click()
    berth.chat.ask("What time is it?")
    answer = berth.chat.answers("ticker").last
    expect(answer).to_contain_text(re.compile(r"\d{13}"), timeout=20_000)
    time.sleep(random.uniform(2, 4))
    process = browser_process(profile)
    killed = time.time() * 1000
    os.kill(process, signal.SIGKILL)
    sent = list(Ticker.sent)
    with suppress(Exception):
        context.close()

    with launch(playwright, profile) as again:
        berth = BerthPage(again.pages[0], url).open()
        answer = berth.chat.answers("ticker").last
        expect(answer.get_by_role("button", name="Continue")).to_be_visible(timeout=20_000)
        expect(answer.get_by_role("button", name="Regenerate")).to_be_visible()
        found = [int(word) for word in re.findall(r"\d{13}", answer.inner_text())]
    return killed - found[-1], found == sent[: len(found)]


def main(kills: int) -> None:
    """Kill so many times and print what was lost."""
    prepare()
    page_server = PageServer(0, Site(AppBundle(prepare)))
    with (
        serving(page_server),
        serving(ThreadingHTTPServer(("127.0.0.1", 0), Ticker)) as port,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        sync_playwright() as playwright,
    ):
        with launch(playwright, profile) as context:
            connect(BerthPage(context.pages[0], page_server.url).open(), "Ticker", port, Ticker.model)
        lost: list[float] = []
        for number in range(1, kills + 1):
            milliseconds, is_exact = kill_once(playwright, profile, page_server.url)
            lost.append(milliseconds)
            print(
                f"kill {number:2}: {milliseconds:4.0f} ms lost, {'no gap' if is_exact else 'WITH GAPS'}",
                flush=True,
            )
    print(f"median {statistics.median(lost):.0f} ms, most {max(lost):.0f} ms, budget {BUDGET} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
