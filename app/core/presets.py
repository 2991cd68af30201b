"""Presets: named sets of a system prompt and parameters, to be laid over a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset. `typed` holds the parameters as the user typed them; a provider takes those that it knows."""

    id: str
    name: str
    system: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    def to_record(self) -> dict[str, Any]:
        """The stored form."""
        return {"id": self.id, "name": self.name, "system": self.system, "typed": dict(self.typed)}

    @classmethod
    def from_record(cls, record: Any) -> Preset | None:
        """Read the stored form; None when it is none."""
        if not isinstance(record, dict):
            return None
        preset_id, name = record.get("id"), record.get("name")
        if not (isinstance(preset_id, str) and preset_id and isinstance(name, str) and name):
            return None
        system, typed = record.get("system"), record.get("typed")
        return cls(
            preset_id,
            name,
            system if isinstance(system, str) else "",
            {str(key): str(value) for key, value in typed.items()} if isinstance(typed, dict) else {},
        )
