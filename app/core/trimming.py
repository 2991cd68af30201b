"""Fitting a conversation into a model's context, by a rule that the user can read.

The rule: the system prompt and the last message always stay; of the others the oldest go first, until what is left and
room for the answer fit. An answer is never kept without the question that it answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.messages import PromptMessage, Role
from app.core.tokens import estimate_message

ANSWER_SHARE = 0.25
"""The part of the context that is kept free for the answer when the user set no maximum for it."""

MOST_FOR_ANSWER = 0.5
"""The part that is kept free at most: a maximum as long as the context itself would leave nothing to be read."""

LARGEST_SCALE = 3.0
"""An estimate that is further off says more about how the API counts than about the text."""

Count = Callable[[PromptMessage], int]
"""About how many tokens a message takes."""


@dataclass(frozen=True, slots=True)
class Room:
    """What there is room for in a request to a model.

    `context` is in tokens, None when it is not known: then nothing is left out. `answer` is how many the answer may
    take, None when the user set no maximum. `scale` is how many tokens the model really reads for an estimated one.
    """

    context: int | None = None
    answer: int | None = None
    scale: float = 1.0

    @property
    def prompt(self) -> int | None:
        """The tokens that a prompt may take."""
        if self.context is None:
            return None
        share = self.context * ANSWER_SHARE
        kept_free = share if self.answer is None else min(self.answer, self.context * MOST_FOR_ANSWER)
        return self.context - int(kept_free)

    def scaled(self, tokens: int) -> int:
        """About how many tokens an estimate stands for."""
        return int(tokens * self.scale)


ANY = Room()
"""Nothing is known: nothing is left out."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What a model reads: the messages kept, how many were left out, and the estimated tokens of those kept.

    `fits` is false when even the least that must stay is too long; it is sent all the same, and the API decides.
    """

    messages: tuple[PromptMessage, ...]
    left_out: int
    tokens: int
    fits: bool


def fit(
    messages: Sequence[PromptMessage], room: Room, count: Count = estimate_message, more: int = 0
) -> Trimmed:
    """Leave out the oldest messages that do not fit. `more` is the estimate of what else belongs to the last one."""
    system = [message for message in messages if message.role is Role.SYSTEM]
    talk = [message for message in messages if message.role is not Role.SYSTEM]
    weights = [count(message) for message in talk]
    total = sum(map(count, system)) + sum(weights) + more
    limit, first = room.prompt, 0
    if limit is not None:
        last = len(talk) - 1
        if talk and talk[last].role is Role.ASSISTANT:
            last -= 1  # an answer that is to be continued stays with its question
        while first < last and room.scaled(total) > limit:
            total -= weights[first]
            first += 1
        while 0 < first < last and talk[first].role is Role.ASSISTANT:
            total -= weights[first]
            first += 1
    tokens = room.scaled(total)
    return Trimmed((*system, *talk[first:]), first, tokens, fits=limit is None or tokens <= limit)


def leave_out(messages: Sequence[PromptMessage], left_out: int) -> tuple[PromptMessage, ...]:
    """The messages without so many of the oldest that were said; the system prompt stays."""
    system = tuple(message for message in messages if message.role is Role.SYSTEM)
    talk = tuple(message for message in messages if message.role is not Role.SYSTEM)
    return (*system, *talk[left_out:]) if left_out else tuple(messages)


def scale_of(prompt: Sequence[PromptMessage], told: int | None, count: Count = estimate_message) -> float:
    """How many tokens a model read, as its API told, for an estimated one of a prompt.

    Never less than one: what APIs tell may leave out the part of a prompt that they had read before.
    """
    estimated = sum(map(count, prompt))
    return min(max(1.0, told / estimated), LARGEST_SCALE) if told and estimated else 1.0
