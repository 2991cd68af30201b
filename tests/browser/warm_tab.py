"""A tab that the tests take in turns.

A tab in a new profile compiles Pyodide's WebAssembly anew, which takes longer than most tests; the same tab has it
compiled. So it is kept, and between two tests put back to what a new profile is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, StorageState

from tests.browser.contexts import WINDOW, make_context
from tests.browser.watch import Watch

RESTING_PLACE = "static/icons/favicon.svg"
"""A file of the page's origin, with the page's headers: who goes there stays in the same process."""

KINDS_OF_STORAGE = "cache_storage,file_systems,indexeddb,local_storage,service_workers,storage_buckets"
"""All that survives the page; what a tab has to itself, `FORGET` takes."""

ENGINE = "/engine-worker.mjs"
"""The worker in which a model runs. Its threads once held up for ever what came after it in the same process."""

FORGET = "() => { sessionStorage.clear(); name = ''; }"

LEFT_BEHIND = """async () => {
  const root = await navigator.storage.getDirectory();
  const files = [];
  for await (const file of root.keys()) files.push(file);
  const databases = await indexedDB.databases();
  const workers = await navigator.serviceWorker.getRegistrations();
  return [databases.map((one) => one.name), files, await caches.keys(), workers.map((one) => one.scope),
    Object.keys(localStorage), Object.keys(sessionStorage)].flat();
}"""
"""The names of all that is stored."""

FILL = """async ({ localStorage: texts, indexedDB: databases }) => {
  for (const { name, value } of texts) localStorage.setItem(name, value);
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name, version, stores } of databases ?? []) {
    const opening = indexedDB.open(name, version);
    opening.onupgradeneeded = () => {
      for (const { name, keyPath = null, autoIncrement, indexes } of stores) {
        const store = opening.result.createObjectStore(name, { keyPath, autoIncrement });
        for (const { name, keyPath, unique, multiEntry } of indexes)
          store.createIndex(name, keyPath, { unique, multiEntry });
      }
    };
    const database = await done(opening);
    for (const { name, records } of stores) {
      for (const { key, value } of records)
        await done(database.transaction(name, "readwrite").objectStore(name).put(value, key));
    }
    database.close();
  }
}"""
"""Stores what a profile holds, in the form that Playwright gives it."""


def fill(page: Page, page_url: str, stored: StorageState) -> None:
    """Store what a profile holds in the profile of this tab, where nothing is stored yet."""
    page.goto(page_url + RESTING_PLACE)
    for origin in stored["origins"]:
        assert origin["origin"] == page_url.rstrip("/"), "a profile of another origin"
        page.evaluate(FILL, origin)


class WarmTab:
    """Lends one tab to one test after the other. A tab that cannot be put back is thrown away, and a new one made."""

    def __init__(self, chromium: Browser, page_url: str, locale: str = "en-US") -> None:
        """Make no tab yet.

        Args:
            chromium: The browser.
            page_url: The address of the page.
            locale: The language of its reader.
        """
        self._chromium = chromium
        self._page_url = page_url
        self._locale = locale
        self._page: Page | None = None

    @contextmanager
    def lent(self, watch: Watch) -> Iterator[BrowserContext]:
        """The tab's profile, as if it were new, with the tab as its only page; `watch` sees what happens there."""
        if self._page is None:
            self._page = self._new()
        page = self._page
        watch.observe(page.context)
        try:
            yield page.context
        finally:
            watch.leave(page.context)
            if not self._is_put_back(page):
                self.throw_away()

    def throw_away(self) -> None:
        """Close the tab; the next one who takes it gets another."""
        if self._page:
            self._page.context.close()
        self._page = None

    def _new(self) -> Page:
        page = make_context(self._chromium, locale=self._locale).new_page()
        page.goto(self._page_url + RESTING_PLACE)
        return page

    def _is_put_back(self, page: Page) -> bool:
        """Leave the page and make its profile a new one; whether all of that could be done."""
        context = page.context
        if any(worker.url.endswith(ENGINE) for worker in page.workers):
            return False
        try:
            for other in context.pages:
                if other != page:
                    other.close()
            page.unroute_all(behavior="ignoreErrors")
            context.unroute_all(behavior="ignoreErrors")
            context.set_offline(False)
            page.goto(self._page_url + RESTING_PLACE)
            context.clear_permissions()
            context.clear_cookies()
            page.set_viewport_size(WINDOW)
            page.emulate_media(
                media="null",
                color_scheme="null",
                reduced_motion="null",
                forced_colors="null",
                contrast="null",
            )
            page.mouse.move(-1, -1)
            page.evaluate(FORGET)
            self._clear_storage(page)
            return bool(page.evaluate(LEFT_BEHIND) == [])
        except Error:
            return False

    def _clear_storage(self, page: Page) -> None:
        address = urlsplit(self._page_url)
        session = page.context.new_cdp_session(page)
        origin = {"origin": f"{address.scheme}://{address.netloc}", "storageTypes": KINDS_OF_STORAGE}
        session.send("Storage.clearDataForOrigin", origin)
        session.detach()
