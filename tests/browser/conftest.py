"""The page under test: the development server, Chromium, and a watch over what the page must not do.

A test fails when its page logged an error, broke its security policy, or asked a host that the test did not
allow. What a test expects of that kind it declares:

    watch.allow_host(server.base_url)   # a reference server
    watch.expect_error("404")           # a logged error with this text; it must then occur

A test that takes `docked` has the page pointed at the reference server `api`, in a profile that knows its address.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.local_apis import LocalApi, LocalApis, Profiles
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch

expect.set_options(timeout=20_000)  # milliseconds: on a busy machine all is slower, and nothing is wrong

LOCAL_API = "http://127.0.0.1:5000"
"""Where the app looks for a local API by itself."""


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
    with new_context(chromium, watch) as context:
        yield context


@contextmanager
def new_context(
    chromium: Browser, watch: Watch, stored: StorageState | None = None
) -> Iterator[BrowserContext]:
    """A watched profile with nothing cached, and nothing in it but what is `stored`."""
    size = {"width": 1280, "height": 800}
    context = chromium.new_context(viewport=size, locale="en-US", storage_state=stored)
    watch.observe(context)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A watched tab; nothing is loaded in it yet."""
    return context.new_page()


@pytest.fixture
def no_local_api(context: BrowserContext, watch: Watch) -> None:
    """Answer the app's own look for a local API, so that it matters not what runs on this machine."""
    watch.allow_host(LOCAL_API)
    context.route(f"{LOCAL_API}/**", lambda route: route.fulfill(status=200, json={}))


@pytest.fixture
def berth(page: Page, page_url: str) -> BerthPage:
    """The page as a person sees it; `berth.open()` loads it."""
    return BerthPage(page, page_url)


@pytest.fixture(scope="session")
def local_apis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalApis]:
    """The reference servers of the Local LLM API."""
    apis = LocalApis(tmp_path_factory.mktemp("local-apis"))
    yield apis
    apis.close()


@pytest.fixture(scope="session")
def profiles(chromium: Browser, page_url: str) -> Profiles:
    """Profiles of people who have told the page where their API is."""
    return Profiles(chromium, page_url)


@pytest.fixture
def variant() -> str:
    """Which implementation `api` is like; a test that is parametrised with `variant` says another."""
    return "doc"


@pytest.fixture
def api(local_apis: LocalApis, variant: str, watch: Watch) -> LocalApi:
    """A real Local LLM API without models, which the page may ask."""
    api = local_apis.get(variant)
    watch.allow_host(api.server.base_url)
    return api


@pytest.fixture
def docked(
    chromium: Browser, watch: Watch, api: LocalApi, profiles: Profiles, page_url: str
) -> Iterator[BerthPage]:
    """The page of a person whose local API is `api`; `docked.open_connected()` loads it."""
    with new_context(chromium, watch, profiles.pointed_at(api.server.base_url)) as context:
        yield BerthPage(context.new_page(), page_url)
