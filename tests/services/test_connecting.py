"""Connections that the user added: kept, changed, ordered, tested, shared between tabs, deleted with all of theirs."""

from __future__ import annotations

import asyncio

import pytest

from app.core.connections import ModelRef
from app.core.local_api import Health
from app.core.problems import InvalidInput, StorageError
from app.core.saved_connections import Limits
from app.core.typed_connection import TypedConnection
from app.core.vault import VaultMode
from app.providers.custom_dialect import OPTION, CustomDialect
from tests.services.docked import API, KEY, OTHER_API, Browser, Tab, at_rest
from tests.services.fakes import Fails, Slow, page, reply
from tests.services.virtual_time import in_virtual_time

LIST = f"GET {API}/models"


async def added() -> Tab:
    tab = await Browser().tab()
    await tab.add()
    return tab


@in_virtual_time
async def test_a_connection_that_was_added_is_tested_and_offers_its_models() -> None:
    tab = await added()
    item = tab.item()
    assert (item.health, item.problem, [model.id for model in item.models]) == (
        Health.CONNECTED,
        None,
        ["a", "b"],
    )
    assert set(tab.keys_sent()) == {f"Bearer {KEY}"}


@in_virtual_time
async def test_the_next_start_has_everything_without_asking() -> None:
    tab = await (await added()).browser.tab()
    assert tab.names == ["Mine"]
    assert tab.connections.offers(ModelRef("c1", "b"))
    assert tab.http.requests == []


@in_virtual_time
async def test_its_record_holds_no_key() -> None:
    tab = await added()
    record = (await tab.browser.records("connections"))["c1"]
    assert KEY not in str(record)
    assert record["has_key"] is True


@pytest.mark.parametrize(
    ("answer", "health"),
    [
        (reply({"error": {"message": "Invalid API Key", "code": 401}}, 401), Health.KEY),
        (reply({"error": {"message": "Too many requests"}}, 429), Health.LIMITED),
        (page(200), Health.WRONG_ADDRESS),
        (Fails("rejected"), Health.UNREACHABLE),
        (Fails("timeout"), Health.UNREACHABLE),
    ],
    ids=["a wrong key", "a limit", "a web page", "no server", "a silent server"],
)
def test_what_is_wrong_is_told_apart(answer: object, health: Health) -> None:
    @in_virtual_time
    async def check() -> None:
        tab = await Browser().tab()
        tab.http.script(LIST, answer)  # type: ignore[arg-type]
        await tab.add()
        item = tab.item()
        assert item.health is health
        assert item.problem is not None
        assert KEY not in str(item.problem)

    check()


@in_virtual_time
async def test_a_test_of_what_is_typed_stores_nothing() -> None:
    tab = await Browser().tab()
    examined = await tab.connecting.test(TypedConnection("openai", "Mine", API, KEY))
    assert examined.health is Health.CONNECTED
    assert KEY not in await tab.browser.text()
    assert tab.names == []


@in_virtual_time
async def test_a_test_of_a_saved_one_uses_its_key_unless_it_leads_elsewhere() -> None:
    tab = await added()
    tab.http.requests.clear()
    await tab.connecting.test(TypedConnection("openai", "Mine", API), "c1")
    assert set(tab.keys_sent()) == {f"Bearer {KEY}"}
    tab.http.requests.clear()
    await tab.connecting.test(TypedConnection("openai", "Mine", OTHER_API), "c1")
    await tab.connecting.test(TypedConnection("openai", "Mine", API, drops_key=True), "c1")
    assert set(tab.keys_sent()) == {None}


@in_virtual_time
async def test_a_connection_that_moves_to_another_origin_loses_its_key_and_says_so() -> None:
    tab = await added()
    tab.http.requests.clear()
    await tab.change(base_url=OTHER_API)
    assert set(tab.keys_sent()) == {None}
    assert "was removed" in tab.news[-1]
    assert set(await tab.browser.records("secrets")) == {"vault"}


@in_virtual_time
async def test_a_key_stays_when_only_the_path_changes() -> None:
    tab = await added()
    await tab.change(base_url=f"{API}/beta", name="Renamed")
    assert await tab.key() == KEY
    assert tab.names == ["Renamed"]


@in_virtual_time
async def test_a_key_can_be_taken_away() -> None:
    tab = await added()
    await tab.change(drops_key=True)
    assert await tab.key() == ""
    assert tab.item().saved.has_key is False


@in_virtual_time
async def test_deleting_leaves_nothing_of_it() -> None:
    tab = await added()
    settings = tab.store.cell("settings", type(tab.store.state.settings))
    settings.update(lambda one: one.with_model(ModelRef("c1", "a")))
    tab.connecting.desk.asked(tab.item().saved.connection)
    await asyncio.sleep(5)
    await tab.connecting.book.delete("c1")
    assert tab.names == []
    assert tab.store.state.settings.model is None
    assert [await tab.browser.records(store) for store in ("connections", "model_lists", "usage")] == [{}] * 3
    assert set(await tab.browser.records("secrets")) == {"vault"}


@in_virtual_time
async def test_a_connection_that_cannot_be_stored_leaves_no_key_behind() -> None:
    tab = await Browser().tab()
    commits = 0

    def fail_third() -> None:
        nonlocal commits
        commits += 1
        tab.browser.database.is_full = commits == 3  # after the vault and the key

    tab.browser.database.before_commit = fail_third
    with pytest.raises(StorageError):
        await tab.connecting.save(TypedConnection("openai", "Mine", API, KEY))
    assert set(await tab.browser.records("secrets")) == {"vault"}
    assert tab.names == []


@in_virtual_time
async def test_another_tab_sees_what_changes() -> None:
    tab = await added()
    other = await tab.browser.tab()
    await tab.add("Second", OTHER_API)
    await tab.connecting.book.move("c2", -1)
    await tab.connecting.book.enable("c1", False)
    await at_rest()
    assert other.names == ["Second", "Mine"]
    assert [one.id for one in other.connecting.book.enabled()] == ["c2"]
    assert await other.key("c2") == KEY


@in_virtual_time
async def test_neither_tab_overwrites_the_other() -> None:
    tab = await added()
    saved = tab.item().saved
    await tab.browser.database.put("connections", "c1", {**saved.to_record(), "name": "Theirs", "rev": 7})
    with pytest.raises(StorageError):
        await tab.connecting.book.enable("c1", False)
    assert (await tab.browser.records("connections"))["c1"]["name"] == "Theirs"


@in_virtual_time
async def test_records_that_cannot_be_read_are_said_and_left() -> None:
    tab = await added()
    await tab.browser.database.put("connections", "odd", {"provider": 7})
    fresh = await tab.browser.tab()
    assert fresh.names == ["Mine"]
    assert "cannot be read (1)" in fresh.problems[0].what
    assert "odd" in await tab.browser.records("connections")


@in_virtual_time
async def test_the_order_ends_at_both_ends() -> None:
    tab = await added()
    await tab.add("Second", OTHER_API)
    await tab.connecting.book.move("c1", -1)
    await tab.connecting.book.move("c2", 1)
    await tab.connecting.book.move("gone", 1)
    assert tab.names == ["Mine", "Second"]


@in_virtual_time
async def test_what_was_found_out_about_another_address_is_dropped() -> None:
    tab = await added()
    tab.http.script(LIST, Slow(5, Fails("rejected")))
    looking = asyncio.ensure_future(tab.connecting.checks.refresh("c1"))
    await asyncio.sleep(1)
    tab.http.script(LIST, Fails("rejected"))
    await tab.change(base_url=OTHER_API, key=KEY)
    await looking
    await at_rest()
    assert tab.item().health is not Health.UNREACHABLE
    assert not tab.item().is_busy


@in_virtual_time
async def test_an_only_model_is_chosen() -> None:
    tab = await Browser().tab()
    tab.http.script(LIST, reply({"data": [{"id": "only"}]}))
    await tab.add()
    assert tab.store.state.settings.model == ModelRef("c1", "only")


@in_virtual_time
async def test_old_lists_are_read_again_but_never_with_a_locked_key() -> None:
    tab = await added()
    tab.http.requests.clear()
    tab.connecting.checks.refresh_stale()
    await at_rest()
    assert tab.http.requests == []
    await asyncio.sleep(601)
    tab.connecting.checks.refresh_stale()
    await at_rest()
    assert tab.http.requests != []
    await tab.connecting.keeper.choose(VaultMode.PASSPHRASE, "long enough", "long enough")
    fresh = await tab.browser.tab()
    await asyncio.sleep(601)
    fresh.connecting.checks.refresh_stale()
    await at_rest()
    assert fresh.http.requests == []
    assert not fresh.vault.is_wanted


@in_virtual_time
async def test_limits_and_models_written_by_hand_are_kept() -> None:
    tab = await Browser().tab()
    await tab.add(limits=Limits(2, 30, 5.5))
    fresh = await tab.browser.tab()
    assert fresh.connecting.desk.limits(fresh.item().saved.connection) == Limits(2, 30, 5.5)


@pytest.mark.parametrize(
    ("name", "base_url", "said"),
    [("  ", API, "no name"), ("Mine", "ftp://x", "address"), ("Mine", "https://me:pw@x/v1", "")],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_stored(name: str, base_url: str, said: str) -> None:
    @in_virtual_time
    async def check() -> None:
        tab = await Browser().tab()
        with pytest.raises(InvalidInput) as caught:
            await tab.connecting.save(TypedConnection("openai", name, base_url, KEY))
        assert said in caught.value.problem.what
        assert KEY not in await tab.browser.text()

    check()


@in_virtual_time
async def test_models_that_the_provider_knows_are_offered_before_it_was_asked() -> None:
    tab = await Browser().tab()
    tab.http.go_down()
    options = {OPTION: CustomDialect(known_models=("house-model",)).to_record()}
    await tab.connecting.save(TypedConnection("custom", "Own", API, options=options))
    assert [model.id for model in tab.item().models] == ["house-model"]
