"""The vault: what each way of keeping keys stores, who gets a key, and when it locks."""

from __future__ import annotations

import asyncio

import pytest

from app.core.problems import InvalidInput, StorageError
from app.core.vault import ROUNDS, VaultMode, VaultRecord
from tests.services.docked import API, KEY, OTHER_API, Browser, Tab
from tests.services.virtual_time import in_virtual_time, settled

PASSPHRASE = "correct horse battery"
OTHER = "seven green lighthouses"


async def with_key() -> Tab:
    """A tab with one connection and its key."""
    tab = await Browser().tab()
    await tab.add()
    return tab


async def with_passphrase() -> Tab:
    """The same with a passphrase, unlocked."""
    tab = await with_key()
    await tab.connecting.keeper.choose(VaultMode.PASSPHRASE, PASSPHRASE, PASSPHRASE)
    return tab


async def refusal(work: object) -> str:
    """What the user is told when something is refused."""
    with pytest.raises(InvalidInput) as caught:
        await work  # type: ignore[misc]
    return caught.value.problem.what


@in_virtual_time
async def test_a_key_is_there_again_in_another_tab() -> None:
    tab = await with_key()
    assert await (await tab.browser.tab()).key() == KEY


@in_virtual_time
async def test_no_record_holds_the_key_as_it_is() -> None:
    tab = await with_key()
    assert KEY not in await tab.browser.text()
    assert set(await tab.browser.records("secrets")) == {"vault", "c1"}


@in_virtual_time
async def test_sealed_keys_cannot_change_places() -> None:
    tab = await with_key()
    await tab.add("Other", OTHER_API, "sk-another-key-4567")
    records = await tab.browser.records("secrets")
    await tab.browser.database.put("secrets", "c1", {"version": 1, "sealed": records["c2"]["sealed"]})
    assert "cannot be read" in await refusal(tab.key())


@in_virtual_time
async def test_a_key_is_given_out_for_its_own_origin_only() -> None:
    tab = await with_key()
    record = (await tab.browser.records("connections"))["c1"]
    await tab.browser.database.put("connections", "c1", {**record, "base_url": OTHER_API})
    elsewhere = await tab.browser.tab()
    assert "not here any more" in await refusal(elsewhere.key())


@in_virtual_time
async def test_in_the_tab_only_nothing_is_stored_and_another_tab_has_nothing() -> None:
    tab = await with_key()
    await tab.connecting.keeper.choose(VaultMode.TAB)
    assert await tab.key() == KEY
    assert set(await tab.browser.records("secrets")) == {"vault"}
    other = await tab.browser.tab()
    assert "not here any more" in await refusal(other.key())
    await tab.change(key="sk-a-newer-key-89")
    assert await tab.key() == "sk-a-newer-key-89"
    assert set(await tab.browser.records("secrets")) == {"vault"}


@in_virtual_time
async def test_without_cryptography_keys_stay_in_the_tab() -> None:
    browser = Browser()
    browser.crypto.is_available = False
    tab = await browser.tab()
    await tab.add()
    assert (tab.vault.mode, tab.vault.can_store) == (VaultMode.TAB, False)
    assert await tab.key() == KEY
    assert await browser.records("secrets") == {}
    assert "cannot be stored" in await refusal(tab.connecting.keeper.choose(VaultMode.DEVICE))


@in_virtual_time
async def test_a_vault_with_a_passphrase_is_locked_at_first_and_a_request_waits_for_it() -> None:
    tab = await (await with_passphrase()).browser.tab()
    assert tab.vault.is_locked
    waiting = asyncio.ensure_future(tab.key())
    await settled()
    assert tab.vault.is_wanted
    assert not waiting.done()
    assert "not the passphrase" in await refusal(tab.connecting.vault.unlock(OTHER))
    await tab.connecting.vault.unlock(PASSPHRASE)
    assert await waiting == KEY
    assert not tab.vault.is_wanted
    assert min(tab.browser.crypto.rounds) >= 600_000


@in_virtual_time
async def test_whoever_waits_is_told_when_the_user_does_not_unlock() -> None:
    tab = await (await with_passphrase()).browser.tab()
    waiting = asyncio.ensure_future(tab.key())
    await settled()
    tab.connecting.vault.give_up()
    assert "locked" in await refusal(waiting)
    await tab.connecting.vault.unlock(PASSPHRASE)
    assert await tab.key() == KEY


@in_virtual_time
async def test_another_passphrase_leaves_the_sealed_keys_as_they_are() -> None:
    tab = await with_passphrase()
    before = await tab.browser.records("secrets")
    assert "not the passphrase" in await refusal(tab.connecting.keeper.change_passphrase(OTHER, OTHER, OTHER))
    await tab.connecting.keeper.change_passphrase(PASSPHRASE, OTHER, OTHER)
    after = await tab.browser.records("secrets")
    assert after["c1"] == before["c1"]
    assert after["vault"]["wrapped"] != before["vault"]["wrapped"]
    fresh = await tab.browser.tab()
    assert "not the passphrase" in await refusal(fresh.connecting.vault.unlock(PASSPHRASE))
    await fresh.connecting.vault.unlock(OTHER)
    assert await fresh.key() == KEY


@pytest.mark.parametrize(
    ("first", "again", "said"), [("short", "short", "too short"), (PASSPHRASE, OTHER, "differ")]
)
def test_a_passphrase_that_cannot_be_taken_changes_nothing(first: str, again: str, said: str) -> None:
    @in_virtual_time
    async def check() -> None:
        tab = await with_key()
        before = await tab.browser.records("secrets")
        assert said in await refusal(tab.connecting.keeper.choose(VaultMode.PASSPHRASE, first, again))
        assert await tab.browser.records("secrets") == before

    check()


@pytest.mark.parametrize("mode", list(VaultMode))
def test_another_way_of_keeping_leaves_nothing_that_the_old_key_opens(mode: VaultMode) -> None:
    @in_virtual_time
    async def check() -> None:
        tab = await with_passphrase()
        before = await tab.browser.records("secrets")
        await tab.connecting.keeper.choose(mode, OTHER, OTHER)
        after = await tab.browser.records("secrets")
        assert all(after[key] != before[key] for key in after)
        assert await tab.key() == KEY

    check()


@in_virtual_time
async def test_a_forgotten_passphrase_costs_the_keys_and_keeps_the_connections() -> None:
    tab = await (await with_passphrase()).browser.tab()
    await tab.connecting.keeper.abandon()
    assert (tab.vault.mode, tab.vault.held, tab.names) == (VaultMode.DEVICE, frozenset(), ["Mine"])
    assert set(await tab.browser.records("secrets")) == {"vault"}
    assert "not here any more" in await refusal(tab.key())
    await tab.change(key=KEY)
    assert await tab.key() == KEY


@pytest.mark.parametrize(("idle", "hidden"), [(15 * 60, 0), (0, 5 * 60)])
def test_it_locks_itself_when_nobody_is_there(idle: float, hidden: float) -> None:
    @in_virtual_time
    async def check() -> None:
        tab = await with_passphrase()
        tab.presence.idle, tab.presence.hidden = max(idle - 1, 0), max(hidden - 1, 0)
        await asyncio.sleep(11)
        assert not tab.vault.is_locked
        tab.presence.idle, tab.presence.hidden = idle, hidden
        await asyncio.sleep(11)
        assert tab.vault.is_locked

    check()


@in_virtual_time
async def test_the_minutes_are_the_users_in_every_tab() -> None:
    tab = await with_passphrase()
    await tab.connecting.keeper.set_minutes(1, 2)
    other = await tab.browser.tab()
    assert (other.vault.lock_minutes, other.vault.hidden_minutes) == (1, 2)
    tab.presence.idle = 60
    await asyncio.sleep(11)
    assert tab.vault.is_locked


@in_virtual_time
async def test_locking_locks_every_tab_and_holds_no_key_any_more() -> None:
    tab = await with_passphrase()
    other = await tab.browser.tab()
    await other.connecting.vault.unlock(PASSPHRASE)
    tab.connecting.vault.lock()
    assert (tab.vault.is_locked, other.vault.is_locked) == (True, True)
    assert other.connecting.vault._data_key is None


@in_virtual_time
async def test_another_tab_follows_a_change_of_the_way() -> None:
    tab = await with_key()
    other = await tab.browser.tab()
    await tab.connecting.keeper.choose(VaultMode.PASSPHRASE, PASSPHRASE, PASSPHRASE)
    await settled()
    assert (other.vault.mode, other.vault.is_locked) == (VaultMode.PASSPHRASE, True)


@in_virtual_time
async def test_a_vault_that_was_weakened_is_refused() -> None:
    tab = await with_passphrase()
    record = (await tab.browser.records("secrets"))["vault"]
    await tab.browser.database.put("secrets", "vault", {**record, "rounds": ROUNDS - 1})
    fresh = await tab.browser.tab()
    assert "cannot be used" in fresh.problems[0].what


@in_virtual_time
async def test_a_full_disk_leaves_the_old_way_in_place() -> None:
    tab = await with_key()
    tab.browser.database.is_full = True
    with pytest.raises(StorageError):
        await tab.connecting.keeper.choose(VaultMode.PASSPHRASE, PASSPHRASE, PASSPHRASE)
    tab.browser.database.is_full = False
    assert tab.vault.mode is VaultMode.DEVICE
    assert await (await tab.browser.tab()).key() == KEY


def test_the_record_is_read_as_it_was_written() -> None:
    record = VaultRecord(VaultMode.PASSPHRASE, b"wrapped", bytes(16), ROUNDS, 7, 3, 4)
    assert VaultRecord.from_record(record.to_record()) == record
    assert VaultRecord.from_record(None) is None
    assert API not in str(record.to_record())
