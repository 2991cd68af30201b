"""Answers: nothing that came is lost, whatever happens to the tab, the connection, the disk or the other tabs."""

from __future__ import annotations

import asyncio

from app.core import branches
from app.core.conversations import Message, Status
from app.core.deltas import FinishDelta, ModelDelta, RawDelta, ReasoningDelta, TextDelta, Usage, UsageDelta
from app.core.messages import PromptMessage, Role
from app.core.problems import NetworkError, Problem
from app.core.stream_log import prefix
from app.services.log_writer import STREAM_LOG
from tests.services.kept import MODEL, Browser, Tab
from tests.services.virtual_time import in_virtual_time


async def stored(tab: Tab, message: Message) -> Message | None:
    """The message as the next start would find it."""
    for conversation in [await tab.archive.read(heading.id) for heading in await tab.archive.page(None, 99)]:
        if conversation is not None and message.id in conversation.messages:
            return conversation.messages[message.id]
    return None


async def logged(tab: Tab) -> str:
    """The text in all logs."""
    return "".join(row["text"] for row in await tab.database.with_prefix(STREAM_LOG, ""))


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
async def test_what_came_is_in_the_log_after_a_tenth_of_a_second() -> None:
    tab = Browser().tab()
    tab.answers.start(tab.turn("Count"), {})
    await asyncio.sleep(0.5)
    for number in range(300):
        tab.model.says(f"{number} ")
        await asyncio.sleep(0.01)
        if number > 20:
            said = sum(len(f"{one} ") for one in range(number + 1))
            behind = said - len(await logged(tab))
            assert behind <= len("999 ") * 11 + 4, (
                f"after {number} pieces {behind} letters are not in the log"
            )


@in_virtual_time
async def test_the_log_is_written_ten_times_a_second_and_not_for_each_piece() -> None:
    tab = Browser().tab()
    tab.answers.start(tab.turn("Count"), {})
    await asyncio.sleep(0.5)
    before = len(tab.database.commits)
    for _ in range(1000):
        tab.model.says("x")
        await asyncio.sleep(0.002)
    assert 15 <= len(tab.database.commits) - before <= 21


@in_virtual_time
async def test_a_slow_piece_is_logged_without_another_one() -> None:
    tab = Browser().tab()
    tab.answers.start(tab.turn("Count"), {})
    await asyncio.sleep(0.5)
    tab.model.says("a")
    await asyncio.sleep(0.01)
    tab.model.says("b")
    await asyncio.sleep(0.15)
    assert await logged(tab) == "ab"


@in_virtual_time
async def test_a_flush_writes_at_once() -> None:
    tab = Browser().tab()
    tab.answers.start(tab.turn("Count"), {})
    await asyncio.sleep(0.5)
    tab.model.says("a")
    await asyncio.sleep(0.01)
    tab.model.says("b")
    await asyncio.sleep(0.002)
    tab.answers.flush()
    await asyncio.sleep(0.005)
    assert await logged(tab) == "ab"


@in_virtual_time
async def test_a_killed_tab_leaves_an_interrupted_answer() -> None:
    browser = Browser()
    tab = browser.tab()
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.5)
    for number in range(50):
        tab.model.says(f"{number} ")
        await asyncio.sleep(0.02)
    tab.die()
    await asyncio.sleep(1)
    again = browser.tab()
    assert await again.answers.recover() == 1
    answer = await stored(again, turn.answer)
    assert answer is not None
    assert answer.status is Status.INTERRUPTED
    assert answer.text.startswith("0 1 2 3 4 ")
    assert int(answer.text.split()[-1]) >= 49 - 6
    assert await again.database.count(STREAM_LOG) == 0
    assert again.model.prompts == [], "nothing is sent again by itself"


@in_virtual_time
async def test_an_answer_killed_before_its_first_piece_is_interrupted_too() -> None:
    browser = Browser()
    tab = browser.tab()
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
    tab.die()
    await asyncio.sleep(0.1)
    assert await browser.tab().answers.recover() == 1
    answer = await stored(tab, turn.answer)
    assert answer is not None
    assert (answer.text, answer.status) == ("", Status.INTERRUPTED)


@in_virtual_time
async def test_the_answer_of_a_living_tab_is_left_alone() -> None:
    browser = Browser()
    tab = browser.tab()
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
    tab.model.says("one ")
    await asyncio.sleep(0.2)
    assert await browser.tab().answers.recover() == 0
    tab.model.finishes("two")
    await asyncio.sleep(0.2)
    answer = await stored(tab, turn.answer)
    assert answer is not None
    assert (answer.text, answer.status) == ("one two", Status.DONE)


@in_virtual_time
async def test_opening_a_conversation_mends_what_another_tab_left() -> None:
    browser = Browser()
    dying, other = browser.tab(), browser.tab()
    turn = dying.turn("Count")
    dying.answers.start(turn, {})
    await asyncio.sleep(0.05)
    dying.model.says("one ")
    await asyncio.sleep(0.2)
    dying.die()
    await asyncio.sleep(0.1)
    found = await other.library.open(turn.conversation.id)
    assert (found.branch[-1].text, found.branch[-1].status) == ("one ", Status.INTERRUPTED)


@in_virtual_time
async def test_opening_waits_for_a_recovery_that_is_under_way() -> None:
    browser = Browser()
    dying, other = browser.tab(), browser.tab()
    turn = dying.turn("Count")
    dying.answers.start(turn, {})
    await asyncio.sleep(0.2)
    dying.die()
    await asyncio.sleep(0.1)
    _, found = await asyncio.gather(other.answers.recover(), other.library.open(turn.conversation.id))
    assert found.branch[-1].status is Status.INTERRUPTED


@in_virtual_time
async def test_a_log_without_its_message_is_cleared() -> None:
    tab = Browser().tab()
    await tab.database.put(STREAM_LOG, f"{prefix('gone')}00000000", {"text": "x"})
    assert await tab.answers.recover() == 0
    assert await tab.database.count(STREAM_LOG) == 0


@in_virtual_time
async def test_stop_keeps_what_came() -> None:
    tab = Browser().tab()
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
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
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
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
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
    tab.model.breaks_off(NetworkError(Problem("Nobody there.")))
    await asyncio.sleep(0.1)
    assert tab.shown[turn.answer.id].status is Status.FAILED


@in_virtual_time
async def test_a_stream_that_only_ends_is_no_success() -> None:
    tab = Browser().tab()
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
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
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
    tab.model.sends(RawDelta('{"what": 1}'))
    tab.model.breaks_off()
    await asyncio.sleep(0.1)
    assert (tab.shown[turn.answer.id].raw, tab.shown[turn.answer.id].status) == ('{"what": 1}', Status.DONE)


@in_virtual_time
async def test_a_full_disk_stops_no_answer_and_is_told_once() -> None:
    tab = Browser().tab()
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
    tab.model.says("one ")
    await asyncio.sleep(0.2)
    tab.database.is_full = True
    for number in range(30):
        tab.model.says(f"{number} ")
        await asyncio.sleep(0.1)
    tab.model.finishes("end")
    await asyncio.sleep(20)
    assert tab.shown[turn.answer.id].text.endswith("29 end")
    assert [problem.what for problem in tab.warned] == ["This answer is on the page, but not stored yet."]
    reopened = await tab.library.open(turn.conversation.id)
    assert reopened.branch[-1].status is Status.DONE, "its end is known although it is not stored"
    assert await logged(tab) == "one ", "what was stored is still there"

    tab.database.is_full = False
    await asyncio.sleep(61)
    answer = await stored(tab, turn.answer)
    assert answer is not None
    assert answer.text.endswith("29 end")
    assert tab.told == ["The answer is stored now."]


@in_virtual_time
async def test_a_disk_full_from_the_start_is_caught_up_with() -> None:
    tab = Browser().tab()
    tab.database.is_full = True
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
    tab.model.says("one ")
    await asyncio.sleep(1)
    tab.database.is_full = False
    await asyncio.sleep(3)
    assert await logged(tab) == "one "
    tab.model.finishes("two")
    await asyncio.sleep(0.1)
    answer = await stored(tab, turn.answer)
    assert answer is not None
    assert answer.text == "one two"
    assert len(tab.warned) == 1


@in_virtual_time
async def test_a_disk_full_until_after_the_end_loses_neither_question_nor_answer() -> None:
    tab = Browser().tab()
    tab.database.is_full = True
    turn = tab.turn("Why?")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
    tab.model.finishes("Because.")
    await asyncio.sleep(1)
    tab.database.is_full = False
    await asyncio.sleep(5)
    found = await tab.library.open(turn.conversation.id)
    assert [message.text for message in found.branch] == ["Why?", "Because."]


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
    turn = tab.turn("Count")
    tab.answers.start(turn, {})
    await asyncio.sleep(0.05)
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
