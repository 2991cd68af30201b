"""The database over IndexedDB, in a real browser: its contract, its migrations, and what happens when it fails."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.contexts import new_context
from tests.browser.in_page import InPage
from tests.browser.watch import Watch
from tests.services.database_contract import CHECKS

FILL = """
import base64, os
from app.browser.records import BrowserRecords
from app.core.problems import StorageError
from app.services.ports import Put
database = BrowserRecords(name="quota")
await database.commit([Put("search", {"id": "first", "text": "kept"})])

async def fill():
    for number in range(100):
        noise = base64.b64encode(os.urandom(750_000)).decode()
        try:
            await database.commit([Put("search", {"id": f"block-{number}", "text": noise})])
        except StorageError as error:
            return error.problem.what, error.problem.fix, error.problem.details
    return None
"""
"""Writes until the database is full."""

MODULE = "/static/js/database.mjs"


@pytest.fixture(scope="module")
def loaded(chromium: Browser, page_url: str) -> Iterator[InPage]:
    """One interpreter for all tests here: each uses a database, a lock or a channel of its own."""
    watch = Watch(page_url)
    with new_context(chromium, watch) as context:
        yield InPage(context.new_page(), page_url).open()
    watch.check()


@pytest.fixture
def page(loaded: InPage) -> Page:
    """Its page."""
    return loaded.page


def test_contract(loaded: InPage) -> None:
    failures = loaded.install("tests/services/database_contract.py").run(
        """
import traceback
from app.browser.records import BrowserRecords
from tests.services.database_contract import CHECKS
failures = {}
for number, check in enumerate(CHECKS):
    try:
        await check(BrowserRecords(name=f"contract-{number}"))
    except Exception:
        failures[check.__name__] = traceback.format_exc()
failures["checks"] = len(CHECKS)
failures
"""
    )
    assert failures == {"checks": len(CHECKS)}


def test_every_earlier_version_is_migrated(loaded: InPage, page: Page) -> None:
    """Each version is made, filled, and opened by the newest; a step of the future is in the chain as well."""
    results = page.evaluate(
        """async (path) => {
            const { open, migrations, remove } = await import(path);
            const future = async (database, transaction) => {
                database.createObjectStore("of_the_future", { keyPath: "id" });
                const settings = transaction.objectStore("settings");
                for (const record of await settings.getAll()) await settings.put({ ...record, is_migrated: true });
            };
            const steps = [...migrations, future];
            const schema = (database) => [...database.objectStoreNames].map((name) =>
                [name, [...database.transaction(name).store.indexNames]]);
            const results = [];
            for (let version = 0; version <= steps.length; version++) {
                const name = `migration-${version}`;
                if (version) {
                    const { database } = await open(name, () => {}, steps.slice(0, version));
                    await database.put("settings", { id: "settings", limit: 7 });
                    database.close();
                }
                const { database, created } = await open(name, () => {}, steps);
                const record = (await database.get("settings", "settings")) ?? null;
                results.push({ version, created, schema: schema(database), record });
                database.close();
                await remove(name);
            }
            return results;
        }""",
        MODULE,
    )
    newest = results[-1]
    assert newest["record"] == {"id": "settings", "limit": 7}, (
        "made by the newest version, it needs no migration"
    )
    for result in results:
        assert result["schema"] == newest["schema"]
        assert result["created"] == (result["version"] == 0)
    assert all(one["record"] == {"id": "settings", "limit": 7, "is_migrated": True} for one in results[1:-1])
    assert ["conversations", ["rank"]] in newest["schema"]


def test_a_full_disk_loses_nothing_and_is_explained(chromium: Browser, page_url: str, tmp_path: Path) -> None:
    """In a profile on the disk, and limited before its first write: only so the limit of Chromium's tools holds."""
    with chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=executable(), args=ARGUMENTS
    ) as context:
        page = context.new_page()
        limit = {"origin": page_url.rstrip("/"), "quotaSize": 8_000_000}
        context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", limit)
        loaded = InPage(page, page_url).open()
        loaded.run(FILL)
        what, fix, details = loaded.run("await fill()")
        kept = loaded.run("await database.get('search', 'first')")
    assert "no room" in what
    assert "Delete models" in fix
    assert "QuotaExceededError" in details
    assert kept == {"id": "first", "text": "kept"}


def test_a_newer_version_in_another_tab_closes_this_one_and_says_so(loaded: InPage, page: Page) -> None:
    name = f"outdated-{secrets.token_hex(4)}"
    loaded.run(
        f"""
from app.browser.records import BrowserRecords
from app.core.problems import StorageError
from app.services.ports import Put
told = []
database = BrowserRecords(lambda problem: told.append(problem.what), name={name!r})
await database.open()
"""
    )
    page.evaluate(
        """async ([path, name]) => {
            const { open, migrations } = await import(path);
            (await open(name, () => {}, [...migrations, () => {}])).database.close();
        }""",
        [MODULE, name],
    )
    problem = loaded.run(
        """
try:
    await database.commit([Put("search", {"id": "a"})])
    failure = ""
except StorageError as error:
    failure = error.problem.what
[told, failure]
"""
    )
    assert problem == [["Berth was updated in another tab."], "Berth was updated in another tab."]


def test_a_tab_that_holds_an_older_version_is_named(loaded: InPage, page: Page) -> None:
    """The database that blocks is opened without a listener for newer versions, as a frozen tab's is."""
    told = page.evaluate(
        """async (path) => {
            const { open } = await import(path);
            const held = await new Promise((resolve) => {
                const request = indexedDB.open("blocked", 1);
                request.onsuccess = () => resolve(request.result);
            });
            const told = [];
            const tell = (event) => { told.push(event); held.close(); };
            const { database } = await open("blocked", tell, [() => {}, () => {}]);
            database.close();
            return told;
        }""",
        MODULE,
    )
    assert told == ["blocked"]
    explained = loaded.run(
        """
from app.browser.records import BrowserRecords
told = []
BrowserRecords(lambda problem: told.append(problem.what))._tell("blocked")
told
"""
    )
    assert explained == ["Berth waits for another tab."]


def test_without_storage_the_reason_is_given(loaded: InPage, page: Page) -> None:
    page.evaluate(
        """() => {
            globalThis.openReally = IDBFactory.prototype.open;
            IDBFactory.prototype.open = () => { throw new DOMException("no storage here", "SecurityError"); };
        }"""
    )
    problem = loaded.run(
        """
from app.browser.records import BrowserRecords
from app.core.problems import StorageError
try:
    await BrowserRecords(name="none").open()
    problem = None
except StorageError as error:
    problem = [error.problem.what, error.problem.details]
problem
"""
    )
    page.evaluate("() => { IDBFactory.prototype.open = openReally; }")
    assert problem == ["Nothing of this visit will be kept.", "SecurityError: no storage here"]


def test_a_lock_is_held_once(loaded: InPage) -> None:
    held, again, after = loaded.run(
        """
from app.browser.locks import BrowserLocks
locks = BrowserLocks()
async with locks.hold("one") as held:
    async with BrowserLocks().hold("one") as again:
        pass
async with locks.hold("one") as after:
    pass
[held, again, after]
"""
    )
    assert (held, again, after) == (True, False, True)


def test_a_lock_of_a_closed_tab_is_free(loaded: InPage, page: Page, page_url: str) -> None:
    other = page.context.new_page()
    other.goto(page_url, wait_until="commit")
    other.evaluate(
        "new Promise((held) => navigator.locks.request('mine', () => { held(); return new Promise(() => {}); }))"
    )
    take = """
from app.browser.locks import BrowserLocks
async with BrowserLocks().hold("mine") as is_held:
    pass
is_held
"""
    assert loaded.run(take) is False
    other.close()
    assert loaded.run(f"import asyncio\nawait asyncio.sleep(0.5)\n{take}") is True


def test_tabs_hear_each_other_and_not_themselves(loaded: InPage, page: Page) -> None:
    heard = loaded.run(
        """
import asyncio
from app.browser.tabs import BrowserTabs
heard = []
here, there = BrowserTabs("a-test"), BrowserTabs("a-test")
here.listen(lambda kind, key: heard.append(["here", kind, key]))
there.listen(lambda kind, key: heard.append(["there", kind, key]))
here.announce("conversation", "abc")
await asyncio.sleep(0.1)
heard
"""
    )
    assert heard == [["there", "conversation", "abc"]]


def test_the_browser_says_how_much_is_used(loaded: InPage, page: Page) -> None:
    used, quota, is_persistent = loaded.run(
        """
from app.browser.storage_status import BrowserStorageStatus
usage = await BrowserStorageStatus().usage()
[usage.used, usage.quota, usage.is_persistent]
"""
    )
    assert 0 < used < quota
    assert is_persistent is False


def test_the_canary_outlives_the_database(loaded: InPage, page: Page) -> None:
    states = loaded.run(
        """
from app.browser.storage_status import LocalCanary
canary = LocalCanary()
canary.set(False)
states = [canary.is_alive()]
canary.set(True)
states.append(LocalCanary().is_alive())
states
"""
    )
    assert states == [False, True]
