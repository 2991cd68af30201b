"""The menu of a conversation in the list: rename, pin, duplicate, delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.browser import dom
from app.browser.dom import Element
from app.core.conversations import Heading
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.views.menu import Menu
from app.views.naming import NameDialog


class MenuActions(Protocol):
    """What the menu can do; all take the conversation's id first."""

    @property
    def change(self) -> Callable[[str, Callable[[Heading], Heading]], object]:
        """Change the heading."""
        ...

    @property
    def duplicate(self) -> Callable[[str], object]:
        """Store a copy."""
        ...

    @property
    def delete(self) -> Callable[[str], object]:
        """Delete, with a way back."""
        ...

    @property
    def export(self) -> Callable[[str, str], object]:
        """Save it as a file, as "json" or "markdown"."""
        ...


class ConversationMenu:
    """One menu for all rows, opened at the button that was pressed."""

    def __init__(self, store: Store[State], actions: MenuActions, naming: NameDialog) -> None:
        """Use the popover of index.html; `naming` asks for titles."""
        self._store = store
        self._actions = actions
        self._naming = naming
        self._key = ""
        self._menu = Menu(
            "conversation-menu",
            {
                "rename": self._rename,
                "pin": self._pin,
                "duplicate": lambda: actions.duplicate(self._key),
                "export-json": lambda: actions.export(self._key, "json"),
                "export-markdown": lambda: actions.export(self._key, "markdown"),
                "delete-conversation": lambda: actions.delete(self._key),
            },
        )

    def open(self, key: str, button: Element) -> None:
        """Open the menu for the conversation `key` at `button`."""
        self._key = key
        heading = self._heading()
        is_pinned = heading is not None and heading.pinned
        dom.set_text(dom.by_id("menu-pin"), t("library.unpin" if is_pinned else "library.pin"))
        self._menu.open(button)

    def _heading(self) -> Heading | None:
        listing = self._store.state.listing
        known = listing.headings if listing.found is None else [hit.heading for hit in listing.found.hits]
        return next((heading for heading in known if heading.id == self._key), None)

    def _pin(self) -> None:
        heading = self._heading()
        pinned = heading is None or not heading.pinned
        self._actions.change(self._key, lambda one: one.with_pin(pinned))

    def _rename(self) -> None:
        heading, key = self._heading(), self._key

        async def keep(title: str) -> None:
            if title:
                self._actions.change(key, lambda heading: heading.renamed(title))

        self._naming.ask(t("library.rename.title"), "" if heading is None else heading.title, keep)
