"""Fitting a conversation into a model's context, by a rule that the user can read.

The rule: the system prompt and the last message always stay; of the others the oldest go first, until what is left and
room for the answer fit. An answer is never kept without the question that it answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.messages import PromptMessage, Role
from app.core.tokens import estimate_prompt

ANSWER_SHARE = 0.25
"""The part of the context that is kept free for the answer when the user set no maximum for it."""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What a model reads: the messages kept, how many were left out, and the estimated tokens of those kept.

    `fits` is false when even the least that must stay is too long; it is sent all the same, and the API decides.
    """

    messages: tuple[PromptMessage, ...]
    left_out: int
    tokens: int
    fits: bool


def fit(messages: Sequence[PromptMessage], context: int | None, answer: int | None = None) -> Trimmed:
    """Trim `messages` to a context of that many tokens; None means that the context is not known: nothing goes.

    `answer` is the number of tokens to keep free for the answer, a share of the context when it is None.
    """
    total = estimate_prompt(messages)
    if context is None:
        return Trimmed(tuple(messages), 0, total, fits=True)
    room = context - (answer if answer is not None else int(context * ANSWER_SHARE))
    system = [message for message in messages if message.role is Role.SYSTEM]
    talk = [message for message in messages if message.role is not Role.SYSTEM]
    first = 0
    while total > room and first < len(talk) - 1:
        total -= estimate_prompt(talk[first : first + 1])
        first += 1
    while first < len(talk) - 1 and talk[first].role is Role.ASSISTANT:
        total -= estimate_prompt(talk[first : first + 1])
        first += 1
    return Trimmed((*system, *talk[first:]), first, total, fits=total <= room)
