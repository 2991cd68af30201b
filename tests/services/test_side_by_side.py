"""One question to several models: each answer is on its own, and the user keeps one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from app.core.connections import ModelRef
from app.core.conversations import Conversation, Message, Status
from app.core.problems import ApiError, Problem
from app.core.store import Store
from app.core.trimming import Room
from app.services.chat import Asked, Chat
from tests.services.kept import Browser, Tab
from tests.services.virtual_time import in_virtual_time

A, B, C = (ModelRef("local", f"{name}.gguf") for name in "abc")


@dataclass(frozen=True)
class Shown:
    """What a page with a chat shows."""

    conversation: Conversation


class Talk:
    """A chat in a tab. The answers are played by the test, by their number."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.store = Store(Shown(Conversation("talk", 0.0)), lambda run: run())
        cell = self.store.cell("conversation", Conversation)
        self.chat = Chat(cell, tab.library, tab.archive, tab.answers, tab.clock, tab.tasks.start)

    @property
    def conversation(self) -> Conversation:
        """As it is shown, with the answers that have ended."""
        for message in self.tab.shown.values():
            self.chat.take("talk", message)
        return self.store.state.conversation

    @property
    def sides(self) -> list[Message]:
        """The answers that are side by side."""
        conversation = self.conversation
        return [conversation.messages[one] for one in conversation.sides]

    async def stored(self) -> Conversation:
        """What another start of the page would read."""
        found = await self.tab.archive.read("talk")
        assert found is not None
        return found


async def asked(*models: ModelRef) -> Talk:
    """A talk in which one question went to these models, which are about to answer."""
    talk = Talk(Browser().tab())
    talk.chat.ask("Why?", [Asked(model, {}) for model in models])
    await asyncio.sleep(1)
    return talk


@in_virtual_time
async def test_each_answer_comes_on_its_own() -> None:
    talk = await asked(A, B, C)
    model = talk.tab.model
    model.finishes("b says so", answer=1)
    model.finishes("a says so", answer=0)
    await asyncio.sleep(1)
    assert [(one.model, one.text, one.status) for one in talk.sides] == [
        (A, "a says so", Status.DONE),
        (B, "b says so", Status.DONE),
        (C, "", Status.STREAMING),
    ]


@in_virtual_time
async def test_an_error_of_one_does_not_touch_the_others() -> None:
    talk = await asked(A, B)
    talk.tab.model.breaks_off(ApiError(Problem("It broke."), 500), answer=0)
    talk.tab.model.finishes("b says so", answer=1)
    await asyncio.sleep(1)
    assert [(one.text, one.status) for one in talk.sides] == [("", Status.FAILED), ("b says so", Status.DONE)]


@in_virtual_time
async def test_one_answer_is_stopped_alone() -> None:
    talk = await asked(A, B)
    talk.chat.stop_one(talk.conversation.sides[1])
    talk.tab.model.finishes("a says so", answer=0)
    await asyncio.sleep(1)
    assert [one.status for one in talk.sides] == [Status.DONE, Status.STOPPED]


@in_virtual_time
async def test_all_of_them_are_there_after_a_reload_with_the_first_one_on_the_branch() -> None:
    talk = await asked(A, B, C)
    for answer, model in enumerate((A, B, C)):
        talk.tab.model.finishes(model.model, answer=answer)
    await asyncio.sleep(1)
    stored = await talk.stored()
    assert stored.sides == talk.conversation.sides
    assert [one.text for one in stored.branch] == ["Why?", "a.gguf"]


@in_virtual_time
async def test_the_answer_that_is_kept_becomes_the_branch_and_the_others_stay_alternatives() -> None:
    talk = await asked(A, B)
    talk.tab.model.finishes("a says so", answer=0)
    talk.tab.model.finishes("b says so", answer=1)
    await asyncio.sleep(1)
    talk.chat.keep(talk.conversation.sides[1])
    await asyncio.sleep(1)
    for conversation in (talk.conversation, await talk.stored()):
        assert conversation.sides == ()
        assert [one.text for one in conversation.branch] == ["Why?", "b says so"]
        assert {one.text for one in conversation.messages.values()} == {"Why?", "a says so", "b says so"}


@in_virtual_time
async def test_what_is_still_coming_beside_the_answer_that_is_kept_ends() -> None:
    talk = await asked(A, B)
    talk.tab.model.says("b begins", answer=1)
    talk.tab.model.finishes("a says so", answer=0)
    await asyncio.sleep(1)
    first, second = talk.conversation.sides
    talk.chat.keep(first)
    await asyncio.sleep(1)
    dropped = talk.conversation.messages[second]
    assert (dropped.text, dropped.status) == ("b begins", Status.STOPPED)


@in_virtual_time
async def test_alternatives_are_put_side_by_side_again() -> None:
    talk = await asked(A, B)
    talk.tab.model.finishes("a says so", answer=0)
    talk.tab.model.finishes("b says so", answer=1)
    await asyncio.sleep(1)
    both = talk.conversation.sides
    talk.chat.keep(both[0])
    talk.chat.compare(both[0])
    assert talk.conversation.sides == both


@in_virtual_time
async def test_each_model_reads_as_much_as_its_own_context_holds() -> None:
    talk = await asked(A)
    talk.tab.model.finishes("word " * 100)
    await asyncio.sleep(1)
    assert talk.conversation.branch
    talk.chat.ask("And then?", [Asked(A, {}, Room(4096)), Asked(B, {}, Room(60))])
    await asyncio.sleep(1)
    assert [len(prompt) for prompt in talk.tab.model.prompts[1:]] == [3, 1]
    assert [one.left_out for one in talk.sides] == [0, 2]
