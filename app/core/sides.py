"""Answers side by side: one question to several models, and which of its answers are seen next to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core import branches
from app.core.branches import NewId, Turn
from app.core.connections import ModelRef
from app.core.conversations import Conversation, Message

MOST = 4
"""Answers that are shown side by side at most: more than that nobody compares, and no window holds."""

APART = 0.001
"""Seconds between the times at which answers that begin together were made: the order of alternatives is that of
their times, and ids are random."""


def ask_beside(turn: Turn, others: Sequence[ModelRef], now: float, new_id: NewId) -> tuple[Turn, ...]:
    """Let `others` answer beside the model of a turn: one turn for each, all of the same conversation.

    All the answers are shown side by side; the one of `turn` is on the branch.
    """
    if not others:
        return (turn,)
    turns = [turn]
    for place, model in enumerate(others, start=1):
        made = now + place * APART
        turns.append(branches.regenerate(turns[-1].conversation, turn.answer.id, model, made, new_id))
    ids = tuple(one.answer.id for one in turns)
    grown = replace(turns[-1].conversation, head=turn.answer.id, model=turn.model, sides=ids)
    return tuple(replace(one, conversation=grown) for one in turns)


def alternatives(conversation: Conversation, answer_id: str) -> tuple[str, ...]:
    """An answer and its alternatives, as many as are shown side by side; none when it has no alternative."""
    siblings = branches.children(conversation)[conversation.messages[answer_id].parent]
    if len(siblings) < 2:
        return ()
    first = max(0, min(siblings.index(answer_id), len(siblings) - MOST))
    return siblings[first : first + MOST]


def beside(conversation: Conversation, message: Message) -> tuple[Message, ...]:
    """The answers that are to be seen in the place of `message`, which is one of them; none for most messages."""
    if message.id not in conversation.sides:
        return ()
    messages = (conversation.messages.get(one) for one in conversation.sides)
    found = tuple(one for one in messages if one is not None and one.parent == message.parent)
    return found if len(found) > 1 else ()
