"""A shelf: small things that the user keeps under names, prompts and presets. No two on it have the same name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar


class Named(Protocol):
    """Something on a shelf. `rev` counts the times that it was written."""

    @property
    def id(self) -> str:
        """What it is known by in the database."""
        ...

    @property
    def name(self) -> str:
        """What the user calls it."""
        ...

    @property
    def rev(self) -> int:
        """How often it was written; 0 when it never was."""
        ...

    def to_record(self) -> Mapping[str, Any]:
        """The stored form: JSON values only."""
        ...


T = TypeVar("T", bound=Named)


@dataclass(frozen=True)
class Shelf(Generic[T]):
    """What is on it, by name."""

    items: tuple[T, ...] = ()

    def get(self, item_id: str) -> T | None:
        """The one of that id."""
        return next((item for item in self.items if item.id == item_id), None)

    def named(self, name: str) -> T | None:
        """The one of that name, in whatever case."""
        wanted = name.strip().casefold()
        return next((item for item in self.items if item.name.casefold() == wanted), None)

    def holding(self, *added: T) -> Shelf[T]:
        """The shelf with these on it, in place of those with their ids."""
        items = {item.id: item for item in (*self.items, *added)}
        return Shelf(tuple(sorted(items.values(), key=lambda item: (item.name.casefold(), item.id))))

    def without(self, item_id: str) -> Shelf[T]:
        """The shelf with one thing less."""
        return Shelf(tuple(item for item in self.items if item.id != item_id))

    def free_name(self, name: str, joint: str = " ") -> str:
        """`name`, or with a number after `joint` when it is taken."""
        number, free = 1, name
        while self.named(free) is not None:
            number += 1
            free = f"{name}{joint}{number}"
        return free
