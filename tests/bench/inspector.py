"""How long the inspector takes for large vocabularies, in the page under Pyodide.

`python3 -m tests.bench.inspector [repeats]` writes headers like those of well-known models (152,000 tokens with as many
merges; 128,000 with 280,000; 262,000 with scores), and prints the median of each, in milliseconds: reading the bytes
and the header, and all of it, from the file in hand to the facts on the page. The time of the main thread in between,
which other programs on the machine do not disturb, stands beside it.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import CDPSession, Page, expect, sync_playwright

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.pages import BerthPage
from tests.core.gguf_writer import F32, I32, STRING, TYPE_Q4_K, Array, Gguf, Tensor, llama

SHAPES = {
    "152k tokens, 151k merges": (151_936, 151_387, False),
    "128k tokens, 280k merges": (128_256, 280_147, False),
    "262k tokens with scores": (262_144, 0, True),
}

READ = """
import json, time, js
from app.browser.files import BrowserFile
from app.core.inspection import report_on
from app.services.inspecting import read_head
file = BrowserFile(js.document.getElementById("bench").files.item(0))
times = []
for _ in range({repeats}):
    begin = time.perf_counter()
    header, head = await read_head(file)
    report_on(header)
    times.append(1000 * (time.perf_counter() - begin))
json.dumps(times)
"""

SHOWN = """
() => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("nothing was shown")), 20_000);
  const body = document.getElementById("inspector-body");
  const begin = performance.now();
  new MutationObserver((_, observer) => {
    if (!body.querySelector("dl")) return;
    observer.disconnect();
    resolve(performance.now() - begin);
  }).observe(body, { childList: true });
  document.getElementById("inspect-file").dispatchEvent(new Event("change", { bubbles: true }));
})
"""
"""From the moment the page has the file to the facts in the document."""


def write(path: Path, tokens: int, merges: int, has_scores: bool) -> Path:
    """Write a header with so many tokens, and nothing behind it but one small tensor."""
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(tokens)]
    pairs = [f"{words[number % tokens][:1]} {words[number % tokens][1:]}" for number in range(merges)]
    metadata = {
        **llama(),
        "tokenizer.ggml.tokens": Array(STRING, words),
        "tokenizer.ggml.token_type": Array(I32, [1] * tokens),
        "tokenizer.ggml.merges": Array(STRING, pairs),
    }
    if has_scores:
        metadata["tokenizer.ggml.scores"] = Array(F32, [0.0] * tokens)
    names = [f"blk.{layer}.ffn_{kind}.weight" for layer in range(36) for kind in ("gate", "up", "down")]
    tensors = [Tensor(name, (256, 4), TYPE_Q4_K, 576) for name in names]
    path.write_bytes(Gguf(metadata, tensors).file())
    return path


def measure(berth: BerthPage, path: Path, repeats: int) -> tuple[list[float], list[tuple[float, float]]]:
    """Milliseconds for reading alone, and for all of it: by the clock, and of the main thread."""
    page = berth.page
    page.evaluate("document.getElementById('bench')?.remove()")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('input'), {type: 'file', id: 'bench'}))"
    )
    page.locator("#bench").set_input_files(path)
    reading = berth.run_python(READ.replace("{repeats}", str(repeats)))
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    return json.loads(reading), [_shown(page, cdp, path) for _ in range(repeats)]


def _busy(cdp: CDPSession) -> float:
    """Milliseconds for which the main thread has worked so far."""
    metrics = {metric["name"]: metric["value"] for metric in cdp.send("Performance.getMetrics")["metrics"]}
    return 1000 * float(metrics["TaskDuration"])


def _shown(page: Page, cdp: CDPSession, path: Path) -> tuple[float, float]:
    hold = "event => { if (event.isTrusted) event.stopImmediatePropagation(); }"
    page.evaluate(f"addEventListener('change', globalThis.held ??= {hold}, true)")
    page.get_by_label("Inspect a GGUF file").set_input_files(path)
    before = _busy(cdp)
    milliseconds: float = page.evaluate(SHOWN)
    busy = _busy(cdp) - before
    page.keyboard.press("Escape")
    expect(page.locator("#inspector-body")).to_be_empty()
    return milliseconds, busy


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repeats", nargs="?", type=int, default=9)
    repeats = parser.parse_args().repeats
    prepare()
    with (
        tempfile.TemporaryDirectory() as folder,
        PageServer(0, Site(AppBundle(prepare))) as server,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        berth = BerthPage(browser.new_page(viewport={"width": 1280, "height": 800}), server.url).open(
            "#/models"
        )
        for name, (tokens, merges, has_scores) in SHAPES.items():
            path = write(Path(folder) / f"{tokens}.gguf", tokens, merges, has_scores)
            reading, shown = measure(berth, path, repeats)
            size = path.stat().st_size / 2**20
            clock, busy = zip(*shown, strict=True)
            print(
                f"{name:<26} header {size:4.1f} MB  read {statistics.median(reading):6.1f} ms (best {min(reading):.1f})"
                f"  shown {statistics.median(clock):6.1f} ms (best {min(clock):.1f})"
                f"  main thread {statistics.median(busy):6.1f} ms",
                flush=True,
            )
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
