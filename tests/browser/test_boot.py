"""The start of the page: fast, honest about what it does, and useful while it lasts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from dev.app_sources import source_zip
from dev.paths import VENDOR
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch

Handler = Callable[[Route], None]


pytestmark = [pytest.mark.usefixtures("no_local_api"), pytest.mark.fresh_profile]


def missing(route: Route) -> None:
    route.fulfill(status=404, body="")


def damaged(name: str) -> Handler:
    """Answer with the real file, cut off in the middle and padded to its size."""
    content = (VENDOR / name).read_bytes()
    half = len(content) // 2

    def answer(route: Route) -> None:
        route.fulfill(status=200, body=content[:half] + bytes(len(content) - half))

    return answer


class Hold:
    """Keeps a request waiting until it is released: a slow network, as long as the test needs it."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._waiting: list[Route] = []
        self._is_open = False
        page.route(pattern, self._on_request)

    def _on_request(self, route: Route) -> None:
        if self._is_open:
            route.continue_()
        else:
            self._waiting.append(route)

    def release(self) -> None:
        self._is_open = True
        for route in self._waiting:
            route.continue_()


def test_the_app_takes_over(berth: BerthPage) -> None:
    berth.open()
    assert berth.mark("shell-painted")["at"] < berth.mark("app-ready")["at"]
    assert berth.mark("python-ready")["at"] < berth.mark("app-ready")["at"]


def test_python_starts_from_the_snapshot(berth: BerthPage) -> None:
    assert berth.open().mark("python-loaded")["detail"] == {"way": "snapshot"}


@pytest.mark.parametrize("answer", [missing, damaged("app/snapshot.bin.gz")], ids=["missing", "damaged"])
def test_without_a_snapshot_the_compiled_library_is_used(
    berth: BerthPage, page: Page, watch: Watch, answer: Handler
) -> None:
    page.route("**/snapshot.bin.gz", answer)
    if answer is missing:
        watch.expect_error("404")
    assert berth.open().mark("python-loaded")["detail"] == {"way": "compiled"}


@pytest.mark.parametrize("answer", [missing, damaged("python/stdlib_pyc.zip")], ids=["missing", "damaged"])
def test_without_the_compiled_library_the_plain_one_is_used(
    berth: BerthPage, page: Page, watch: Watch, answer: Handler
) -> None:
    page.route("**/stdlib_pyc.zip", answer)
    if answer is missing:
        watch.expect_error("404")
    assert berth.open().mark("python-loaded")["detail"] == {"way": "plain"}


def test_the_app_comes_from_the_snapshot_and_not_from_files(berth: BerthPage, watch: Watch) -> None:
    berth.open()
    assert not [url for url in watch.requests if url.endswith("app.zip")]
    assert berth.run_python("import os.path; str(os.path.exists('/home/pyodide/app'))") == "False"


def test_an_app_newer_than_the_snapshot_is_the_one_that_runs(berth: BerthPage, page: Page) -> None:
    newer = source_zip({"app/views/__init__.py": "CHANGED = 'yes'"})
    page.route("**/sources.sha256", lambda route: route.fulfill(status=200, body="another"))
    page.route("**/app.zip", lambda route: route.fulfill(status=200, body=newer))
    assert berth.open().run_python("import app.views; app.views.CHANGED") == "yes"


def test_without_the_hash_of_the_sources_their_zip_is_used(
    berth: BerthPage, page: Page, watch: Watch
) -> None:
    watch.expect_error("404")
    page.route("**/sources.sha256", missing)
    berth.open()
    assert berth.run_python("import os.path; str(os.path.exists('/home/pyodide/app'))") == "True"


def test_random_numbers_differ_from_visit_to_visit(berth: BerthPage) -> None:
    def number() -> float:
        berth.open()
        return float(berth.run_python("import random; random.random()"))

    assert number() != number()


def test_text_typed_while_python_starts_is_kept(berth: BerthPage, page: Page) -> None:
    wasm = Hold(page, "**/pyodide.asm.wasm")
    berth.open_early()
    berth.message.fill("typed early")
    wasm.release()
    berth.wait_until("ready")
    expect(berth.message).to_have_value("typed early")


@pytest.mark.parametrize("by", ["button", "Enter"])
def test_an_early_send_is_noted(berth: BerthPage, page: Page, by: str) -> None:
    wasm = Hold(page, "**/pyodide.asm.wasm")
    berth.open_early()
    berth.message.fill("hello")
    if by == "button":
        berth.send.click()
    else:
        berth.message.press("Enter")
    expect(berth.boot_note).to_be_visible()
    wasm.release()
    berth.wait_until("ready")
    expect(berth.boot_note).to_be_hidden()


def test_the_bar_counts_bytes(berth: BerthPage, page: Page) -> None:
    wasm = Hold(page, "**/pyodide.asm.wasm")
    berth.open_early()
    all_bytes = sum(json.loads((VENDOR / "sizes.json").read_text()).values())
    total = re.escape(f"{all_bytes / 1e6:.1f} MB")
    expect(page.get_by_text(re.compile(rf"Loading Python, [1-9]\d*\.\d of {total}"))).to_be_visible()
    value = float(berth.boot_bar.get_attribute("value") or 0)
    assert 10 < value < 60, "the wasm file, half of all bytes, is not there yet"
    wasm.release()
    berth.wait_until("ready")
    expect(berth.boot_bar).to_be_hidden()


def test_a_missing_interpreter_is_explained_and_the_text_survives_a_retry(
    berth: BerthPage, page: Page, watch: Watch
) -> None:
    watch.expect_error("404")
    watch.expect_error("pyodide.asm.wasm")
    page.route("**/pyodide.asm.wasm", missing)
    berth.open_early()
    berth.message.fill("not lost")
    berth.wait_until("failed")
    expect(berth.failure).to_contain_text("Python could not be loaded.")
    expect(berth.failure).to_contain_text("serve_dev.py")
    page.unroute("**/pyodide.asm.wasm")
    berth.retry.click()
    berth.wait_until("ready")
    expect(berth.message).to_have_value("not lost")


def test_without_pyscript_the_failure_is_explained(berth: BerthPage, page: Page, watch: Watch) -> None:
    watch.expect_error("404")
    watch.expect_error("dynamically imported module")
    page.route("**/pyscript/core.js", missing)
    berth.open_early().wait_until("failed")
    expect(berth.failure).to_contain_text("Python could not be loaded.")


def test_an_error_of_the_app_is_explained(berth: BerthPage, page: Page, watch: Watch) -> None:
    watch.expect_error("ZeroDivisionError")
    page.route("**/app/start.py", lambda route: route.fulfill(status=200, body="x = 1\nx / 0\n"))
    berth.open_early().wait_until("failed")
    expect(berth.failure).to_contain_text("Berth's own program failed while it started.")
    expect(berth.failure).to_contain_text("ZeroDivisionError: division by zero")


def test_a_stalled_start_is_noticed_after_a_minute(berth: BerthPage, page: Page, watch: Watch) -> None:
    watch.expect_error("nothing has happened for 60 seconds")
    page.clock.install()
    page.route("**/pyodide.asm.wasm", lambda _route: None)  # never answered
    berth.open_early()
    expect(page.get_by_text(re.compile("Loading Python, .* MB"))).to_be_visible()
    page.clock.run_for(61_000)
    berth.wait_until("failed")
    expect(berth.failure).to_contain_text("The connection stalled")


def test_a_browser_without_webassembly_is_told(berth: BerthPage, page: Page, watch: Watch) -> None:
    watch.expect_error("WebAssembly or DecompressionStream is missing")
    page.add_init_script("delete globalThis.WebAssembly")
    berth.open_early().wait_until("failed")
    expect(berth.failure).to_contain_text("This browser cannot run Berth.")


def test_boot_imports_neither_micropip_nor_pyodide_http(berth: BerthPage) -> None:
    loaded = berth.open().run_python("import sys; ' '.join(sys.modules)").split()
    assert "asyncio" in loaded
    assert not {"micropip", "pyodide_http", "requests"} & set(loaded)


def test_the_wheels_load_by_name(berth: BerthPage) -> None:
    berth.open().run_python("import pyodide_js; await pyodide_js.loadPackage(['micropip', 'pyodide-http'])")
    assert berth.run_python("import micropip, pyodide_http; pyodide_http.__version__") == "0.2.2"


def test_nothing_is_asked_twice(berth: BerthPage, watch: Watch) -> None:
    berth.open()
    own = [url for url in watch.requests if url.startswith(berth.url)]
    assert len(own) == len(set(own))


def test_math_and_highlighting_are_not_loaded_at_the_start(berth: BerthPage, watch: Watch) -> None:
    berth.open()
    late = re.compile("katex|highlight|wllama|micropip|pyodide_http|python_stdlib")
    assert [url for url in watch.requests if late.search(url)] == []
