"""The library and its search: the list, what can be done with a conversation, and two tabs that do it at once."""

from __future__ import annotations

import asyncio

import pytest

from app.core.conversations import Conversation, Status
from app.core.problems import InvalidInput, StorageError
from app.services.library import PAGE
from app.services.search import ENOUGH
from app.services.stored_conversations import CONVERSATIONS, MESSAGES, QUARANTINE, SEARCH
from tests.services.kept import Browser, Tab
from tests.services.virtual_time import in_virtual_time


async def shelf(tab: Tab, count: int) -> None:
    """So many conversations; the last is the newest."""
    for number in range(count):
        conversation = Conversation(tab.browser.new_id(), float(number)).renamed(f"Talk {number}")
        turn = tab.turn(f"Question {number}", conversation)
        messages = {key: one for key, one in turn.conversation.messages.items() if key != turn.answer.id}
        stored = Conversation(conversation.id, float(number), title=conversation.title, messages=messages)
        await tab.archive.add([stored])


def hits(tab: Tab) -> list[str]:
    """The titles that the search shows."""
    found = tab.listing.found
    return [] if found is None else [hit.heading.title for hit in found.hits]


@in_virtual_time
async def test_the_list_comes_in_pages_newest_first() -> None:
    browser = Browser()
    await shelf(browser.tab(), PAGE + 20)
    tab = browser.tab()
    await tab.library.more()
    assert tab.titles == [f"Talk {number}" for number in range(PAGE + 19, 19, -1)]
    assert tab.listing.has_more
    await tab.library.more()
    await tab.library.more()
    assert len(tab.titles) == PAGE + 20
    assert not tab.listing.has_more


@in_virtual_time
async def test_a_new_conversation_is_on_top_and_pins_are_above_it() -> None:
    tab = Browser().tab()
    await tab.talk("First", "a")
    second = await tab.talk("Second", "b")
    assert tab.titles == ["Second", "First"]
    await tab.library.change(tab.listing.headings[1].id, lambda heading: heading.with_pin(pinned=True))
    await tab.talk("Third", "c")
    assert tab.titles == ["First", "Third", "Second"]
    await tab.library.change(second.id, lambda heading: heading.renamed(" Renamed\n"))
    assert tab.titles == ["First", "Third", "Renamed"]


@in_virtual_time
async def test_a_change_in_one_tab_shows_in_the_other() -> None:
    browser = Browser()
    here, there = browser.tab(), browser.tab()
    await there.library.more()
    talk = await here.talk("Hello", "Hi")
    assert there.titles == ["Hello"]
    await here.library.change(talk.id, lambda heading: heading.renamed("Greeting"))
    await asyncio.sleep(0.01)
    assert there.titles == ["Greeting"]
    await here.library.delete(talk.id)
    await asyncio.sleep(0.01)
    assert there.titles == []


@in_virtual_time
async def test_two_tabs_change_one_conversation_at_once_and_both_count() -> None:
    browser = Browser()
    here, there = browser.tab(), browser.tab()
    talk = await here.talk("Hello", "Hi")
    await asyncio.gather(
        here.library.change(talk.id, lambda heading: heading.renamed("Here")),
        there.library.change(talk.id, lambda heading: heading.with_pin(pinned=True)),
        there.library.change(talk.id, lambda heading: heading.with_system("Be brief.")),
    )
    found = await here.library.open(talk.id)
    assert (found.title, found.pinned, found.system) == ("Here", True, "Be brief.")


@in_virtual_time
async def test_changing_what_is_gone_says_so() -> None:
    browser = Browser()
    here, there = browser.tab(), browser.tab()
    talk = await here.talk("Hello", "Hi")
    await there.library.delete(talk.id)
    with pytest.raises(InvalidInput, match="not there any more"):
        await here.library.change(talk.id, lambda heading: heading.renamed("x"))
    with pytest.raises(InvalidInput, match="not there any more"):
        await here.library.open(talk.id)


@in_virtual_time
async def test_deleting_removes_every_record_and_undo_brings_them_back() -> None:
    tab = Browser().tab()
    talk = await tab.talk("Hello", "Hi")
    deleted = await tab.library.delete(talk.id)
    assert deleted is not None
    assert [await tab.database.count(store) for store in (CONVERSATIONS, MESSAGES, SEARCH)] == [0, 0, 0]
    await tab.library.undo(deleted)
    assert tab.titles == ["Hello"]
    assert await tab.library.open(talk.id) == talk
    await tab.library.undo(deleted)
    assert await tab.library.open(talk.id) == talk


@in_virtual_time
async def test_deleting_stops_the_answer_and_undo_has_what_came() -> None:
    tab = Browser().tab()
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
    tab.model.says("one ")
    await asyncio.sleep(0.01)
    deleted = await tab.library.delete(turn.conversation.id)
    assert deleted is not None
    await tab.library.undo(deleted)
    last = (await tab.library.open(turn.conversation.id)).branch[-1]
    assert (last.text, last.status) == ("one ", Status.STOPPED)


@in_virtual_time
async def test_a_deletion_that_cannot_be_written_deletes_nothing() -> None:
    tab = Browser().tab()
    talk = await tab.talk("Hello", "Hi")
    tab.database.is_full = True
    with pytest.raises(StorageError):
        await tab.library.delete(talk.id)
    assert tab.titles == ["Hello"]


@in_virtual_time
async def test_a_duplicate_stands_on_its_own() -> None:
    tab = Browser().tab()
    talk = await tab.talk("Hello", "Hi")
    copy = await tab.library.duplicate(talk.id)
    await tab.library.delete(talk.id)
    found = await tab.library.open(copy.id)
    assert [one.text for one in found.branch] == ["Hello", "Hi"]
    assert tab.titles == ["Hello (copy)"]


@in_virtual_time
async def test_deleting_a_branch_leaves_the_other() -> None:
    tab = Browser().tab()
    talk = await tab.talk("Hello", "Hi")
    longer = await tab.talk("More", "Yes", talk)
    question = longer.branch[2]
    smaller = await tab.library.delete_branch(longer, question.id)
    assert await tab.library.open(talk.id) == smaller.with_heading((await tab.library.open(talk.id)).heading)
    assert [one.text for one in smaller.branch] == ["Hello", "Hi"]


@in_virtual_time
async def test_a_conversation_deleted_elsewhere_comes_back_whole_when_one_goes_on_with_it() -> None:
    browser = Browser()
    here, there = browser.tab(), browser.tab()
    talk = await here.talk("Hello", "Hi")
    await there.library.delete(talk.id)
    longer = await here.talk("More", "Yes", talk)
    assert [one.text for one in longer.branch] == ["Hello", "Hi", "More", "Yes"]


@in_virtual_time
async def test_records_that_cannot_be_read_are_put_aside_and_the_rest_is_shown() -> None:
    tab = Browser().tab()
    talk = await tab.talk("Hello", "Hi")
    broken = {"conversation": talk.id, "role": "nobody", "text": 7}
    await tab.database.put(MESSAGES, "broken", broken)
    found = await tab.library.open(talk.id)
    assert [one.text for one in found.branch] == ["Hello", "Hi"]
    assert "put aside" in tab.warned[0].what
    kept = await tab.database.get(QUARANTINE, f"{MESSAGES}/broken")
    assert kept["record"] == {**broken, "id": "broken"}
    await tab.library.open(talk.id)
    assert len(tab.warned) == 1, "it is told once"


@in_virtual_time
async def test_the_search_finds_titles_and_texts() -> None:
    browser = Browser()
    tab = browser.tab()
    await tab.talk("How do lighthouses work?", "With a Fresnel lens.")
    await tab.talk("A cake recipe", "Butter and sugar.")
    other = browser.tab()
    for typed in ("lighthouse", "FRESNEL", "resne", "lens lighthouses", '"fresnel lens"'):
        other.search.start(typed)
        await asyncio.sleep(0.1)
        assert hits(other) == ["How do lighthouses work?"], typed
    other.search.start('"lens fresnel"')
    await asyncio.sleep(0.1)
    assert hits(other) == []
    assert other.listing.found is not None
    assert other.listing.found.is_over


@in_virtual_time
async def test_a_hit_shows_where() -> None:
    tab = Browser().tab()
    await tab.talk("How do lighthouses work?", "With a Fresnel lens.")
    tab.search.start("fresnel")
    await asyncio.sleep(0.1)
    assert tab.listing.found is not None
    snippet = tab.listing.found.hits[0].snippet
    assert snippet is not None
    assert (snippet.before, snippet.found, snippet.after) == ("With a ", "Fresnel", " lens.")


@in_virtual_time
async def test_two_letters_find_titles() -> None:
    tab = Browser().tab()
    await tab.talk("Go", "A game, and a language.")
    await tab.talk("Chess", "Another good game.")
    tab.search.start("go")
    await asyncio.sleep(0.1)
    assert hits(tab) == ["Go"]


@in_virtual_time
async def test_the_search_waits_when_it_has_found_enough() -> None:
    browser = Browser()
    await shelf(browser.tab(), 4 * ENOUGH + 5)
    tab = browser.tab()
    tab.search.start("question")
    await asyncio.sleep(1)
    assert tab.listing.found is not None
    assert ENOUGH <= len(hits(tab)) < 3 * ENOUGH
    assert tab.listing.found.has_more
    tab.search.more()
    await asyncio.sleep(1)
    tab.search.more()
    await asyncio.sleep(1)
    assert hits(tab) == [f"Talk {number}" for number in range(4 * ENOUGH + 4, -1, -1)]
    assert not tab.listing.found.has_more


@in_virtual_time
async def test_what_is_said_now_is_found_now_in_every_tab() -> None:
    browser = Browser()
    here, there = browser.tab(), browser.tab()
    await there.search.load()
    await here.talk("Hello", "Ornithology is about birds.")
    await asyncio.sleep(0.1)
    there.search.start("ornithology")
    await asyncio.sleep(0.1)
    assert hits(there) == ["Hello"]


@in_virtual_time
async def test_a_deleted_conversation_is_not_found() -> None:
    tab = Browser().tab()
    talk = await tab.talk("Hello", "Ornithology")
    await tab.search.load()
    await tab.library.delete(talk.id)
    tab.search.start("ornithology")
    await asyncio.sleep(0.1)
    assert hits(tab) == []


@in_virtual_time
async def test_a_long_conversation_stays_findable_when_its_signature_is_made_anew() -> None:
    tab = Browser().tab()
    talk = await tab.talk("Start", "alpha")
    sizes = []
    for number in range(12):
        text = " ".join(f"w{number}x{other}y{number * other}" for other in range(60))
        talk = await tab.talk(f"and {number}", text, talk)
        sizes.append(len((await tab.database.get(SEARCH, talk.id))["bits"]))
    assert sizes[-1] > sizes[0]
    for typed in ("alpha", "w3x59y177", "w11x59y649"):
        tab.search.start(typed)
        await asyncio.sleep(0.1)
        assert hits(tab) == ["Start"], typed


@in_virtual_time
async def test_typing_on_replaces_the_search_and_nothing_typed_ends_it() -> None:
    tab = Browser().tab()
    await tab.talk("Apples", "a")
    await tab.talk("Pears", "b")
    tab.search.start("apples")
    tab.search.start("pears")
    await asyncio.sleep(0.1)
    assert hits(tab) == ["Pears"]
    tab.search.start("  ")
    assert tab.listing.found is None
