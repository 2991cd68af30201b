"""What the gateway costs for each delta in the page, against reading the same stream in plain JavaScript.

`python3 -m tests.bench.gateway [--tokens 4000] [--rate 200 2000] [--rounds 3]` streams the same answer of the reference
server in Chromium, once through the app's gateway (ledger, transport, decoder, deltas; nothing is rendered), once in
JavaScript that fetches, decodes, cuts, parses and joins. It prints the main-thread time of both by delta, and the ratio
of the two. Time is thread time, which other programs on the machine do not disturb; of the rounds the median counts.
"""

from __future__ import annotations

import argparse
import statistics
import threading
from collections.abc import Callable

from playwright.sync_api import CDPSession, sync_playwright

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.in_page import START, InPage
from tests.servers import corpus
from tests.servers.process import running

PYTHON = """
from dataclasses import dataclass, field
from app.browser.clock import BrowserClock
from app.browser.http import BrowserHttp
from app.browser.page import BrowserPage
from app.browser.socket import BrowserSocket
from app.core.connections import Connection, ModelRef
from app.core.deltas import TextDelta
from app.core.ledger import Ledger
from app.core.messages import PromptMessage, Role
from app.core.store import Store
from app.providers.registry import PROVIDERS
from app.services.diagnosis import Diagnosis
from app.services.gateway import Gateway
from app.services.ledger import LedgerBook, LedgerHttp
from app.services.transports import Transports

@dataclass(frozen=True)
class Kept:
    ledger: Ledger = field(default_factory=Ledger)

book = LedgerBook(Store(Kept(), lambda run: run()).cell("ledger", Ledger), BrowserClock(), lambda url: "")
http = LedgerHttp(Transports(BrowserHttp(), BrowserSocket()), book)

async def read(url, model):
    gateway = Gateway(http, Diagnosis(http, BrowserPage()), PROVIDERS, lambda: (Connection("x", "openai", "X", url),))
    texts = []
    async for batch in gateway.answer(ModelRef("x", model), (PromptMessage(Role.USER, "Go"),), {}):
        texts += [delta.text for delta in batch if isinstance(delta, TextDelta)]
    return "".join(texts)
"""

JAVASCRIPT = """async ([url, model]) => {
  const messages = [{ role: "user", content: "Go" }];
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ model, messages, stream: true }),
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text;
    const lines = (rest + value).split("\\n");
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith("data: {")) continue;
      text += JSON.parse(line.slice(6)).choices[0]?.delta.content ?? "";
    }
  }
}"""


class Meter:
    """Measures the main-thread time of a page."""

    def __init__(self, cdp: CDPSession) -> None:
        self._cdp = cdp
        cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    def cost(self, run: Callable[[], str], expected: str) -> float:
        """Seconds of main-thread time that a run takes; what it gives has to be what was expected."""
        before = self._busy()
        text = run()
        after = self._busy()
        assert text == expected, "the stream was not read as it was sent"
        return after - before

    def _busy(self) -> float:
        metrics = self._cdp.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=4000, help="deltas of an answer")
    parser.add_argument("--rate", nargs="*", type=int, default=[200, 2000], help="deltas a second")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each")
    options = parser.parse_args()
    prepare()
    expected = "".join(corpus.tokens(options.tokens))
    with (
        PageServer(0, Site(AppBundle(prepare))) as server,
        running("tests.servers.openai") as api,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        page = browser.new_page()
        python = InPage(page, server.url)
        page.goto(f"{server.url}static/icons/favicon.svg")
        page.evaluate(START, server.url)
        python.run(PYTHON)
        meter = Meter(page.context.new_cdp_session(page))
        for rate in options.rate:
            model = f"markdown-{options.tokens}-at-{rate}"
            ways: dict[str, Callable[[], str]] = {
                "gateway": lambda model=model: python.run(f"await read({api.base_url!r}, {model!r})"),  # type: ignore[misc]
                "JavaScript": lambda model=model: page.evaluate(JAVASCRIPT, [api.base_url, model]),  # type: ignore[misc]
            }
            costs = dict.fromkeys(ways, 0.0)
            for name, run in ways.items():
                rounds = [meter.cost(run, expected) for _ in range(options.rounds)]
                costs[name] = statistics.median(rounds) / options.tokens * 1e6
            ratio = costs["gateway"] / costs["JavaScript"]
            each = "  ".join(f"{name} {cost:6.1f} µs" for name, cost in costs.items())
            print(
                f"{options.tokens} deltas at {rate:>5} a second: {each} for each  ratio {ratio:.2f}",
                flush=True,
            )
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
