"""The chat: prompts become messages at once, answers arrive in them, and nothing that was typed gets lost."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

from app.core.connections import ModelRef
from app.core.conversations import Conversation, Message, Status
from app.core.deltas import Delta, FinishDelta, RawDelta, ReasoningDelta, TextDelta, UsageDelta
from app.core.messages import Role
from app.core.parameters import Parameters
from app.core.problems import BerthError, Problem
from app.core.store import Cell
from app.services.gateway import Gateway
from app.services.ports import Clock
from app.services.tasks import Tasks


def new_id() -> str:
    """A random id for a conversation or a message."""
    return secrets.token_hex(8)


class Chat:
    """The use cases of one conversation."""

    def __init__(
        self,
        cell: Cell[Conversation],
        gateway: Gateway,
        clock: Clock,
        tasks: Tasks,
        on_end: Callable[[bool], None],
    ) -> None:
        """`on_end` runs after each answer with whether it came, so that the state of the API is looked at again."""
        self._cell = cell
        self._gateway = gateway
        self._clock = clock
        self._tasks = tasks
        self._on_end = on_end
        self._answering: asyncio.Task[None] | None = None

    def new_conversation(self) -> None:
        """Leave the conversation shown and begin an empty one."""
        self.stop()
        self._cell.update(lambda _: Conversation(new_id(), self._clock.now()))

    def send(self, text: str, ref: ModelRef, parameters: Parameters) -> None:
        """Append the user's message and ask the model for the answer to it."""
        head = self._cell.value.head
        question = Message(new_id(), head, Role.USER, text, self._clock.now())
        self._put(question)
        self._ask(question.id, ref, parameters)

    def retry(self, message_id: str, ref: ModelRef, parameters: Parameters) -> None:
        """Ask again for an answer, which becomes an alternative to the message given."""
        parent = self._cell.value.messages[message_id].parent
        if parent is not None:
            self._ask(parent, ref, parameters)

    def stop(self) -> None:
        """End the answer that is coming; what came of it stays."""
        if self._answering is not None:
            self._answering.cancel()

    def _ask(self, question_id: str, ref: ModelRef, parameters: Parameters) -> None:
        answer = Message(
            new_id(), question_id, Role.ASSISTANT, "", self._clock.now(), model=ref, status=Status.STREAMING
        )
        self._put(answer)
        self._answering = self._tasks.start(self._receive(answer, question_id, ref, parameters))
        self._answering.add_done_callback(lambda _: self._close(answer.id))

    async def _receive(
        self, answer: Message, question_id: str, ref: ModelRef, parameters: Parameters
    ) -> None:
        started = self._clock.monotonic()
        conversation = self._cell.value
        try:
            messages = conversation.prompt(question_id)
            async with aclosing(self._gateway.answer(ref, messages, parameters)) as batches:
                async for batch in batches:
                    for delta in batch:
                        answer = _grown(answer, delta)
            answer = replace(answer, status=Status.DONE)
        except asyncio.CancelledError:
            answer = replace(answer, status=Status.STOPPED)
            raise
        except BerthError as error:
            answer = replace(answer, status=Status.FAILED, problem=error.problem)
        except Exception:
            answer = replace(answer, status=Status.FAILED, problem=Problem.of("unexpected"))
            raise
        finally:
            answer = replace(answer, seconds=self._clock.monotonic() - started)
            if self._cell.value.id == conversation.id:
                self._put(answer)
            self._on_end(answer.status is Status.DONE)

    def _close(self, answer_id: str) -> None:
        """End an answer that was stopped before its task began, which then never runs at all."""
        answer = self._cell.value.messages.get(answer_id)
        if answer is not None and answer.status is Status.STREAMING:
            self._put(replace(answer, status=Status.STOPPED))
            self._on_end(False)

    def _put(self, message: Message) -> None:
        self._cell.update(lambda conversation: conversation.with_message(message))


def _grown(answer: Message, delta: Delta) -> Message:
    match delta:
        case TextDelta(text):
            return replace(answer, text=answer.text + text)
        case ReasoningDelta(text):
            return replace(answer, reasoning=answer.reasoning + text)
        case UsageDelta(usage):
            return replace(answer, usage=usage)
        case FinishDelta(reason):
            return replace(answer, finish=reason)
        case RawDelta(text):
            return replace(answer, raw=text)
        case _:
            return answer
