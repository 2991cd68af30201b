"""The warm tab is as good as a new one: who takes it finds nothing of the test before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.contexts import WINDOW
from tests.browser.warm_tab import LEFT_BEHIND, WarmTab
from tests.browser.watch import Watch

LEAVE_TRACES = """async () => {
  localStorage.setItem("trace", "1");
  sessionStorage.setItem("trace", "1");
  name = "trace";
  await caches.open("trace");
  const root = await navigator.storage.getDirectory();
  await root.getFileHandle("trace", { create: true });
  const { ownScript } = await import("/static/js/trusted.mjs");
  await navigator.serviceWorker.register(ownScript(new URL("/service-worker.js", location.href).href));
  await new Promise((resolve) => { indexedDB.open("trace", 1).onsuccess = resolve; });
}"""

HOW_IT_IS = """async () => ({
  name, width: innerWidth, online: navigator.onLine, dark: matchMedia("(prefers-color-scheme: dark)").matches,
  clipboard: (await navigator.permissions.query({ name: "clipboard-read" })).state,
})"""


@pytest.fixture
def tab(chromium: Browser, page_url: str) -> Iterator[WarmTab]:
    """A tab for this test alone."""
    tab = WarmTab(chromium, page_url)
    yield tab
    tab.throw_away()


def test_nothing_is_left_in_it(tab: WarmTab, watch: Watch, page_url: str) -> None:
    with tab.lent(watch) as context:
        page = context.pages[0]
        new = page.evaluate(HOW_IT_IS)
        page.evaluate(LEAVE_TRACES)
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="dark")
        context.grant_permissions(["clipboard-read"])
        context.route("**/*", lambda route: route.abort())
        context.new_page()
        context.set_offline(True)
    with tab.lent(watch) as context:
        assert context.pages == [page]
        assert page.evaluate(LEFT_BEHIND) == []
        assert page.evaluate(HOW_IT_IS) == new
        assert new["width"] == WINDOW["width"]
        page.goto(page_url)


def test_a_tab_that_crashed_is_replaced(tab: WarmTab, watch: Watch, page_url: str) -> None:
    with tab.lent(watch) as context:
        crashed = context.pages[0]
        with pytest.raises(Error):
            crashed.goto("chrome://crash")
    with tab.lent(watch) as context:
        assert context.pages[0] != crashed
        context.pages[0].goto(page_url)
