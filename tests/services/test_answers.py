"""Answers: nothing that came is lost, whatever happens to the tab, the connection, the disk or the other tabs."""

from __future__ import annotations

import asyncio

from app.core import branches
from app.core.conversations import Status
from app.core.deltas import FinishDelta, ModelDelta, RawDelta, ReasoningDelta, TextDelta, Usage, UsageDelta
from app.core.messages import PromptMessage, Role
from app.core.problems import NetworkError, Problem
from app.services.log_writer import STREAM_LOG
from tests.services.kept import MODEL, Browser, stored
from tests.services.virtual_time import in_virtual_time


@in_virtual_time
async def test_nothing_is_asked_before_it_is_stored() -> None:
    tab = Browser().tab()
    turn = tab.turn("Why?")
    tab.answers.start(turn, {})
    while not tab.model.prompts:
        assert not tab.database.commits
        await asyncio.sleep(0.0001)
        if tab.database.commits:
            break
    found = await tab.library.open(turn.conversation.id)
    assert [(one.role, one.text, one.status) for one in found.branch] == [
        (Role.USER, "Why?", Status.DONE),
        (Role.ASSISTANT, "", Status.STREAMING),
    ]
    assert found.title == "Why?"


@in_virtual_time
async def test_a_finished_answer_is_stored_whole_and_its_log_is_gone() -> None:
    tab = Browser().tab()
    turn = tab.turn("Why?")
    tab.answers.start(turn, {})
    await asyncio.sleep(1)
    tab.model.sends(ReasoningDelta("Hm."), TextDelta("Be"))
    await asyncio.sleep(0.5)
    tab.model.sends(TextDelta("cause."), UsageDelta(Usage(3, 4)), FinishDelta("stop"))
    tab.model.breaks_off()
    await asyncio.sleep(1)
    answer = await stored(tab, turn.answer)
    assert answer is not None
    assert (answer.text, answer.reasoning, answer.status) == ("Because.", "Hm.", Status.DONE)
    assert (answer.usage, answer.finish) == (Usage(3, 4), "stop")
    assert answer.first_delta is not None
    assert 1 <= answer.first_delta < 1.1
    assert await tab.database.count(STREAM_LOG) == 0
    assert tab.shown[answer.id] == answer
    assert tab.answers.live(answer.id) is None


@in_virtual_time
async def test_stop_keeps_what_came() -> None:
    tab = Browser().tab()
    turn = await tab.asked("Count")
    tab.model.says("one ")
    await asyncio.sleep(0.01)
    tab.answers.stop(turn.answer.id)
    await asyncio.sleep(0.1)
    answer = await stored(tab, turn.answer)
    assert answer is not None
    assert (answer.text, answer.status) == ("one ", Status.STOPPED)


@in_virtual_time
async def test_an_answer_stopped_at_once_is_never_asked_for() -> None:
    tab = Browser().tab()
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    tab.answers.stop(turn.answer.id)
    await asyncio.sleep(0.1)
    assert tab.model.prompts == []
    answer = await stored(tab, turn.answer)
    assert answer is not None
    assert answer.status is Status.STOPPED


@in_virtual_time
async def test_a_connection_that_breaks_keeps_what_came_and_says_why() -> None:
    tab = Browser().tab()
    turn = await tab.asked("Count")
    tab.model.says("one ")
    tab.model.breaks_off(NetworkError(Problem("The connection broke.")))
    await asyncio.sleep(0.1)
    answer = await stored(tab, turn.answer)
    assert answer is not None
    assert (answer.text, answer.status, answer.problem) == (
        "one ",
        Status.INTERRUPTED,
        Problem("The connection broke."),
    )


@in_virtual_time
async def test_an_error_before_any_text_is_a_failure() -> None:
    tab = Browser().tab()
    turn = await tab.asked("Count")
    tab.model.breaks_off(NetworkError(Problem("Nobody there.")))
    await asyncio.sleep(0.1)
    assert tab.shown[turn.answer.id].status is Status.FAILED


@in_virtual_time
async def test_a_stream_that_only_ends_is_no_success() -> None:
    tab = Browser().tab()
    turn = await tab.asked("Count")
    tab.model.says("one ")
    tab.model.breaks_off()
    await asyncio.sleep(0.1)
    answer = tab.shown[turn.answer.id]
    assert answer.status is Status.INTERRUPTED
    assert answer.problem is not None
    assert "without a sign of being complete" in answer.problem.what


@in_virtual_time
async def test_a_reply_of_unknown_form_counts_as_complete() -> None:
    tab = Browser().tab()
    turn = await tab.asked("Count")
    tab.model.sends(RawDelta('{"what": 1}'))
    tab.model.breaks_off()
    await asyncio.sleep(0.1)
    assert (tab.shown[turn.answer.id].raw, tab.shown[turn.answer.id].status) == ('{"what": 1}', Status.DONE)


@in_virtual_time
async def test_several_answers_come_at_once() -> None:
    tab = Browser().tab()
    first, second = tab.turn("One?"), tab.turn("Two?")
    tab.answers.start(first, {})
    await asyncio.sleep(0.05)
    tab.answers.start(second, {})
    await asyncio.sleep(0.05)
    for _ in range(5):
        tab.model.says("1", answer=0)
        tab.model.says("2", answer=1)
        await asyncio.sleep(0.03)
    tab.model.finishes(answer=1)
    tab.model.finishes(answer=0)
    await asyncio.sleep(0.2)
    assert tab.shown[first.answer.id].text == "11111"
    assert tab.shown[second.answer.id].text == "22222"


@in_virtual_time
async def test_two_tabs_answer_in_one_conversation() -> None:
    browser = Browser()
    here, there = browser.tab(), browser.tab()
    talk = await here.talk("Hello", "Hi")
    here_turn, there_turn = here.turn("Here?", talk), there.turn("There?", talk)
    here.answers.start(here_turn, {})
    there.answers.start(there_turn, {})
    await asyncio.sleep(0.1)
    here.model.finishes("here")
    there.model.finishes("there")
    await asyncio.sleep(0.2)
    found = await here.library.open(talk.id)
    assert len(found.messages) == 6
    assert found.messages[here_turn.answer.id].text == "here"
    assert found.messages[there_turn.answer.id].text == "there"
    assert len(branches.children(found)[talk.head]) == 2


@in_virtual_time
async def test_an_answer_whose_conversation_another_tab_deleted_stays_deleted() -> None:
    browser = Browser()
    here, there = browser.tab(), browser.tab()
    turn = here.turn("Why?")
    here.answers.start(turn, {})
    await asyncio.sleep(0.1)
    await there.library.delete(turn.conversation.id)
    here.model.finishes("Because.")
    await asyncio.sleep(0.2)
    assert await here.archive.read(turn.conversation.id) is None
    assert await here.database.count(STREAM_LOG) == 0
    assert await here.database.count("messages") == 0


@in_virtual_time
async def test_a_subscriber_gets_all_that_came_and_then_each_piece() -> None:
    tab = Browser().tab()
    live = tab.answers.start(tab.turn("Count"), {})
    await asyncio.sleep(0.05)
    tab.model.says("one ", "two ")
    await asyncio.sleep(0.01)
    pieces: list[tuple[str, str]] = []
    stop = live.subscribe(lambda text, reasoning: pieces.append((text, reasoning)))
    tab.model.sends(ReasoningDelta("hm"), TextDelta("three "))
    await asyncio.sleep(0.01)
    stop()
    tab.model.says("four")
    await asyncio.sleep(0.01)
    assert pieces == [("one two ", ""), ("three ", "hm")]
    assert (live.text, live.reasoning) == ("one two three four", "hm")


@in_virtual_time
async def test_continue_begins_with_what_there_was_and_leaves_it_alone() -> None:
    browser = Browser()
    tab = browser.tab()
    turn = await tab.asked("Count")
    tab.model.says("one ")
    await asyncio.sleep(0.05)
    tab.answers.stop(turn.answer.id)
    await asyncio.sleep(0.1)
    cut = await tab.library.open(turn.conversation.id)
    resumed = branches.resume(cut, turn.answer.id, MODEL, tab.clock.now(), browser.new_id)
    tab.answers.start(resumed, {})
    await asyncio.sleep(0.05)
    assert tab.model.prompts[-1] == (
        PromptMessage(Role.USER, "Count"),
        PromptMessage(Role.ASSISTANT, "one "),
    )
    tab.model.says("two ")
    await asyncio.sleep(0.2)
    tab.die()
    await asyncio.sleep(0.1)
    again = browser.tab()
    await again.answers.recover()
    found = await again.library.open(turn.conversation.id)
    assert [found.messages[key].text for key in branches.children(found)[turn.answer.parent]] == [
        "one ",
        "one two ",
    ]


@in_virtual_time
async def test_the_model_that_really_answered_is_told_when_it_is_another_one() -> None:
    for told, kept in (("tiny.gguf", ""), ("/models/Tiny.gguf", ""), ("claude-sonnet-4", "claude-sonnet-4")):
        tab = Browser().tab()
        turn = tab.turn("Why?")
        tab.answers.start(turn, {})
        await asyncio.sleep(1)
        tab.model.sends(ModelDelta(told), TextDelta("Because."), FinishDelta("stop"))
        tab.model.breaks_off()
        await asyncio.sleep(1)
        answer = await stored(tab, turn.answer)
        assert answer is not None
        assert answer.answered_by == kept
