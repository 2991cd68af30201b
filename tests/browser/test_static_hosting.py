"""The page on any static web server: one that sends no header of ours, from a folder below its root."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dev.paths import ROOT
from dev.prepare import prepare
from tests.browser.local_apis import MODEL
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch

SERVED = ("index.html", "pyscript.toml", "service-worker.js", "app", "static")
"""What the README says to copy."""


class Silent(SimpleHTTPRequestHandler):
    """Python's own web server, without its log."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hosted(tmp_path: Path) -> Iterator[str]:
    """The address of the page there."""
    prepare()
    folder = tmp_path / "tools" / "berth"
    folder.mkdir(parents=True)
    for name in SERVED:
        (folder / name).symlink_to(ROOT / name)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=tmp_path)) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/tools/berth/"
        server.shutdown()


@pytest.mark.fresh_profile
def test_the_demo_model_answers_on_one_thread_without_our_headers(
    page: Page, no_local_api: None, watch: Watch, hosted: str
) -> None:
    watch.allow_host(hosted)
    berth = BerthPage(page, hosted).open()
    assert page.evaluate("crossOriginIsolated") is False
    page.get_by_role("button", name="Try the demo model").click()
    berth.chat.ask("What is the capital of France?")
    expect(berth.chat.answers(MODEL.stem).last).to_contain_text("The capital of France is Paris.")
