"""Conversations: trees of messages, of which one branch is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.core.connections import ModelRef
from app.core.deltas import Usage
from app.core.messages import PromptMessage, Role
from app.core.problems import Problem


class Status(StrEnum):
    """How far a message is. A message of the user is always done."""

    STREAMING = "streaming"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    `parent` is the id of the message before it, None for a first one; messages of the same parent are alternatives.
    `created` is in seconds since 1970. `seconds` is how long the answer took on this page. `raw` is a reply in which
    no answer was found.
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


@dataclass(frozen=True, slots=True)
class Conversation:
    """A tree of messages. `head` is the last message of the branch that is shown."""

    id: str
    created: float
    messages: Mapping[str, Message] = field(default_factory=dict)
    head: str | None = None

    @property
    def branch(self) -> tuple[Message, ...]:
        """The messages shown, first to last."""
        path: list[Message] = []
        at = self.head
        while at is not None:
            message = self.messages[at]
            path.append(message)
            at = message.parent
        return tuple(reversed(path))

    @property
    def is_answering(self) -> bool:
        """Whether an answer of the shown branch is still coming."""
        return self.head is not None and self.messages[self.head].status is Status.STREAMING

    def with_message(self, message: Message) -> Conversation:
        """The conversation with a message added or replaced, and shown up to it when it was added."""
        head = self.head if message.id in self.messages else message.id
        return replace(self, messages={**self.messages, message.id: message}, head=head)

    def prompt(self, upto: str) -> tuple[PromptMessage, ...]:
        """What a model reads: the branch up to and including the message `upto`, without failed answers."""
        path: list[PromptMessage] = []
        at: str | None = upto
        while at is not None:
            message = self.messages[at]
            if message.text and message.status is not Status.FAILED:
                path.append(PromptMessage(message.role, message.text))
            at = message.parent
        return tuple(reversed(path))
