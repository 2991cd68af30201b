"""Presets: named sets of a system prompt and parameters, to be laid over a conversation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.conversations import Heading


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset. `typed` holds the parameters as the user typed them; a provider takes those that it knows.

    `rev` counts its changes.
    """

    id: str
    name: str
    system: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    rev: int = 0

    def over(self, heading: Heading, provider: str, known: Collection[str]) -> Heading:
        """The heading with this system prompt and, of the parameters that the provider knows, these and no others."""
        return replace(heading, system=self.system, typed={**heading.typed, provider: self._of(known)})

    def taken_from(self, heading: Heading, provider: str, known: Collection[str]) -> Preset:
        """The same with what the heading says; parameters that its provider does not know stay as they are."""
        others = {name: text for name, text in self.typed.items() if name not in known}
        return replace(self, system=heading.system, typed={**others, **_typed(heading, provider, known)})

    def fits(self, heading: Heading, provider: str, known: Collection[str]) -> bool:
        """Whether laying it over the heading would change nothing."""
        return self.system == heading.system and self._of(known) == _typed(heading, provider, known)

    def _of(self, known: Collection[str]) -> dict[str, str]:
        return {name: text for name, text in self.typed.items() if name in known}

    def to_record(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "id": self.id,
            "name": self.name,
            "system": self.system,
            "typed": dict(self.typed),
            "rev": self.rev,
        }

    @classmethod
    def from_record(cls, record: Any) -> Preset | None:
        """Read the stored form; None when it is none."""
        if not isinstance(record, dict):
            return None
        preset_id, name = record.get("id"), record.get("name")
        if not (isinstance(preset_id, str) and preset_id and isinstance(name, str) and name):
            return None
        system, typed, rev = record.get("system"), record.get("typed"), record.get("rev")
        return cls(
            preset_id,
            name,
            system if isinstance(system, str) else "",
            {str(key): str(value) for key, value in typed.items()} if isinstance(typed, dict) else {},
            rev if isinstance(rev, int) else 0,
        )


def _typed(heading: Heading, provider: str, known: Collection[str]) -> dict[str, str]:
    return {
        name: text for name, text in heading.typed.get(provider, {}).items() if name in known and text.strip()
    }
