"""What the command palette offers: items from any number of sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PaletteItem:
    """One line of the palette. `hint` is a few quiet words beside the label; `keys` are the names of its keys."""

    id: str
    label: str
    icon: str
    hint: str = ""
    keys: tuple[str, ...] = ()


class PaletteSource(Protocol):
    """Something that can be found in the palette: actions, and whatever else has a name."""

    @property
    def title(self) -> str:
        """What kind of things these are, over their group in the list."""
        ...

    def find(self, query: str, limit: int) -> Sequence[PaletteItem]:
        """At most `limit` items that fit what was typed, best first; for an empty query those most likely wanted.

        Called at every key press, so it answers within a few milliseconds, from memory.
        """
        ...

    def run(self, item_id: str) -> None:
        """Do what the item stands for. The palette is closed already, and the focus is back where it was."""
        ...
