"""What rendering a streamed answer costs: main-thread time of the whole page, tasks over 50 ms, growth with length.

`python3 -m tests.bench.prose [tokens ...] [--rate 200] [--shapes]` streams answers in real time into the real
renderer, in Chromium under the page's own policy, and prints one line for each. Time is thread time, which other
programs on the machine do not disturb; it includes layout and painting.
"""

from __future__ import annotations

import argparse
import threading
from dataclasses import dataclass

from playwright.sync_api import CDPSession, sync_playwright

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.prose import AnswersPage, corpus
from tests.browser.prose.corpus import CHARACTERS_PER_TOKEN

LONG_TASKS = """
globalThis.longTasks = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((entry) => entry.duration)))
  .observe({ type: "longtask" });
"""

PARTS = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")


@dataclass(frozen=True)
class Cost:
    """What one answer cost: seconds of main-thread time in all and by part, durations of tasks over 50 ms."""

    seconds: float
    parts: dict[str, float]
    long_tasks: list[float]


class Bench:
    """Streams answers in an open page and measures them."""

    def __init__(self, answers: AnswersPage) -> None:
        self._answers = answers
        self._cdp: CDPSession = answers.page.context.new_cdp_session(answers.page)
        self._cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    def answer(self, text: str, rate: float) -> Cost:
        """Stream one answer at `rate` tokens a second."""
        self._answers.call("clear")
        self._answers.page.evaluate("longTasks.length = 0")
        before = self._metrics()
        seconds = self._answers.call("stream", text, rate, CHARACTERS_PER_TOKEN)
        after = self._metrics()
        parts = {name: after[name] - before[name] for name in PARTS}
        return Cost(seconds, parts, self._answers.page.evaluate("longTasks"))

    def _metrics(self) -> dict[str, float]:
        metrics = self._cdp.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: metric["value"] for metric in metrics}


def show(name: str, cost: Cost) -> None:
    """Print one line."""
    parts = "  ".join(
        f"{key.removesuffix('Duration').lower()} {value:6.2f}" for key, value in cost.parts.items()
    )
    longest = max(cost.long_tasks, default=0)
    share = cost.parts["TaskDuration"] / cost.seconds
    print(
        f"{name:<22} {cost.seconds:6.1f} s  main thread, s: {parts}  ({share:5.1%})"
        f"  tasks over 50 ms: {len(cost.long_tasks)} (longest {longest:.0f} ms)",
        flush=True,
    )


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tokens", nargs="*", type=int, default=[2000, 8000, 32000])
    parser.add_argument("--rate", type=float, default=200, help="tokens a second")
    parser.add_argument("--shapes", action="store_true", help="also answers that are one single block")
    options = parser.parse_args()
    prepare()
    with PageServer(0, Site(AppBundle(prepare))) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(LONG_TASKS)
        bench = Bench(AnswersPage(page, server.url).open())
        for tokens in options.tokens:
            show(f"mixed, {tokens} tokens", bench.answer(corpus.mixed(tokens), options.rate))
            if options.shapes:
                for name, make in corpus.SINGLE_BLOCKS.items():
                    show(f"one {name}, {tokens}", bench.answer(make(tokens), options.rate))
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
