"""What a streamed answer costs the whole page: `python3 -m tests.bench.streaming [tokens@rate ...]`.

A server of its own sends an answer of mixed Markdown, one event for each token, at the given rate of tokens a second;
the page streams, keeps and shows it as ever. Printed for each answer: main-thread time (thread time, which other
programs on the machine do not disturb), tasks over 50 ms, and how long the page took from a key press in the composer
to the next frame. An answer of more tokens at the same rate shows how the cost grows with the length.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from http.server import ThreadingHTTPServer

from playwright.sync_api import expect, sync_playwright

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.bench.listening import OneModelApi, connect, launch, serving
from tests.browser.pages import BerthPage
from tests.browser.prose import corpus

WATCH = """
globalThis.longTasks = [];
globalThis.keys = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((entry) => entry.duration)))
  .observe({ type: "longtask" });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.name === "keydown") keys.push(entry.duration);
}).observe({ type: "event", durationThreshold: 16 });
"""
"""Key presses that take under 16 ms are not reported: the browser keeps no shorter ones."""

IS_DONE = "performance.getEntriesByName('answer-done').length > 0"
"""Asked in place of looking for the button "Stop": to find a button by its role costs the page more than the answer."""

KEY_EVERY_MS = 250
TYPING_RATE = "@2000"
"""At this rate somebody types meanwhile; at the others nothing but the answer happens, so that only it is counted."""

DEFAULT = ("2000@200", "8000@200", "32000@200", "8000@2000")


class Writer(OneModelApi):
    """Its model answers the prompt "tokens@rate" with so many tokens at that rate."""

    model = "writer"

    def stream(self, prompt: str) -> None:
        """Write each token when it is due."""
        count, rate = (int(part) for part in prompt.split("@"))
        text = corpus.mixed(count)
        width = corpus.CHARACTERS_PER_TOKEN
        begun = time.monotonic()
        for number, start in enumerate(range(0, len(text), width)):
            wait = begun + number / rate - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            self.say(text[start : start + width])
        self.complete()


@dataclass(frozen=True)
class Cost:
    """What one answer cost: seconds in all, on the main thread and by part; milliseconds of long tasks and of keys."""

    seconds: float
    parts: dict[str, float]
    long_tasks: list[float]
    keys: list[float]
    pressed: int


class Bench:
    """Asks in an open page and measures."""

    PARTS = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")

    def __init__(self, berth: BerthPage) -> None:
        self._berth = berth
        self._page = berth.page
        self._cdp = self._page.context.new_cdp_session(self._page)
        self._cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    def ask(self, prompt: str) -> Cost:
        """Ask in a new conversation, type until the answer is there, and tell what it cost."""
        chat = self._berth.chat
        self._page.get_by_role("button", name="New conversation").first.click()
        expect(chat.log.get_by_role("article")).to_have_count(0)
        self._page.evaluate("longTasks.length = keys.length = 0; performance.clearMarks('answer-done')")
        before, begun = self._metrics(), time.monotonic()
        chat.ask(prompt)
        pressed = 0
        while not self._page.evaluate(IS_DONE):
            if prompt.endswith(TYPING_RATE):
                self._page.keyboard.press("x")
                pressed += 1
            self._page.wait_for_timeout(KEY_EVERY_MS)
        after = self._metrics()
        chat.message.fill("")
        parts = {name: after[name] - before[name] for name in self.PARTS}
        return Cost(time.monotonic() - begun, parts, *self._page.evaluate("[longTasks, keys]"), pressed)

    def _metrics(self) -> dict[str, float]:
        metrics = self._cdp.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: metric["value"] for metric in metrics}


def show(prompt: str, cost: Cost) -> None:
    """Print one line."""
    parts = "  ".join(
        f"{key.removesuffix('Duration').lower()} {value:6.2f}" for key, value in cost.parts.items()
    )
    print(
        f"{prompt:>11} tokens/s: {cost.seconds:6.1f} s; main thread, s: {parts};"
        f"  tasks over 50 ms: {len(cost.long_tasks)}, longest {max(cost.long_tasks, default=0):.0f} ms;"
        + (f"  of {cost.pressed} keys, slowest {max(cost.keys, default=16):.0f} ms" if cost.pressed else ""),
        flush=True,
    )


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("answers", nargs="*", default=DEFAULT, metavar="tokens@rate")
    answers = parser.parse_args().answers
    prepare()
    page_server = PageServer(0, Site(AppBundle(prepare)))
    with (
        serving(page_server),
        serving(ThreadingHTTPServer(("127.0.0.1", 0), Writer)) as port,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        sync_playwright() as playwright,
        launch(playwright, profile) as context,
    ):
        context.add_init_script(WATCH)
        berth = BerthPage(context.pages[0], page_server.url).open()
        connect(berth, "Writer", port, Writer.model)
        bench = Bench(berth)
        bench.ask("200@200")  # loads the libraries
        for answer in answers:
            show(answer, bench.ask(answer))


if __name__ == "__main__":
    main()
