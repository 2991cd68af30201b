"""A small menu that opens at a button: the arrow keys go through it, Escape closes it."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom, popover
from app.browser.dom import Element, Event


class Menu:
    """A popover of index.html with buttons in it. What is chosen closes it first."""

    def __init__(self, name: str, actions: dict[str, Callable[[], object]]) -> None:
        """`name` is the popover's id; `actions` by the `data-action` of the buttons."""
        self._menu = dom.by_id(name)
        dom.on_action(self._menu, {key: self._closing(run) for key, run in actions.items()})
        dom.on(self._menu, "keydown", self._on_key)

    def open(self, button: Element) -> None:
        """Open it at the button that was pressed."""
        popover.show_at(self._menu, button)
        self._items()[0].focus()

    def _closing(self, run: Callable[[], object]) -> Callable[[str], object]:
        def close_and_run(_: str) -> None:
            popover.hide(self._menu)
            run()

        return close_and_run

    def _items(self) -> list[Element]:
        return [button for button in self._menu.querySelectorAll("button") if not button.hidden]

    def _on_key(self, event: Event) -> None:
        steps = {"ArrowDown": 1, "ArrowUp": -1}
        items = self._items()
        if event.key not in steps:
            return
        event.preventDefault()
        at = next((i for i, item in enumerate(items) if dom.has_focus(item)), 0)
        items[(at + steps[event.key]) % len(items)].focus()
