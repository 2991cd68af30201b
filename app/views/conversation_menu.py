"""The menu of a conversation in the list: rename, pin, duplicate, delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.browser import dom
from app.browser.dom import Element, Event
from app.core.conversations import Heading
from app.core.state import State
from app.core.store import Store
from app.core.text import t


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

    def __init__(self, store: Store[State], actions: MenuActions) -> None:
        """Use the popover and the dialog of index.html."""
        self._store = store
        self._actions = actions
        self._menu = dom.by_id("conversation-menu")
        self._dialog = dom.by_id("rename")
        self._field = dom.by_id("rename-field")
        self._key = ""
        dom.on_action(
            self._menu,
            {
                "rename": lambda _: self._rename(),
                "pin": lambda _: self._pin(),
                "duplicate": lambda _: self._do(actions.duplicate),
                "export-json": lambda _: self._do(lambda key: actions.export(key, "json")),
                "export-markdown": lambda _: self._do(lambda key: actions.export(key, "markdown")),
                "delete-conversation": lambda _: self._do(actions.delete),
            },
        )
        dom.on(self._menu, "keydown", self._on_key)
        dom.on(self._dialog, "close", lambda _: self._on_renamed())

    def open(self, key: str, button: Element) -> None:
        """Open the menu for the conversation `key` at `button`."""
        self._key = key
        heading = self._heading()
        is_pinned = heading is not None and heading.pinned
        dom.set_text(dom.by_id("menu-pin"), t("library.unpin" if is_pinned else "library.pin"))
        dom.show_popover_at(self._menu, button)
        self._items()[0].focus()

    def _heading(self) -> Heading | None:
        listing = self._store.state.listing
        known = listing.headings if listing.found is None else [hit.heading for hit in listing.found.hits]
        return next((heading for heading in known if heading.id == self._key), None)

    def _do(self, action: Callable[[str], object]) -> None:
        dom.hide_popover(self._menu)
        action(self._key)

    def _pin(self) -> None:
        heading = self._heading()
        pinned = heading is None or not heading.pinned
        self._do(lambda key: self._actions.change(key, lambda one: one.with_pin(pinned)))

    def _rename(self) -> None:
        dom.hide_popover(self._menu)
        heading = self._heading()
        self._field.value = "" if heading is None else heading.title
        self._dialog.returnValue = ""
        self._dialog.showModal()
        self._field.select()

    def _on_renamed(self) -> None:
        title = str(self._field.value).strip()
        if self._dialog.returnValue == "ok" and title:
            self._actions.change(self._key, lambda heading: heading.renamed(title))

    def _items(self) -> list[Element]:
        return list(self._menu.querySelectorAll("button"))

    def _on_key(self, event: Event) -> None:
        steps = {"ArrowDown": 1, "ArrowUp": -1}
        items = self._items()
        if event.key not in steps:
            return
        event.preventDefault()
        at = next((i for i, item in enumerate(items) if dom.has_focus(item)), 0)
        items[(at + steps[event.key]) % len(items)].focus()
