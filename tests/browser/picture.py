"""The picture of the README: the real page with a real local API, and an answer that is written here.

The model that comes with the project is too small to write one worth a picture.
"""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Route, ViewportSize, expect, sync_playwright

from dev.app_bundle import AppBundle
from dev.paths import ROOT
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.local_apis import DEFAULT_ADDRESS, MODULE
from tests.browser.model_files import GB, sparse_gguf
from tests.browser.pages import BerthPage
from tests.servers.process import running

WINDOW: ViewportSize = {"width": 1280, "height": 800}
PICTURE = ROOT / "docs" / "screenshot.png"
MODELS = {"Llama-3.2-3B-Instruct-Q4_K_M": 2.02, "Qwen2.5-Coder-7B-Instruct-Q4_K_M": 4.68}
"""Names and sizes in GB of files that take no space on the disk."""

EARLIER = (
    "A pattern for dates such as 2026-11-20",
    "Explain attention to a gardener",
    "Which parts of this log are worth keeping?",
)
QUESTION = "Which quantisation of a 7B model should I take?"
ANSWER = """\
Take `Q4_K_M` unless you have memory to spare. The three differ mostly in what they cost:

| Quantisation | Bits per weight | File size | Loss in quality |
|---|--:|--:|---|
| `Q8_0` | 8.5 | 7.2 GB | hardly measurable |
| `Q4_K_M` | 4.8 | 4.1 GB | small, the usual choice |
| `Q2_K` | 2.6 | 2.5 GB | noticeable |

What a file on your disk is, its first bytes tell:

```python
def gguf_version(path: Path) -> int:
    with path.open("rb") as file:
        magic, version = file.read(4), file.read(4)
    return int.from_bytes(version, "little") if magic == b"GGUF" else 0
```
"""


def take() -> None:
    """Take it."""

    def answer(route: Route) -> None:
        reply = {"success": True, "response": ANSWER, "processing_time": 7.42, "token_count": 231}
        route.fulfill(json=reply, headers={"Access-Control-Allow-Origin": "*"})

    with (
        tempfile.TemporaryDirectory() as folder,
        PageServer(0, Site(AppBundle(prepare))) as site,
        running(MODULE, "--models", folder) as api,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=site.serve_forever, args=(0.05,), daemon=True).start()
        for name, size in MODELS.items():
            sparse_gguf(Path(folder) / f"{name}.gguf", int(size * GB))
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        page = browser.new_page(viewport=WINDOW, color_scheme="light", locale="en-US")

        def forward(route: Route) -> None:
            route.continue_(url=route.request.url.replace(DEFAULT_ADDRESS, api.root_url))

        page.route(f"{DEFAULT_ADDRESS}/**", forward)
        page.route("**/generate", answer)
        berth = BerthPage(page, site.url).open_connected()
        name = next(iter(MODELS))
        berth.chat.model.select_option(label=f"{name}.gguf")
        for earlier in EARLIER:
            berth.chat.ask(earlier)
            expect(berth.chat.answers(name)).to_contain_text("tokens/s")
            page.get_by_role("button", name="New conversation").click()
            expect(berth.chat.questions).to_have_count(0)
        berth.chat.ask(QUESTION)
        expect(berth.chat.answers(name).get_by_role("table")).to_be_visible()
        expect(berth.chat.answers(name)).to_contain_text("tokens/s")
        page.mouse.move(0, 0)
        page.wait_for_load_state("networkidle")  # what colours the code is loaded with the first code
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE, animations="disabled", caret="hide")
        browser.close()
        site.shutdown()


if __name__ == "__main__":
    take()
