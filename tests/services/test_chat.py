"""The chat: prompts become messages at once, answers arrive in them, and nothing that was typed gets lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from app.core.connections import LOCAL_API_ID, ModelRef
from app.core.conversations import Conversation, Message, Status
from app.core.listing import Listing
from app.core.messages import Role
from app.core.parameters import ParameterValue
from app.core.store import Store
from app.services.answers import AnswerHooks, Answers
from app.services.archive import Archive
from app.services.chat import Asked, Chat, new_id
from app.services.library import Library
from app.services.memory_database import MemoryDatabase
from tests.services.fakes import ANSWER, HANGS, Fails, Raises, Slow, page, reply
from tests.services.fakes_tabs import FakeLocks, FakeTabs
from tests.services.virtual_time import in_virtual_time, settled
from tests.services.world import World

QUESTION = "What is the capital of France?"
REF = ModelRef(LOCAL_API_ID, "a.gguf")


@dataclass(frozen=True)
class Shown:
    """What a page with a chat shows."""

    conversation: Conversation
    listing: Listing


class Talk(World):
    """A world in which there is a chat. Its database is in memory, and everything else of it is real."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = Store(Shown(Conversation("talk", 0.0), Listing()), lambda run: run())
        database, warn = MemoryDatabase(), self.notifier.warn
        self.archive = Archive(database, FakeTabs(), self.tasks, warn)
        hooks = AnswerHooks(self._show, self.notifier.tell, warn, lambda _: None)
        self.answers = Answers(
            self.archive, database, self.gateway.answer, FakeLocks(), self.clock, self.tasks, hooks
        )
        listing = self.shown.cell("listing", Listing)
        library = Library(listing, self.archive, self.answers, self.clock, new_id)
        conversation = self.shown.cell("conversation", Conversation)
        self.chat = Chat(conversation, library, self.archive, self.answers, self.clock, self.tasks.start)

    def _show(self, conversation_id: str, message: Message) -> None:
        self.chat.take(conversation_id, message)

    def ask(self, text: str = QUESTION, *refs: ModelRef, **parameters: ParameterValue) -> None:
        self.chat.ask(text, [Asked(ref, parameters) for ref in refs or (REF,)])

    @property
    def conversation(self) -> Conversation:
        return self.shown.state.conversation

    @property
    def messages(self) -> tuple[Message, ...]:
        """The branch that is shown."""
        return self.conversation.branch

    @property
    def answer(self) -> Message:
        """The last message, which is an answer."""
        answer = self.messages[-1]
        assert answer.role is Role.ASSISTANT
        return answer

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What the API was asked, question by question."""
        requests = [one for one in self.http.requests if one.path.endswith("/generate")]
        return [json.loads(one.body or b"") for one in requests]


def status(talk: Talk) -> Status:
    return talk.answer.status


def texts(messages: Sequence[Message]) -> list[str]:
    return [message.text for message in messages]


async def answered(*steps: Any) -> Talk:
    """A talk in which one question was asked, and these things happened."""
    talk = Talk()
    if steps:
        talk.http.script("POST /generate", *steps)
    talk.ask()
    await settled()
    return talk


@in_virtual_time
async def test_the_prompt_is_a_message_before_anything_else_happens() -> None:
    talk = Talk()
    talk.ask(QUESTION)
    question, answer = talk.messages
    assert (question.role, question.text, question.status) == (Role.USER, QUESTION, Status.DONE)
    assert (answer.model, answer.text, answer.status) == (REF, "", Status.STREAMING)
    assert talk.http.requests == []


@in_virtual_time
async def test_the_answer_arrives_with_its_figures() -> None:
    talk = Talk()
    talk.http.script("POST /generate", Slow(3.0, talk.api.answer))
    talk.ask()
    await asyncio.sleep(4)
    answer = talk.answer
    assert (answer.text, answer.status, answer.finish) == (ANSWER, Status.DONE, "stop")
    assert answer.usage is not None
    assert answer.usage.tokens_per_second == 4.0
    assert answer.seconds == pytest.approx(3.0)


@in_virtual_time
async def test_what_was_said_is_stored() -> None:
    talk = await answered()
    stored = await talk.archive.read(talk.conversation.id)
    assert stored is not None
    assert texts(stored.branch) == [QUESTION, ANSWER]


@in_virtual_time
async def test_a_question_goes_out_with_its_model_and_parameters() -> None:
    talk = Talk()
    talk.ask(QUESTION, temperature=0.5)
    await settled()
    assert talk.bodies == [{"question": QUESTION, "model_name": "a.gguf", "temperature": 0.5}]


@in_virtual_time
async def test_a_question_to_several_models_has_an_answer_of_each_and_shows_the_first() -> None:
    talk = Talk()
    talk.ask(QUESTION, REF, ModelRef(LOCAL_API_ID, "b.gguf"))
    await settled()
    assert [body["model_name"] for body in talk.bodies] == ["a.gguf", "b.gguf"]
    assert talk.answer.model == REF
    assert len(talk.conversation.messages) == 3


@in_virtual_time
async def test_an_answer_that_takes_ten_minutes_is_waited_for() -> None:
    talk = Talk()
    talk.http.script("POST /generate", Slow(600.0, talk.api.answer))
    talk.ask()
    await asyncio.sleep(601)
    assert status(talk) is Status.DONE


@in_virtual_time
async def test_an_answer_of_unknown_form_is_shown_as_it_is() -> None:
    talk = await answered(reply({"value": 42}))
    assert status(talk) is Status.DONE
    assert '"value": 42' in talk.answer.raw


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (reply({"error": "Model not found"}, 404), "does not find the model"),
        (page(500), "HTTP 500"),
        (Fails("rejected"), "is up"),
        (Fails("cut"), "broke off"),
        (Fails("timeout"), "in time"),
    ],
    ids=["an error", "a page", "rejected", "cut", "timeout"],
)
def test_a_failure_keeps_the_prompt_and_says_what_is_wrong(step: Any, what: str) -> None:
    @in_virtual_time
    async def check() -> None:
        talk = await answered(step)
        assert talk.messages[0].text == QUESTION
        assert status(talk) is Status.FAILED
        problem = talk.answer.problem
        assert problem is not None
        assert what in f"{problem} {problem.details}"
        assert problem.cause
        assert problem.fix
        assert talk.reported == []

    check()


@in_virtual_time
async def test_a_server_that_is_down_keeps_the_prompt_and_says_so() -> None:
    talk = Talk()
    talk.http.go_down()
    talk.ask(QUESTION)
    await settled()
    assert talk.messages[0].text == QUESTION
    assert "not reachable" in str(talk.answer.problem)


@in_virtual_time
async def test_a_deleted_connection_is_explained() -> None:
    talk = Talk()
    talk.ask(QUESTION, ModelRef("gone", "gpt"))
    await settled()
    assert "gpt cannot be asked" in str(talk.answer.problem)


@in_virtual_time
async def test_a_failed_answer_is_no_part_of_the_next_prompt() -> None:
    talk = Talk()
    talk.http.script("POST /generate", page(500), talk.api.answer)
    talk.ask("One?")
    await settled()
    talk.ask("Two?")
    await settled()
    prompt = talk.conversation.prompt(talk.messages[-2].id)
    assert [message.text for message in prompt] == ["One?", "Two?"]
    assert len(talk.messages) == 4


@in_virtual_time
async def test_stop_ends_the_request_and_keeps_the_prompt() -> None:
    talk = await answered(HANGS)
    await asyncio.sleep(5)
    talk.chat.stop()
    await settled()
    assert len(talk.http.cancelled) == 1
    assert status(talk) is Status.STOPPED
    assert talk.answer.seconds == pytest.approx(5.0, abs=0.01)
    assert talk.messages[0].text == QUESTION
    assert not talk.conversation.is_answering


@in_virtual_time
async def test_stop_right_after_asking_ends_the_answer() -> None:
    talk = Talk()
    talk.ask()
    talk.chat.stop()
    await settled()
    assert status(talk) is Status.STOPPED
    assert talk.http.requests == []


@in_virtual_time
async def test_stop_twice_is_fine() -> None:
    talk = await answered(HANGS)
    talk.chat.stop()
    talk.chat.stop()
    await settled()
    assert status(talk) is Status.STOPPED


@in_virtual_time
async def test_stop_when_nothing_is_coming_changes_nothing() -> None:
    talk = await answered()
    before = talk.conversation
    talk.chat.stop()
    await settled()
    assert talk.conversation == before


@in_virtual_time
async def test_another_try_makes_an_alternative_to_the_answer() -> None:
    talk = Talk()
    talk.http.script("POST /generate", reply({"error": "Model not found"}, 404), talk.api.answer)
    talk.ask(QUESTION)
    await settled()
    failed = talk.answer
    talk.chat.regenerate(failed.id, Asked(REF, {}))
    await settled()
    question, answer = talk.messages
    assert answer.text == ANSWER
    assert answer.parent == failed.parent == question.id
    assert talk.conversation.messages[failed.id] == failed


@in_virtual_time
async def test_another_try_asks_the_same_question() -> None:
    talk = Talk()
    talk.ask("One?")
    await settled()
    first = talk.answer
    talk.ask("Two?")
    await settled()
    talk.chat.regenerate(first.id, Asked(REF, {}))
    await settled()
    assert [body["question"] for body in talk.bodies] == ["One?", "Two?", "One?"]


@in_virtual_time
async def test_the_alternatives_can_be_stepped_through() -> None:
    talk = await answered()
    first = talk.answer
    talk.chat.regenerate(first.id, Asked(REF, {}))
    await settled()
    second = talk.answer
    talk.chat.step(second.id, -1)
    assert talk.answer == first
    talk.chat.step(first.id, 1)
    assert talk.answer == second


@in_virtual_time
async def test_an_edited_question_is_an_alternative_with_an_answer_of_its_own() -> None:
    talk = await answered()
    question = talk.messages[0]
    talk.chat.edit(question.id, "And of Spain?", [Asked(REF, {})])
    await settled()
    assert texts(talk.messages) == ["And of Spain?", ANSWER]
    assert talk.conversation.messages[question.id] == question


@in_virtual_time
async def test_a_defect_becomes_a_failed_answer_with_its_details() -> None:
    talk = Talk()
    talk.expects_defects = True
    talk.http.script("POST /generate", Raises(ZeroDivisionError("oops")))
    talk.ask(QUESTION)
    await settled()
    assert status(talk) is Status.FAILED
    assert talk.answer.problem is not None
    assert "ZeroDivisionError" in talk.answer.problem.details
    assert talk.messages[0].text == QUESTION


@in_virtual_time
async def test_a_new_conversation_is_empty_and_the_answer_to_the_old_one_still_comes() -> None:
    talk = Talk()
    talk.http.script("POST /generate", Slow(5.0, talk.api.answer))
    talk.ask()
    await settled()
    old = talk.conversation
    talk.chat.begin(old.model, old.typed)
    await asyncio.sleep(10)
    assert talk.messages == ()
    await talk.chat.open(old.id)
    assert texts(talk.messages) == [QUESTION, ANSWER]
    assert status(talk) is Status.DONE
