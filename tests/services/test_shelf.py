"""Prompts and presets in the database: names are unique, tabs agree, and what was deleted comes back."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.core.connections import LOCAL_API_ID, Connection
from app.core.conversations import Conversation
from app.core.local_api import LocalApi
from app.core.presets import Preset
from app.core.problems import InvalidInput, Problem, StorageError
from app.core.prompts import Prompt
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.services.ports import Conflict
from app.services.shelf import ShelfKeeper
from app.services.shelves import PROMPTS, Shelves
from app.services.tasks import Tasks
from tests.services.fakes import BASE_URL
from tests.services.kept import Browser, FakeTabs
from tests.services.virtual_time import in_virtual_time, keep

TERSE = Prompt("", "terse", "Answer in one sentence.")


def tab(browser: Browser, problems: list[Problem] | None = None) -> Shelves:
    """The shelves of another tab."""
    api = LocalApi(Connection(LOCAL_API_ID, "local_llm_api", "Local API", BASE_URL))
    store = Store(State(Conversation("talk", 0.0), api), lambda run: run())
    tasks = Tasks((problems if problems is not None else []).append)
    shelves = Shelves(store, browser.database, FakeTabs(browser.channel), tasks, browser.new_id)
    keep(shelves)
    return shelves


def names(keeper: ShelfKeeper[Prompt]) -> list[str]:
    return [prompt.name for prompt in keeper.shelf.items]


@in_virtual_time
async def test_what_is_saved_is_there_at_the_next_start_by_name() -> None:
    browser = Browser()
    prompts = tab(browser).prompts
    await prompts.save(replace(TERSE, name="zebra"))
    await prompts.save(TERSE)
    later = tab(browser).prompts
    await later.load()
    assert names(later) == ["terse", "zebra"]
    assert later.shelf == prompts.shelf


@in_virtual_time
async def test_a_name_is_given_once() -> None:
    prompts = tab(Browser()).prompts
    await prompts.save(TERSE)
    with pytest.raises(InvalidInput, match="Terse"):
        await prompts.save(replace(TERSE, name="Terse", text="something else"))
    with pytest.raises(InvalidInput):
        await prompts.save(replace(TERSE, name=" "))
    assert names(prompts) == ["terse"]


@in_virtual_time
async def test_a_change_in_one_tab_shows_in_the_other() -> None:
    browser = Browser()
    here, there = tab(browser).prompts, tab(browser).prompts
    saved = await here.save(TERSE)
    await there.load()
    await here.save(replace(saved, name="brief"))
    await asyncio.sleep(1)  # in which the other tab reads
    assert names(there) == ["brief"]
    await there.delete(saved.id)
    await asyncio.sleep(1)
    assert names(here) == []


@in_virtual_time
async def test_no_tab_overwrites_what_another_has_changed() -> None:
    browser = Browser()
    here, there = tab(browser).prompts, tab(browser).prompts
    old = await here.save(TERSE)
    await there.load()
    await there.save(replace(old, text="Answer in two sentences."))
    with pytest.raises(Conflict):
        await here.save(replace(old, text="Answer in three."))
    assert [prompt.text for prompt in here.shelf.items] == ["Answer in two sentences."]


@in_virtual_time
async def test_what_was_deleted_comes_back_under_a_free_name() -> None:
    prompts = tab(Browser()).prompts
    saved = await prompts.save(TERSE)
    deleted = await prompts.delete(saved.id)
    assert deleted == saved
    await prompts.save(replace(TERSE, text="another"))
    await prompts.restore(deleted)
    assert names(prompts) == ["terse", "terse-2"]


@in_virtual_time
async def test_a_change_is_undone_by_restoring_what_was_before() -> None:
    presets = tab(Browser()).presets
    before = await presets.save(Preset("", "Concise", "Be brief.", {"temperature": "0.2"}))
    await presets.save(replace(before, system="Be long."))
    await presets.restore(before)
    assert [(one.name, one.system) for one in presets.shelf.items] == [("Concise", "Be brief.")]


@in_virtual_time
async def test_what_comes_from_elsewhere_doubles_and_replaces_nothing() -> None:
    prompts = tab(Browser()).prompts
    await prompts.save(TERSE)
    new = await prompts.add([replace(TERSE, id="x"), replace(TERSE, id="y", text="another")])
    assert new == 1
    assert [(one.name, one.text) for one in prompts.shelf.items] == [
        ("terse", "Answer in one sentence."),
        ("terse-2", "another"),
    ]


@in_virtual_time
async def test_a_full_disk_stores_nothing_and_shows_nothing_that_is_not_stored() -> None:
    browser = Browser()
    prompts = tab(browser).prompts
    browser.database.is_full = True
    with pytest.raises(StorageError, match=t("storage.full.what")):
        await prompts.save(TERSE)
    assert names(prompts) == []


@in_virtual_time
async def test_a_record_that_is_none_hides_no_other() -> None:
    browser = Browser()
    prompts = tab(browser).prompts
    await prompts.save(TERSE)
    await browser.database.put(PROMPTS, "broken", {"name": 7})
    await prompts.load()
    assert names(prompts) == ["terse"]
