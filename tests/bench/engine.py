"""What the engine costs: tokens a second from the page, from plain JavaScript, and from native llama.cpp.

`python3 -m tests.bench.engine [--model FILE.gguf] [--tokens 256] [--repeats 5] [--threads 1]` asks the same of all
three in turns, so that a busy machine slows them alike; the ratios of their medians are what counts. The page answers
through its own gateway: worker, stream, decoder and all. It prints load times, memory and, with the demo model, the
seconds from the click to the first answer of a first visit, too.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.browser import processes
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.local_apis import MODEL
from tests.browser.pages import BerthPage
from tests.servers.llama import LlamaServer, LlamaSpec

MB = 2**20
CONTEXT = 1024
PROMPT = "Tell me a story"
BARE = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}
"""The headers of a page with nothing on it, which is isolated like Berth and has no policy."""

PLAIN_LOAD = """async ([base, model, threads, context]) => {
  const { Wllama } = await import(`${base}/lib/wllama/wllama.mjs`);
  const quiet = { debug() {}, log() {}, warn() {}, error() {} };
  globalThis.engine = new Wllama({ default: `${base}/lib/wllama/wllama.wasm` }, { logger: quiet });
  engine.setCompat(null);
  const file = document.querySelector("input").files[0];
  const began = performance.now();
  await engine.loadModel([file], { n_ctx: context, n_threads: threads, n_gpu_layers: 0, n_parallel: 1 });
  return (performance.now() - began) / 1000;
}"""

PLAIN_ASK = """async (body) => {
  let first = 0, last = 0, count = 0;
  const began = performance.now();
  await engine.createChatCompletion({ ...body, stream: true, onData: (chunk) => {
    if (!chunk.choices?.[0]?.delta?.content) return;
    last = performance.now();
    first ||= last;
    count += 1;
  } });
  return [count, (last - first) / 1000, (first - began) / 1000];
}"""

PAGE_ASK = """
import json, time
from app.core.deltas import TextDelta, UsageDelta
from app.core.http import HttpRequest

async def measured(model, body):
    gateway, loader = berth.house.gateway, berth.house.engine.loader
    connection = berth.house.engine.connection
    provider = gateway.provider(connection)
    request = HttpRequest.post_json(f"{connection.base_url}/chat/completions", {**body, "model": model})
    began, first, last, usage = time.perf_counter(), 0.0, 0.0, None
    async with gateway._http.stream(request) as stream:
        decoder = provider.decoder("text/event-stream")
        async for data in stream.chunks():
            for delta in decoder.feed(data):
                if isinstance(delta, TextDelta):
                    last = time.perf_counter()
                    first = first or last
                elif isinstance(delta, UsageDelta):
                    usage = delta.usage
    return json.dumps([usage.completion_tokens, last - first, first - began])
"""


@dataclass
class Runs:
    """What was measured of one way: tokens a second of each answer, and of each prompt's first token, in seconds."""

    name: str
    speeds: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)

    def add(self, tokens: int, seconds: float, first: float) -> None:
        """One answer: its tokens, the seconds from the first to the last, and those before the first."""
        self.speeds.append((tokens - 1) / seconds)
        self.firsts.append(first)

    @property
    def speed(self) -> float:
        """The median of tokens a second."""
        return median(self.speeds)


def body(tokens: int) -> dict[str, Any]:
    """A question whose answer has exactly so many tokens."""
    return {
        "messages": [{"role": "user", "content": PROMPT}],
        "max_tokens": tokens,
        "temperature": 0,
        "ignore_eos": True,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def open_plain(browser: Browser, url: str, model: Path) -> Page:
    """A page with a file and nothing else."""
    page = browser.new_context().new_page()
    html = "<!doctype html><input type=file>"
    page.route(
        "**/plain.html", lambda route: route.fulfill(body=html, headers={**BARE, "Content-Type": "text/html"})
    )
    page.goto(f"{url}plain.html")
    page.set_input_files("input", model)
    return page


def open_berth(browser: Browser, url: str, model: Path, threads: int) -> BerthPage:
    """The page with the model chosen and loaded."""
    berth = BerthPage(browser.new_context().new_page(), url).open("#/settings")
    for label, value in (("Context in tokens", CONTEXT), ("Threads", threads)):
        box = berth.page.get_by_role("textbox", name=label)
        box.fill(str(value))
        box.blur()
    berth.go("Models")
    berth.tab.run(model)
    berth.go("Models")
    expect(berth.tab.engine).to_contain_text("is in memory", timeout=120_000)
    berth.run_python(PAGE_ASK)
    return berth


def ask_page(berth: BerthPage, model: str, asked: dict[str, Any]) -> list[float]:
    """One answer through the page."""
    told: list[float] = json.loads(
        berth.run_python(f"{PAGE_ASK}\nawait measured({model!r}, json.loads({json.dumps(asked)!r}))")
    )
    return told


def ask_native(server: LlamaServer, asked: dict[str, Any]) -> list[float]:
    """One answer of native llama.cpp, by its own clock."""
    reply = server.post("/v1/chat/completions", {**asked, "stream": False, "stream_options": None})
    timings = reply["timings"]
    return [timings["predicted_n"], timings["predicted_ms"] / 1000, timings["prompt_ms"] / 1000]


def first_visit(browser: Browser, url: str) -> float:
    """Seconds from the click on the demo model to its first answer, in a profile that has nothing cached."""
    page = browser.new_context().new_page()
    berth = BerthPage(page, url).open()
    button = page.get_by_role("button", name="Try the demo model")
    expect(button).to_be_visible()
    berth.message.fill("What is the capital of France?")
    began = time.monotonic()
    button.click()
    berth.message.press("Enter")
    expect(berth.chat.answers(MODEL.stem)).to_contain_text("The capital of France is Paris.")
    seconds = time.monotonic() - began
    page.context.close()
    return seconds


def measure(browser: Browser, taken: processes.Browser, url: str, options: argparse.Namespace) -> None:
    """Load the model three times, and ask in turns."""
    model: Path = options.model
    asked = body(options.tokens)
    base = {"memory": taken.memory()}
    plain_page = open_plain(browser, url, model)
    base["plain page"] = taken.memory()
    version = plain_page.evaluate(
        "async url => (await (await fetch(url)).text()).match(/static@[0-9a-f]+/)[0]", url
    )
    load = plain_page.evaluate(PLAIN_LOAD, [f"{url}{version}/vendor", "", options.threads, CONTEXT])
    base["plain loaded"] = taken.memory()
    berth = open_berth(browser, url, model, options.threads)
    base["berth loaded"] = taken.memory()
    native = LlamaServer(LlamaSpec(str(model), n_ctx=CONTEXT, n_threads=options.threads, n_gpu_layers=0))
    runs = plain, page, here = Runs("plain JavaScript"), Runs("page"), Runs("native")
    try:
        for turn in range(options.repeats + 1):
            told = (
                plain_page.evaluate(PLAIN_ASK, asked),
                ask_page(berth, model.name, asked),
                ask_native(native, asked),
            )
            for run, figures in zip(runs, told, strict=True):
                if turn:  # the first answer of each warms it up
                    run.add(*figures)
    finally:
        native.close()
    for run in runs:
        print(
            f"{run.name:17} {run.speed:8.1f} tokens/s, first token after {1000 * median(run.firsts):.0f} ms"
        )
    pairs = [one / other for one, other in zip(page.speeds, plain.speeds, strict=True)]
    print(
        f"page / plain JavaScript: {page.speed / plain.speed:.2f}, median of pairs {median(pairs):.2f} (at least 0.95)"
    )
    print(f"page / native llama.cpp: {page.speed / here.speed:.2f}")
    print(f"load: plain JavaScript {load:.2f} s, page: {berth.tab.engine.inner_text()}")
    print(
        f"memory: plain {(base['plain loaded'] - base['plain page']) / MB:+.0f} MB for the model, "
        f"Berth with Python, engine and model {(base['berth loaded'] - base['plain loaded']) / MB:+.0f} MB"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--tokens", type=int, default=256)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    expect.set_options(timeout=60_000)  # milliseconds
    prepare()
    with PageServer(0, Site(AppBundle(prepare))) as site, sync_playwright() as playwright:
        threading.Thread(target=site.serve_forever, args=(0.05,), daemon=True).start()
        started = processes.children_of(os.getpid())
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        visits = [first_visit(browser, site.url) for _ in range(3)] if options.model == MODEL else []
        if visits:
            print("first visit, click to answer: " + ", ".join(f"{seconds:.2f} s" for seconds in visits))
        measure(browser, processes.Browser(started), site.url, options)
        browser.close()
        site.shutdown()


if __name__ == "__main__":
    main()
