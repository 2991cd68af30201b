"""What an upload through the page costs, beside curl and the same server: speed, and the browser's memory.

`python3 -m tests.bench.upload [gigabytes ...]` (6 when none are given) uploads sparse files, which take no space on
either side, to the reference server of the Local LLM API.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.browser import processes
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.local_apis import LocalApi, LocalApis, Profiles
from tests.browser.model_files import GB, MB, small_gguf, sparse_gguf
from tests.browser.pages import BerthPage

LONGEST_MS = 1_800_000
GROWTH_BUDGET_MB = 50


@dataclass(frozen=True)
class Result:
    """One upload through the page: its seconds, and the browser's memory in bytes before it and at most."""

    seconds: float
    before: int
    most: int


def through_curl(api: LocalApi, file: Path) -> float:
    """Upload with curl; the seconds that it takes."""
    started = time.monotonic()
    form = ["--form", f"file=@{file}", f"{api.server.base_url}/models"]
    subprocess.run(["curl", "--silent", "--fail", "--output", os.devnull, *form], check=True)  # noqa: S607
    return time.monotonic() - started


def through_page(
    browser: Browser, taken: processes.Browser, profiles: Profiles, url: str, api: LocalApi, file: Path
) -> Result:
    """Upload through the page, from the drop to the listed model."""
    context = browser.new_context(storage_state=profiles.pointed_at(api.server.base_url))
    berth = BerthPage(context.new_page(), url).open_connected("#/models")
    # What the first upload needs is there from then on.
    berth.models.drop(small_gguf(file.with_name("first.gguf")))
    expect(berth.models.upload("first.gguf").row).to_contain_text("Stored")
    with taken.watched() as samples:
        started = time.monotonic()
        berth.models.drop(file)
        expect(berth.models.upload(file.name).row).to_contain_text("Stored", timeout=LONGEST_MS)
        seconds = time.monotonic() - started
    context.close()
    return Result(seconds, samples[0], max(samples))


def main() -> None:
    """Measure and print, one line a size."""
    sizes = [float(argument) for argument in sys.argv[1:]] or [6.0]
    prepare()
    with (
        tempfile.TemporaryDirectory() as folder,
        PageServer(0, Site(AppBundle(prepare))) as site,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=site.serve_forever, args=(0.05,), daemon=True).start()
        apis = LocalApis(Path(folder))
        api = apis.get("doc")
        started = processes.children_of(os.getpid())
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        taken = processes.Browser(started)
        profiles = Profiles(browser, site.url)
        for size in sizes:
            file = sparse_gguf(Path(folder) / f"{size:g}-gb.gguf", int(size * GB))
            curl = through_curl(api, file)
            api.clean()
            page = through_page(browser, taken, profiles, site.url, api, file)
            api.clean()
            speeds = [size * 1024 / seconds for seconds in (curl, page.seconds)]
            print(
                f"{size:g} GB: curl {curl:.1f} s ({speeds[0]:.0f} MB/s), page {page.seconds:.1f} s "
                f"({speeds[1]:.0f} MB/s, {curl / page.seconds:.2f} of curl); browser {page.before / MB:.0f} MB, "
                f"at most {(page.most - page.before) / MB:+.0f} MB (budget {GROWTH_BUDGET_MB:+d} MB)",
                flush=True,
            )
        browser.close()
        apis.close()
        site.shutdown()


if __name__ == "__main__":
    main()
