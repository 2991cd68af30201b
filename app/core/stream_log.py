"""The durable log of a streaming answer: small rows, written every 100 ms, from which its text can be put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.core.conversations import Message, Status
from app.core.problems import Problem

Row = dict[str, Any]
"""One row: `id` is the message's id, a colon and the row's number in eight digits, so that rows sort."""


def row(message_id: str, number: int, text: str, reasoning: str) -> Row:
    """Row `number` of a message's log: what came since the row before it."""
    return {"id": f"{prefix(message_id)}{number:08d}", "text": text, "reasoning": reasoning}


def opening(conversation_id: str, message_id: str) -> Row:
    """Row 0: no text yet, but the conversation in which the answer is to be found."""
    return {**row(message_id, 0, "", ""), "conversation": conversation_id}


def prefix(message_id: str) -> str:
    """What the ids of all rows of a message begin with."""
    return f"{message_id}:"


def message_ids(row_ids: Iterable[str]) -> tuple[str, ...]:
    """The messages to which rows belong, each once."""
    return tuple(dict.fromkeys(row_id.rpartition(":")[0] for row_id in row_ids))


def fold(message: Message, rows: Iterable[Any]) -> Message:
    """An unfinished answer with all that its log holds up to the first gap, marked as interrupted."""
    texts, reasonings = [message.text], [message.reasoning]
    numbered = ((_number(one), one) for one in rows if isinstance(one, dict))
    in_order = sorted(
        ((number, one) for number, one in numbered if number is not None), key=lambda pair: pair[0]
    )
    for expected, (number, one) in enumerate(in_order):
        if number != expected:
            break
        texts.append(str(one.get("text", "")))
        reasonings.append(str(one.get("reasoning", "")))
    return replace(
        message,
        text="".join(texts),
        reasoning="".join(reasonings),
        status=Status.INTERRUPTED,
        problem=Problem.of("answers.interrupted"),
    )


def _number(one: Row) -> int | None:
    digits = str(one.get("id", "")).rpartition(":")[2]
    return int(digits) if digits.isascii() and digits.isdigit() else None
