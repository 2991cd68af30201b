"""What is stored of an answer while it comes: nothing is lost when the tab is killed or the disk is full."""

from __future__ import annotations

import asyncio

from app.core.conversations import Status
from app.core.stream_log import prefix
from app.services.log_writer import INTERVAL, STREAM_LOG
from tests.services.kept import Browser, logged, stored
from tests.services.virtual_time import in_virtual_time


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
async def test_the_log_is_written_once_an_interval_and_not_for_each_piece() -> None:
    tab = Browser().tab()
    tab.answers.start(tab.turn("Count"), {})
    await asyncio.sleep(0.5)
    before = len(tab.database.commits)
    for _ in range(1000):
        tab.model.says("x")
        await asyncio.sleep(0.002)
    assert 15 <= len(tab.database.commits) - before <= 2 / INTERVAL + 1


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
    turn = await tab.asked("Count")
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
    turn = await tab.asked("Count")
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
async def test_a_full_disk_stops_no_answer_and_is_told_once() -> None:
    tab = Browser().tab()
    turn = await tab.asked("Count")
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
    turn = await tab.asked("Count")
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
    turn = await tab.asked("Why?")
    tab.model.finishes("Because.")
    await asyncio.sleep(1)
    tab.database.is_full = False
    await asyncio.sleep(5)
    found = await tab.library.open(turn.conversation.id)
    assert [message.text for message in found.branch] == ["Why?", "Because."]
