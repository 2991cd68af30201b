"""The chat: prompts become messages at once, answers arrive in them, and nothing that was typed gets lost."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from app.core.connections import LOCAL_API_ID, ModelRef
from app.core.conversations import Message, Status
from app.core.messages import Role
from tests.services.fakes import ANSWER, HANGS, Fails, Raises, Slow, page, reply
from tests.services.virtual_time import in_virtual_time, settled
from tests.services.world import World

QUESTION = "What is the capital of France?"
REF = ModelRef(LOCAL_API_ID, "a.gguf")


def answer_of(world: World) -> Message:
    answer = world.messages[-1]
    assert answer.role is Role.ASSISTANT
    return answer


def sent(world: World) -> dict[str, Any]:
    """The body of the last question."""
    body = world.http.requests[-1].body
    assert body is not None
    value: dict[str, Any] = json.loads(body)
    return value


@in_virtual_time
async def test_the_prompt_is_a_message_before_anything_else_happens() -> None:
    world = World()
    world.ask(QUESTION)
    question, answer = world.messages
    assert (question.role, question.text, question.status) == (Role.USER, QUESTION, Status.DONE)
    assert (answer.model, answer.text, answer.status) == (REF, "", Status.STREAMING)
    assert world.http.requests == []


@in_virtual_time
async def test_the_answer_arrives_with_its_figures() -> None:
    world = World()
    world.http.script("POST /generate", Slow(3.0, world.api.answer))
    world.ask()
    await asyncio.sleep(4)
    answer = answer_of(world)
    assert (answer.text, answer.status, answer.finish) == (ANSWER, Status.DONE, "stop")
    assert answer.usage is not None
    assert answer.usage.tokens_per_second == 4.0
    assert answer.seconds == pytest.approx(3.0)
    assert world.ends == [True]


@in_virtual_time
async def test_a_question_goes_out_with_its_model_and_parameters() -> None:
    world = World()
    world.chat.send(QUESTION, REF, {"temperature": 0.5})
    await settled()
    assert sent(world) == {"question": QUESTION, "model_name": "a.gguf", "temperature": 0.5}


@in_virtual_time
async def test_an_answer_that_takes_ten_minutes_is_waited_for() -> None:
    world = World()
    world.http.script("POST /generate", Slow(600.0, world.api.answer))
    world.ask()
    await asyncio.sleep(601)
    assert answer_of(world).status is Status.DONE


@in_virtual_time
async def test_an_answer_of_unknown_form_is_shown_as_it_is() -> None:
    world = World()
    world.http.script("POST /generate", reply({"value": 42}))
    world.ask()
    await settled()
    answer = answer_of(world)
    assert answer.status is Status.DONE
    assert '"value": 42' in answer.raw


@in_virtual_time
async def test_an_error_of_the_api_keeps_the_prompt_and_says_what_is_wrong() -> None:
    world = World()
    world.http.script("POST /generate", reply({"error": "Model not found"}, 404))
    world.ask(QUESTION)
    await settled()
    assert world.messages[0].text == QUESTION
    answer = answer_of(world)
    assert answer.status is Status.FAILED
    assert answer.problem is not None
    assert "does not find the model" in answer.problem.what
    assert world.ends == [False]
    assert world.reported == []


@in_virtual_time
async def test_a_server_that_is_down_keeps_the_prompt_and_says_so() -> None:
    world = World()
    world.http.go_down()
    world.ask(QUESTION)
    await settled()
    assert world.messages[0].text == QUESTION
    problem = answer_of(world).problem
    assert problem is not None
    assert "not reachable" in problem.what


@in_virtual_time
async def test_an_error_that_the_page_may_not_read_is_explained() -> None:
    world = World()
    world.http.script("POST /generate", Fails("rejected"))
    world.ask()
    await settled()
    problem = answer_of(world).problem
    assert problem is not None
    assert "is up" in problem.what
    assert problem.snippet


@in_virtual_time
async def test_an_answer_that_broke_off_is_explained() -> None:
    world = World()
    world.http.script("POST /generate", Fails("cut"))
    world.ask()
    await settled()
    problem = answer_of(world).problem
    assert problem is not None
    assert "broke off" in problem.what


@in_virtual_time
async def test_a_deleted_connection_is_explained() -> None:
    world = World()
    world.chat.send(QUESTION, ModelRef("gone", "gpt"), {})
    await settled()
    problem = answer_of(world).problem
    assert problem is not None
    assert "gpt cannot be asked" in problem.what


@in_virtual_time
async def test_a_failed_answer_is_no_part_of_the_next_prompt() -> None:
    world = World()
    world.http.script("POST /generate", page(500), world.api.answer)
    world.ask("One?")
    await settled()
    failed = answer_of(world)
    world.ask("Two?")
    await settled()
    prompt = world.store.state.conversation.prompt(world.messages[-2].id)
    assert [message.text for message in prompt] == ["One?", "Two?"]
    assert failed in world.messages


@in_virtual_time
async def test_stop_ends_the_request_and_keeps_the_prompt() -> None:
    world = World()
    world.http.script("POST /generate", HANGS)
    world.ask(QUESTION)
    await asyncio.sleep(5)
    world.chat.stop()
    await settled()
    assert len(world.http.cancelled) == 1
    answer = answer_of(world)
    assert answer.status is Status.STOPPED
    assert answer.seconds == pytest.approx(5.0)
    assert world.messages[0].text == QUESTION
    assert not world.store.state.conversation.is_answering


@in_virtual_time
async def test_stop_right_after_send_ends_the_answer() -> None:
    world = World()
    world.ask()
    world.chat.stop()
    await settled()
    assert answer_of(world).status is Status.STOPPED
    assert world.http.requests == []
    assert world.ends == [False]


@in_virtual_time
async def test_stop_twice_is_fine() -> None:
    world = World()
    world.http.script("POST /generate", HANGS)
    world.ask()
    await settled()
    world.chat.stop()
    world.chat.stop()
    await settled()
    assert answer_of(world).status is Status.STOPPED
    assert world.ends == [False]


@in_virtual_time
async def test_stop_when_nothing_is_coming_changes_nothing() -> None:
    world = World()
    world.chat.stop()
    world.ask()
    await settled()
    world.chat.stop()
    await settled()
    assert answer_of(world).status is Status.DONE


@in_virtual_time
async def test_retry_makes_an_alternative_to_the_answer() -> None:
    world = World()
    world.http.script("POST /generate", reply({"error": "Model not found"}, 404), world.api.answer)
    world.ask(QUESTION)
    await settled()
    failed = answer_of(world)
    world.chat.retry(failed.id, REF, {})
    await settled()
    question, answer = world.messages
    assert answer.text == ANSWER
    assert answer.parent == failed.parent == question.id
    assert world.store.state.conversation.messages[failed.id] == failed


@in_virtual_time
async def test_retry_asks_the_same_question() -> None:
    world = World()
    world.ask("One?")
    await settled()
    first = answer_of(world)
    world.ask("Two?")
    await settled()
    world.chat.retry(first.id, REF, {})
    await settled()
    assert sent(world)["question"] == "One?"


@in_virtual_time
async def test_a_defect_becomes_a_failed_answer_and_is_reported() -> None:
    world = World()
    world.expects_defects = True
    world.http.script("POST /generate", Raises(ZeroDivisionError("oops")))
    world.ask(QUESTION)
    await settled()
    answer = answer_of(world)
    assert answer.status is Status.FAILED
    assert answer.problem is not None
    assert "ZeroDivisionError: oops" in world.reported[0].details
    assert world.messages[0].text == QUESTION
    assert world.ends == [False]


@in_virtual_time
async def test_a_new_conversation_is_empty_and_ends_the_answer_of_the_old_one() -> None:
    world = World()
    world.http.script("POST /generate", HANGS)
    world.ask()
    await settled()
    world.chat.new_conversation()
    await settled()
    assert world.messages == ()
    assert dict(world.store.state.conversation.messages) == {}
    assert len(world.http.cancelled) == 1


@in_virtual_time
async def test_an_answer_to_an_old_conversation_stays_out_of_the_new_one() -> None:
    world = World()
    world.ask()
    world.chat.new_conversation()
    world.ask("Two?")
    await settled()
    assert [message.text for message in world.messages] == ["Two?", ANSWER]
