"""The page under test: the development server, Chromium, and a watch over what the page must not do.

A test fails when its page logged an error, broke its security policy, or asked a host that the test did not
allow. What a test expects of that kind it declares:

    watch.allow_host(server.base_url)   # a reference server
    watch.expect_error("404")           # a logged error with this text; it must then occur

What a test takes:

    berth      the page of somebody who comes for the first time; `berth.open()` loads it
    docked     the page of somebody whose local API is the reference server `api`; `docked.open_connected()` loads it
    page       the tab below either of them
    context    the browser profile that the tab belongs to
    hosted     as docked, beside a hosted API that is not added yet (hosted_apis.py)

    kept_page  a page that is open already, for tests that only look around

All but the last are one warm tab (warm_tab.py). After each test it is put back to what a new profile is: at a file of
the page's origin, nothing stored, no routes, no permissions, window and media as always. What cannot be taken back
needs a profile of its own (an initial script, the clock, another origin than that of `page_url`), and so does what
counts on a cold start. Such a test takes the same fixtures and says so:

    @pytest.mark.fresh_profile
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.contexts import WINDOW, new_context
from tests.browser.hosted_apis import hosted, hosted_process, shared, shared_watch
from tests.browser.local_apis import LocalApi, LocalApis, Profiles
from tests.browser.pages import BerthPage
from tests.browser.warm_tab import WarmTab, fill
from tests.browser.watch import Watch

__all__ = ["hosted", "hosted_process", "shared", "shared_watch"]

expect.set_options(timeout=20_000)  # milliseconds: on a busy machine all is slower, and nothing is wrong

FAILED = pytest.StashKey[bool]()

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
    """One Chromium for the whole session."""
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


@pytest.fixture(scope="session")
def warm_tab(chromium: Browser, page_url: str) -> Iterator[WarmTab]:
    """The tab that the tests take in turns."""
    tab = WarmTab(chromium, page_url)
    yield tab
    tab.throw_away()


@pytest.fixture
def context(
    request: pytest.FixtureRequest, chromium: Browser, warm_tab: WarmTab, watch: Watch
) -> Iterator[BrowserContext]:
    """A watched profile with nothing in it: that of the warm tab, or a fresh one for who is marked to need it."""
    is_fresh = request.node.get_closest_marker("fresh_profile")
    with new_context(chromium, watch) if is_fresh else warm_tab.lent(watch) as context:
        yield context
    if request.node.stash.get(FAILED, False):
        warm_tab.throw_away()  # whatever was wrong, the next test and the second try begin without it


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know that their test failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A watched tab; the page is not loaded in it yet."""
    return context.pages[0] if context.pages else context.new_page()


@pytest.fixture
def no_local_api(context: BrowserContext, watch: Watch) -> None:
    """Answer the app's own look for a local API, so that it matters not what runs on this machine."""
    watch.allow_host(LOCAL_API)
    context.route(f"{LOCAL_API}/**", lambda route: route.fulfill(status=200, json={}))


@pytest.fixture
def berth(page: Page, page_url: str) -> BerthPage:
    """The page as a person sees it; `berth.open()` loads it."""
    return BerthPage(page, page_url)


@pytest.fixture(scope="module")
def module_page(chromium: Browser, page_url: str) -> Iterator[BerthPage]:
    """One page, without a local API, for the tests of a module that take `kept_page`."""
    watch = Watch(page_url)
    watch.allow_host(LOCAL_API)
    with new_context(chromium, watch) as context:
        context.route(f"{LOCAL_API}/**", lambda route: route.fulfill(status=200, json={}))
        berth = BerthPage(context.new_page(), page_url).open()
        watch.leave(context)
        watch.check()
        yield berth


@pytest.fixture
def kept_page(module_page: BerthPage, watch: Watch) -> Iterator[BerthPage]:
    """A page that is open already and stays open; it is found at the chat, in no dialog, with nothing typed.

    It is for tests that only look around: what they store, set or send stays for those after them.
    """
    watch.allow_host(LOCAL_API)
    watch.observe(module_page.page.context)
    module_page.page.set_viewport_size(WINDOW)
    yield module_page.tidy()
    watch.leave(module_page.page.context)


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
def docked(page: Page, api: LocalApi, profiles: Profiles, page_url: str) -> BerthPage:
    """The page of a person whose local API is `api`; `docked.open_connected()` loads it."""
    fill(page, page_url, profiles.pointed_at(api.server.base_url))
    return BerthPage(page, page_url)
