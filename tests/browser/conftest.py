"""The page under test: the development server, Chromium, and a watch over what the page must not do.

A test fails when its page logged an error, broke its security policy, or asked a host that the test did not
allow. What a test expects of that kind it declares:

    watch.allow_host(server.base_url)   # a reference server
    watch.expect_error("404")           # a logged error with this text; it must then occur
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch


@pytest.fixture(scope="session")
def page_url() -> Iterator[str]:
    """The address of the page, served from this checkout by the development server itself."""
    prepare()
    with PageServer(0, Site(AppBundle(prepare))) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.url
        server.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the whole session; each test has its own profile in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watch(page_url: str) -> Iterator[Watch]:
    """Sees everything that the pages of a test do, and fails the test for what they must not do."""
    watch = Watch(page_url)
    yield watch
    watch.check()


@pytest.fixture
def context(chromium: Browser, watch: Watch) -> Iterator[BrowserContext]:
    """A fresh profile: nothing stored, nothing cached."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    watch.observe(context)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A watched tab; nothing is loaded in it yet."""
    return context.new_page()


@pytest.fixture
def berth(page: Page, page_url: str) -> BerthPage:
    """The page as a person sees it; `berth.open()` loads it."""
    return BerthPage(page, page_url)
