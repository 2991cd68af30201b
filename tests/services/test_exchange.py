"""Exports and imports: everything comes back, nothing is doubled, and a bad file changes nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator

import pytest

from app.core.connections import LOCAL_API_ID, Connection
from app.core.conversations import Conversation
from app.core.local_api import LocalApi
from app.core.presets import Preset
from app.core.problems import InvalidFile, StorageError
from app.core.prompts import Prompt
from app.core.state import State
from app.core.store import Store
from app.services.exchange import BATCH, Exchange, Imported
from app.services.shelves import Shelves
from tests.core.conversing import tree
from tests.core.exchange.files import exported
from tests.services.fakes import BASE_URL
from tests.services.kept import Browser, FakeTabs, Tab
from tests.services.virtual_time import in_virtual_time, keep


class Sink:
    """The `TextSink` port."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def write(self, text: str) -> None:
        self.pieces.append(text)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class File:
    """The `TextFile` port: a file in pieces of a hundred letters."""

    name = "export.json"

    def __init__(self, text: str) -> None:
        self._text = text
        self.size = len(text)

    async def texts(self) -> AsyncGenerator[tuple[str, int], None]:
        for start in range(0, self.size, 100):
            piece = self._text[start : start + 100]
            yield piece, len(piece)


def exchange(tab: Tab) -> Exchange:
    return Exchange(tab.archive, shelves(tab), tab.database, tab.clock, tab.browser.new_id)


def shelves(tab: Tab) -> Shelves:
    """The prompts and presets of a tab."""
    api = LocalApi(Connection(LOCAL_API_ID, "local_llm_api", "Local API", BASE_URL))
    store = Store(State(Conversation("talk", 0.0), api), lambda run: run())
    made = Shelves(store, tab.database, FakeTabs(tab.browser.channel), tab.tasks, tab.browser.new_id)
    keep(made)
    return made


async def export_of(tab: Tab) -> str:
    sink = Sink()
    await exchange(tab).export_all(sink)
    return sink.text


async def talks(tab: Tab, count: int) -> None:
    for number in range(count):
        await tab.talk(f"Question {number}", f"Answer {number}")


@in_virtual_time
async def test_everything_moves_to_another_browser() -> None:
    here, there = Browser().tab(), Browser().tab()
    await talks(here, BATCH + 3)
    file = await export_of(here)
    assert await exchange(there).import_file(File(file)) == Imported(BATCH + 3, 0, 0)
    assert json.loads(await export_of(there))["conversations"] == json.loads(file)["conversations"]
    there.search.start('"answer 7"')
    await there.clock.sleep(1)
    assert there.listing.found is not None
    assert [hit.heading.title for hit in there.listing.found.hits] == ["Question 7"]


@in_virtual_time
async def test_importing_again_doubles_nothing() -> None:
    tab = Browser().tab()
    await talks(tab, 3)
    assert await exchange(tab).import_file(File(await export_of(tab))) == Imported(0, 3, 0)
    assert len(tab.titles) == 3


@in_virtual_time
async def test_what_was_changed_since_is_imported_beside_it() -> None:
    tab = Browser().tab()
    talk = await tab.talk("Hello", "Hi")
    file = await export_of(tab)
    await tab.talk("More", "Yes", talk)
    assert await exchange(tab).import_file(File(file)) == Imported(1, 0, 0)
    await tab.library.more()
    found = [await tab.library.open(heading.id) for heading in tab.listing.headings]
    assert sorted(len(one.branch) for one in found) == [2, 4]
    assert len({key for one in found for key in one.messages}) == 6


@in_virtual_time
async def test_a_file_that_is_bad_at_its_end_changes_nothing() -> None:
    tab = Browser().tab()
    file = exported(*(tree((f"q{number}", None)) for number in range(3)))
    with pytest.raises(InvalidFile):
        await exchange(tab).import_file(File(file[:-10]))
    with pytest.raises(InvalidFile):
        await exchange(tab).import_file(File(file.replace("text of q2", "text of qX")))
    assert tab.database.commits == []


@in_virtual_time
async def test_a_full_disk_is_reported_and_the_next_attempt_takes_the_rest() -> None:
    here, there = Browser().tab(), Browser().tab()
    await talks(here, 2 * BATCH)
    file = await export_of(here)
    commits: list[int] = []

    def fill() -> None:
        commits.append(1)
        there.database.is_full = len(commits) == 2

    there.database.before_commit = fill
    with pytest.raises(StorageError):
        await exchange(there).import_file(File(file))
    assert await exchange(there).import_file(File(file)) == Imported(BATCH, BATCH, 0)


@in_virtual_time
async def test_progress_goes_from_nothing_to_all() -> None:
    tab = Browser().tab()
    await talks(tab, 5)
    seen: list[float] = []
    await exchange(tab).import_file(File(await export_of(tab)), seen.append)
    assert seen == sorted(seen)
    assert 0 < seen[0] < 0.5
    assert seen[-1] == 1.0
    written: list[float] = []
    await exchange(tab).export_all(Sink(), written.append)
    assert written[-1] == 1.0


@in_virtual_time
async def test_records_that_were_put_aside_are_in_the_export() -> None:
    tab = Browser().tab()
    talk = await tab.talk("Hello", "Hi")
    await tab.database.put("messages", "broken", {"conversation": talk.id, "text": 7})
    await tab.library.open(talk.id)
    file = json.loads(await export_of(tab))
    assert file["unreadable"][0]["record"]["text"] == 7


def test_the_result_in_words() -> None:
    assert str(Imported(2, 1, 0)) == "2 conversations imported. 1 was here already."
    assert str(Imported(1, 0, 3)) == "1 conversation imported. 3 could not be read and were left out."


@in_virtual_time
async def test_prompts_and_presets_move_as_well_and_importing_again_doubles_none() -> None:
    here, there = Browser().tab(), Browser().tab()
    mine, theirs = shelves(here), shelves(there)
    await mine.prompts.save(Prompt("", "translate", "Into {{language}}: “…”"))
    await mine.presets.save(Preset("", "Concise", "Be brief.", {"temperature": "0.2"}))
    sink = Sink()
    await Exchange(here.archive, mine, here.database, here.clock, here.browser.new_id).export_all(sink)
    importing = Exchange(there.archive, theirs, there.database, there.clock, there.browser.new_id)
    assert await importing.import_file(File(sink.text)) == Imported(0, 0, 0, prompts=1, presets=1)
    assert await importing.import_file(File(sink.text)) == Imported(0, 0, 0)
    assert [(one.name, one.text) for one in theirs.prompts.shelf.items] == [
        ("translate", "Into {{language}}: “…”")
    ]
    assert [(one.name, one.typed) for one in theirs.presets.shelf.items] == [
        ("Concise", {"temperature": "0.2"})
    ]


@in_virtual_time
async def test_a_changed_prompt_does_not_fit_the_checksum() -> None:
    here = Browser().tab()
    mine = shelves(here)
    await mine.prompts.save(Prompt("", "terse", "Answer in one sentence."))
    sink = Sink()
    await Exchange(here.archive, mine, here.database, here.clock, here.browser.new_id).export_all(sink)
    with pytest.raises(InvalidFile, match="damaged"):
        await exchange(Browser().tab()).import_file(File(sink.text.replace("one", "two")))


@in_virtual_time
async def test_sealed_connections_are_handed_on_as_they_stand_in_the_file() -> None:
    sink, sealed = Sink(), {"version": 1, "salt": "…"}
    await exchange(Browser().tab()).export_all(sink, connections=sealed)
    imported = await exchange(Browser().tab()).import_file(File(sink.text))
    assert imported.sealed == sealed
