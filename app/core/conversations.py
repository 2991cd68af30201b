"""Conversations: trees of messages, of which one branch is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from app.core.attachments import Attachment, Kind, with_texts
from app.core.calls import ToolCall
from app.core.connections import ModelRef
from app.core.deltas import Usage
from app.core.messages import PromptMessage, Role
from app.core.problems import Problem

TITLE_LENGTH = 80
"""Letters of a question that become the title of its conversation: more than a list shows in one line."""


class Status(StrEnum):
    """How far a message is. A message of the user is always done.

    Stopped by the user, interrupted by the world (a killed tab, a lost connection), failed without a usable text.
    """

    STREAMING = "streaming"
    DONE = "done"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    `parent` is the id of the message before it, None for a first one; messages of the same parent are alternatives.
    `created` is in seconds since 1970. Durations are in seconds: `seconds` for the whole answer as this page saw it,
    `first_delta` to its first piece, `thought` for reasoning before the first word of the answer. `raw` is a reply in
    which no answer was found. Of an answer: `left_out` is how many of the oldest messages its model was not sent,
    `answered_by` the name of the model that really answered, as the API tells it, and `cost` what it cost, in the
    currency of the connection's prices. `calls` are the tools that it wants to be called.
    """

    id: str
    parent: str | None
    role: Role
    text: str
    created: float
    model: ModelRef | None = None
    reasoning: str = ""
    status: Status = Status.DONE
    usage: Usage | None = None
    seconds: float | None = None
    finish: str = ""
    raw: str = ""
    problem: Problem | None = None
    first_delta: float | None = None
    thought: float | None = None
    attachments: tuple[Attachment, ...] = ()
    left_out: int = 0
    answered_by: str = ""
    cost: float | None = None
    calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A conversation without its messages: what a list shows, and what belongs to the conversation as a whole.

    `head` is the last message of the branch that is shown. `sides` are the answers to one question that are shown side
    by side; none when only the branch is shown. Times are in seconds since 1970. `typed` holds the parameters as the
    user typed them: provider id, parameter name, text. `rev` counts the times it was written.
    """

    id: str
    created: float
    head: str | None = None
    title: str = ""
    updated: float = 0.0
    pinned: bool = False
    model: ModelRef | None = None
    system: str = ""
    typed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rev: int = 0
    sides: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[int, float, str]:
        """Sorts a list of conversations: pinned ones first, then newest first."""
        return (0 if self.pinned else 1, -max(self.updated, self.created), self.id)

    def renamed(self, title: str) -> Self:
        """The same under another title, in one line."""
        return replace(self, title=title_of(title))

    def with_pin(self, pinned: bool) -> Self:
        """The same, pinned or not."""
        return replace(self, pinned=pinned)

    def with_model(self, model: ModelRef | None) -> Self:
        """The same with another model to ask."""
        return replace(self, model=model)

    def with_system(self, system: str) -> Self:
        """The same with another system prompt."""
        return replace(self, system=system)

    def with_parameter(self, provider: str, name: str, text: str) -> Self:
        """The same with one parameter typed; an empty text forgets it."""
        texts = {key: value for key, value in self.typed.get(provider, {}).items() if key != name}
        if text.strip():
            texts[name] = text
        return replace(self, typed={**self.typed, provider: texts})

    def shown_to(self, head: str | None) -> Self:
        """The same with the branch shown that ends in the message `head`."""
        return replace(self, head=head)

    def beside(self, sides: tuple[str, ...]) -> Self:
        """The same with these answers shown side by side."""
        return replace(self, sides=sides)

    def touched(self, now: float) -> Self:
        """The same, changed `now`."""
        return replace(self, updated=now)


@dataclass(frozen=True, slots=True)
class Conversation(Heading):
    """A tree of messages. The order of `messages` is the order in which they were made."""

    messages: Mapping[str, Message] = field(default_factory=dict)

    @property
    def heading(self) -> Heading:
        """The conversation without its messages."""
        return Heading(
            self.id,
            self.created,
            self.head,
            self.title,
            self.updated,
            self.pinned,
            self.model,
            self.system,
            self.typed,
            self.rev,
            self.sides,
        )

    @property
    def branch(self) -> tuple[Message, ...]:
        """The messages shown, first to last."""
        return self.path(self.head)

    @property
    def shown(self) -> tuple[Message, ...]:
        """The messages that can be seen: those of the branch, and those beside one of them."""
        branch = self.branch
        beside = (self.messages[one] for one in self.sides if one in self.messages)
        return tuple({one.id: one for one in (*branch, *beside)}.values())

    @property
    def is_answering(self) -> bool:
        """Whether an answer that is shown at the end of the branch, or beside it, is still coming."""
        last = () if self.head is None else (self.head, *self.sides)
        return any(self.messages[one].status is Status.STREAMING for one in last if one in self.messages)

    @property
    def at_hand(self) -> tuple[PromptMessage, ...]:
        """What a model would read of the shown branch now; nothing when there is no message yet."""
        return () if self.head is None else self.prompt(self.head)

    def path(self, upto: str | None) -> tuple[Message, ...]:
        """The messages from a first one to the message `upto`."""
        path: list[Message] = []
        while upto is not None:
            message = self.messages[upto]
            path.append(message)
            upto = message.parent
        return tuple(reversed(path))

    def with_heading(self, heading: Heading) -> Conversation:
        """The same messages under another heading; its head stays when the heading's is not among the messages."""
        head = heading.head if heading.head in self.messages else self.head
        return whole(heading.shown_to(head), self.messages)

    def with_message(self, message: Message) -> Conversation:
        """The conversation with a message added or replaced, and shown up to it when it was added."""
        head = self.head if message.id in self.messages else message.id
        return replace(self, messages={**self.messages, message.id: message}, head=head)

    def prompt(self, upto: str) -> tuple[PromptMessage, ...]:
        """What a model reads: the system prompt, and what was `said` up to and including the message `upto`."""
        system = (PromptMessage(Role.SYSTEM, self.system),) if self.system.strip() else ()
        return system + tuple(map(_as_prompt, self.said(upto)))

    def said(self, upto: str | None) -> tuple[Message, ...]:
        """The messages up to `upto` that a model reads. Failed answers and empty ones say nothing."""
        return tuple(
            message
            for message in self.path(upto)
            if (message.text or message.attachments) and message.status is not Status.FAILED
        )


def _as_prompt(message: Message) -> PromptMessage:
    images = tuple(one.data_url for one in message.attachments if one.kind is Kind.IMAGE)
    return PromptMessage(message.role, with_texts(message.text, message.attachments), images)


def whole(heading: Heading, messages: Mapping[str, Message]) -> Conversation:
    """A heading and its messages as one conversation."""
    return Conversation(
        heading.id,
        heading.created,
        heading.head,
        heading.title,
        heading.updated,
        heading.pinned,
        heading.model,
        heading.system,
        heading.typed,
        heading.rev,
        heading.sides,
        messages,
    )


def by_id(messages: Iterable[Message]) -> dict[str, Message]:
    """Messages by their ids, in the order in which they were made."""
    return {message.id: message for message in sorted(messages, key=lambda one: (one.created, one.id))}


def title_of(text: str) -> str:
    """A title from a text: its first words, in one line."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LENGTH:
        return line
    words = line[: TITLE_LENGTH - 1].rpartition(" ")[0]
    return f"{words or line[: TITLE_LENGTH - 1]}…"
