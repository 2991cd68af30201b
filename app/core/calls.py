"""Calls of tools: what a model asks to be done, put together from the pieces of a stream."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.core.deltas import ToolCallDelta


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call. `arguments` is what the model wrote, which is meant to be JSON."""

    name: str
    arguments: str = ""
    id: str = ""

    @property
    def readable(self) -> str:
        """The arguments in lines, where they are JSON."""
        try:
            return json.dumps(json.loads(self.arguments), ensure_ascii=False, indent=2)
        except (ValueError, RecursionError):
            return self.arguments

    def to_record(self) -> dict[str, str]:
        """The stored form."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Any) -> ToolCall | None:
        """Read the stored form; None when it is no call."""
        if not isinstance(record, dict) or not isinstance(record.get("name"), str):
            return None
        texts = (record.get(key) for key in ("arguments", "id"))
        return cls(record["name"], *(text if isinstance(text, str) else "" for text in texts))


def gathered(deltas: Iterable[ToolCallDelta]) -> tuple[ToolCall, ...]:
    """The calls that pieces add up to, in the order in which they began."""
    calls: dict[int, ToolCall] = {}
    for delta in deltas:
        call = calls.get(delta.index, ToolCall(""))
        calls[delta.index] = replace(
            call,
            name=call.name or delta.name,
            arguments=call.arguments + delta.arguments,
            id=call.id or delta.id,
        )
    return tuple(calls.values())
