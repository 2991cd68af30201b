"""Prompts and presets in the command palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from app.core.fuzzy import rank
from app.core.palette import PaletteItem
from app.core.shelf import Named, Shelf
from app.core.text import t

T = TypeVar("T", bound=Named)

UNASKED = 5
"""Items shown before anything is typed: the actions of the page come first, and are many."""


class ShelfSource(Generic[T]):
    """A `PaletteSource` over a shelf."""

    def __init__(
        self,
        title: str,
        icon: str,
        shelf: Callable[[], Shelf[T]],
        label: Callable[[T], str],
        hint: Callable[[T], str],
        use: Callable[[T], object],
    ) -> None:
        """`title` is a key of the catalogue; `use` is called with what was chosen."""
        self._title = title
        self._icon = icon
        self._shelf = shelf
        self._label = label
        self._hint = hint
        self._use = use

    @property
    def title(self) -> str:
        """See `PaletteSource.title`."""
        return t(self._title)

    def find(self, query: str, limit: int) -> Sequence[PaletteItem]:
        """See `PaletteSource.find`."""
        found = rank(query, self._shelf().items, self._label)[: limit if query else UNASKED]
        return [PaletteItem(item.id, self._label(item), self._icon, self._hint(item)) for item in found]

    def run(self, item_id: str) -> None:
        """See `PaletteSource.run`."""
        item = self._shelf().get(item_id)
        if item is not None:
            self._use(item)
