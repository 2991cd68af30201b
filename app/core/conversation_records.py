"""Conversations and messages as JSON records, and back; whatever is in the records, reading them never crashes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.core.attachments import Attachment
from app.core.branches import sound
from app.core.calls import ToolCall
from app.core.connections import ModelRef
from app.core.conversations import Conversation, Heading, Message, Status, by_id, whole
from app.core.deltas import Usage
from app.core.messages import Role
from app.core.problems import Problem

Record = Mapping[str, Any]
"""A JSON object."""


class InvalidRecord(ValueError):
    """A record that cannot be a conversation or a message: its id, its role or its text is missing."""


def heading_record(heading: Heading) -> dict[str, Any]:
    """The stored form of a heading; `rank` is in it because the database sorts by it."""
    return {
        "id": heading.id,
        "rank": list(heading.rank),
        "created": heading.created,
        "updated": heading.updated,
        "title": heading.title,
        "pinned": heading.pinned,
        "head": heading.head,
        "model": str(heading.model) if heading.model else None,
        "system": heading.system,
        "typed": {provider: dict(texts) for provider, texts in heading.typed.items()},
        "rev": heading.rev,
        "sides": list(heading.sides),
    }


def read_heading(record: Any) -> Heading:
    """Read the stored form; what is missing or unreadable gets its default, except the id.

    Raises:
        InvalidRecord: there is no id.
    """
    fields = _object(record)
    typed = fields.get("typed")
    created = _number(fields, "created") or 0.0
    return Heading(
        id=_id(fields, "id"),
        created=created,
        head=_text(fields, "head") or None,
        title=_text(fields, "title"),
        updated=_number(fields, "updated") or created,
        pinned=fields.get("pinned") is True,
        model=ModelRef.parse(_text(fields, "model")),
        system=_text(fields, "system"),
        typed=_typed(typed) if isinstance(typed, dict) else {},
        rev=int(_number(fields, "rev") or 0),
        sides=_ids(fields.get("sides")),
    )


def message_record(conversation_id: str, message: Message) -> dict[str, Any]:
    """The stored form of a message; what has its default is left out."""
    record = {
        "id": message.id,
        "conversation": conversation_id,
        "parent": message.parent,
        "role": message.role.value,
        "text": message.text,
        "created": message.created,
        "status": message.status.value,
    }
    rest = {
        "model": str(message.model) if message.model else "",
        "reasoning": message.reasoning,
        "usage": asdict(message.usage) if message.usage else None,
        "seconds": message.seconds,
        "first_delta": message.first_delta,
        "thought": message.thought,
        "finish": message.finish,
        "raw": message.raw,
        "problem": asdict(message.problem) if message.problem else None,
        "attachments": [one.to_record() for one in message.attachments] or None,
        "left_out": message.left_out or None,
        "answered_by": message.answered_by,
        "cost": message.cost,
        "calls": [call.to_record() for call in message.calls] or None,
    }
    return record | {key: value for key, value in rest.items() if value not in ("", None)}


def read_message(record: Any) -> Message:
    """Read the stored form; what is missing or unreadable gets its default, except id, role and text.

    Raises:
        InvalidRecord: one of these three is missing.
    """
    fields = _object(record)
    role, text = fields.get("role"), fields.get("text")
    if role not in tuple(Role) or not isinstance(text, str):
        raise InvalidRecord("no role or no text")
    status = fields.get("status")
    return Message(
        id=_id(fields, "id"),
        parent=_text(fields, "parent") or None,
        role=Role(role),
        text=text,
        created=_number(fields, "created") or 0.0,
        model=ModelRef.parse(_text(fields, "model")),
        reasoning=_text(fields, "reasoning"),
        status=Status(status) if status in tuple(Status) else Status.DONE,
        usage=_usage(fields.get("usage")),
        seconds=_number(fields, "seconds"),
        finish=_text(fields, "finish"),
        raw=_text(fields, "raw"),
        problem=_problem(fields.get("problem")),
        first_delta=_number(fields, "first_delta"),
        thought=_number(fields, "thought"),
        attachments=_attachments(fields.get("attachments")),
        left_out=max(0, int(_number(fields, "left_out") or 0)),
        answered_by=_text(fields, "answered_by"),
        cost=_number(fields, "cost"),
        calls=_calls(fields.get("calls")),
    )


def assemble(heading: Heading, messages: list[Message]) -> Conversation:
    """A conversation of records: always a tree that can be shown, whatever parents and head they name."""
    mended, head = sound(by_id(messages), heading.head)
    return whole(heading.shown_to(head), mended)


def _attachments(records: Any) -> tuple[Attachment, ...]:
    found = map(Attachment.from_record, records if isinstance(records, list) else [])
    return tuple(one for one in found if one is not None)


def _calls(records: Any) -> tuple[ToolCall, ...]:
    found = map(ToolCall.from_record, records if isinstance(records, list) else [])
    return tuple(one for one in found if one is not None)


def _object(record: Any) -> Record:
    if not isinstance(record, dict):
        raise InvalidRecord("no object")
    return record


def _id(fields: Record, key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str) or not value:
        raise InvalidRecord(f"no {key}")
    return value


def _text(fields: Record, key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) else ""


def _number(fields: Record, key: str) -> float | None:
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _ids(value: Any) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _typed(value: Mapping[Any, Any]) -> dict[str, dict[str, str]]:
    return {
        str(provider): {str(name): str(text) for name, text in texts.items()}
        for provider, texts in value.items()
        if isinstance(texts, dict)
    }


def _usage(value: Any) -> Usage | None:
    if not isinstance(value, dict):
        return None
    prompt, completion, total = (
        None if (number := _number(value, key)) is None else int(number)
        for key in ("prompt_tokens", "completion_tokens", "total_tokens")
    )
    return Usage(prompt, completion, total, _number(value, "seconds"))


def _problem(value: Any) -> Problem | None:
    if not isinstance(value, dict):
        return None
    return Problem(*(_text(value, key) for key in ("what", "cause", "fix", "snippet", "details")))
