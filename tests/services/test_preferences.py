"""The preferences: read at the start, written when they change, and never lost by a failing database."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.connections import LOCAL_API_ID, ModelRef, read_base_url
from app.core.local_api import Health
from app.core.problems import InvalidInput, StorageError
from app.core.settings import DEFAULT_BASE_URL, DEFAULT_UPLOAD_LIMIT, Settings
from tests.services.fakes import FakeRecords
from tests.services.virtual_time import in_virtual_time, settled
from tests.services.world import World

ELSEWHERE = "http://127.0.0.1:5001/api/v1"
KEPT = Settings(ELSEWHERE, 2**30, ModelRef(LOCAL_API_ID, "a.gguf"), {"local-llm-api": {"n_batch": "64"}})

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
garbage = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("base_url", "upload_limit", "model", "typed"), anything)
)


async def loaded(records: FakeRecords | None = None) -> World:
    """A world in which the settings were read, and are written when they change, as in the page."""
    world = World()
    world.records.records.update((records or FakeRecords()).records)
    await world.preferences.load()
    world.store.subscribe(lambda state: state.settings, lambda _: world.preferences.save_soon())
    return world


async def stored(world: World) -> Any:
    return await world.records.get("settings", "settings")


async def of(settings: Settings) -> FakeRecords:
    records = FakeRecords()
    await records.put("settings", "settings", settings.to_record())
    return records


@in_virtual_time
async def test_without_a_record_there_are_the_defaults() -> None:
    world = await loaded()
    assert world.settings == Settings()


@in_virtual_time
async def test_what_was_stored_is_there_again() -> None:
    world = await loaded(await of(KEPT))
    assert world.settings == KEPT


@in_virtual_time
async def test_the_stored_address_becomes_that_of_the_api() -> None:
    world = await loaded(await of(KEPT))
    assert world.connection.base_url == ELSEWHERE
    assert world.local_api.health is Health.UNKNOWN


@given(anything | garbage)
def test_no_record_is_an_exception(record: Any) -> None:
    settings = Settings.from_record(record)
    assert read_base_url(settings.base_url) == settings.base_url
    assert settings.upload_limit > 0
    assert Settings.from_record(settings.to_record()) == settings


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        "x",
        {},
        {"base_url": 7, "upload_limit": "8", "model": ["local/x"], "typed": [1]},
        {"base_url": "ftp://x", "upload_limit": -1, "model": "x", "typed": {"a": 1}},
        {"base_url": "http://", "upload_limit": True, "model": {"local/": "x"}, "typed": None},
        {"base_url": None, "upload_limit": 1.5, "model": 7, "typed": ""},
    ],
)
def test_what_cannot_be_read_gets_its_default(record: Any) -> None:
    settings = Settings.from_record(record)
    assert settings.base_url == DEFAULT_BASE_URL
    assert settings.upload_limit == DEFAULT_UPLOAD_LIMIT
    assert settings.model is None
    assert not any(settings.typed.values())


def test_a_typed_parameter_that_is_no_text_is_left_out() -> None:
    settings = Settings.from_record({"typed": {"p": {"a": None, "b": 1, "c": "0.5"}}})
    assert settings.typed == {"p": {"c": "0.5"}}


@in_virtual_time
async def test_a_change_is_written() -> None:
    world = await loaded()
    world.preferences.set_upload_limit("2,5")
    await settled()
    assert (await stored(world))["upload_limit"] == 2.5 * 2**30


@in_virtual_time
async def test_nothing_is_written_without_a_change() -> None:
    world = await loaded(await of(KEPT))
    world.preferences.set_upload_limit("1")
    world.preferences.set_base_url(ELSEWHERE)
    world.preferences.save_soon()
    await settled()
    assert world.records.writes == 0


@in_virtual_time
async def test_the_last_of_many_changes_is_what_is_kept() -> None:
    world = await loaded()
    world.records.takes = 0.1
    for limit in range(1, 20):
        world.preferences.set_upload_limit(str(limit))
    await asyncio.sleep(5)
    assert (await stored(world))["upload_limit"] == 19 * 2**30
    assert world.records.writes <= 2


@in_virtual_time
async def test_another_address_moves_the_api() -> None:
    world = await loaded()
    world.api.models["a.gguf"] = 1
    await world.models.refresh()
    world.preferences.set_base_url(" 127.0.0.1:5001/api/v1/ ")
    assert world.connection.base_url == ELSEWHERE
    assert world.local_api.health is Health.UNKNOWN
    assert world.local_api.models is None
    assert world.settings.base_url == ELSEWHERE


@in_virtual_time
async def test_the_same_address_changes_nothing() -> None:
    world = await loaded()
    before = world.store.state
    world.preferences.set_base_url("127.0.0.1:5000/api/v1/")
    assert world.store.state is before


@pytest.mark.parametrize(
    "typed", ["", "   ", "http://", "ftp://x", "http://a b", "http://x:y", "http://u:p@x/"]
)
def test_what_is_no_address_changes_nothing(typed: str) -> None:
    @in_virtual_time
    async def check() -> None:
        world = await loaded()
        before = world.store.state
        with pytest.raises(InvalidInput) as caught:
            world.preferences.set_base_url(typed)
        assert caught.value.problem.fix
        assert world.store.state is before

    check()


@pytest.mark.parametrize("typed", ["", "x", "0", "-1", "nan", "inf", "1e400", "0.0000000001", "ten"])
def test_what_is_no_size_changes_nothing(typed: str) -> None:
    @in_virtual_time
    async def check() -> None:
        world = await loaded()
        before = world.store.state
        with pytest.raises(InvalidInput) as caught:
            world.preferences.set_upload_limit(typed)
        assert caught.value.problem.fix
        assert world.store.state is before

    check()


@in_virtual_time
async def test_a_failed_write_is_reported_and_made_up_for_with_the_next_change() -> None:
    world = await loaded()
    world.records.is_broken = True
    world.preferences.set_upload_limit("1")
    await settled()
    assert len(world.reported) == 1
    world.records.is_broken = False
    world.preferences.set_base_url(ELSEWHERE)
    await settled()
    assert (await stored(world))["upload_limit"] == 2**30
    assert (await stored(world))["base_url"] == ELSEWHERE


@in_virtual_time
async def test_settings_that_could_not_be_read_are_not_overwritten() -> None:
    world = World()
    world.records.records.update((await of(KEPT)).records)
    world.records.is_broken = True
    with pytest.raises(StorageError):
        await world.preferences.load()
    assert world.settings == Settings()
    world.records.is_broken = False
    world.preferences.set_upload_limit("1")
    world.preferences.save_soon()
    await settled()
    assert Settings.from_record(await stored(world)) == KEPT
