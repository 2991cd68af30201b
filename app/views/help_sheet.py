"""The help sheet: every action with its keys."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Element
from app.core.shortcuts import ACTIONS, EDITING, Action, Group
from app.core.text import t
from app.views.keys import keys


class HelpSheet:
    """A dialog that is filled when it is first opened."""

    def __init__(self, are_single_keys_on: Callable[[], bool], *, is_mac: bool) -> None:
        """Use the dialog of index.html."""
        self._are_single_keys_on = are_single_keys_on
        self._is_mac = is_mac
        self._dialog = dom.by_id("help")
        self._groups = dom.by_id("help-groups")

    def open(self) -> None:
        """Show the sheet. Escape and its button close it, and the focus goes back to where it was."""
        if not self._groups.hasChildNodes():
            self._groups.append(*(self._group(group) for group in Group))
        dom.show(dom.by_id("help-off"), not self._are_single_keys_on())
        self._dialog.showModal()

    def _group(self, group: Group) -> Element:
        rows = [self._row(action) for action in ACTIONS if action.group is group]
        if group is Group.CHAT:
            rows += [_line(t(f"action.{name}"), keys(_names(pressed))) for name, pressed in EDITING]
        title = dom.create("h3", t(f"shortcuts.group.{group}"), id=f"help-{group}")
        lines = [element for row in rows for element in row]
        return dom.create("section", title, dom.create("dl", *lines), aria_labelledby=f"help-{group}")

    def _row(self, action: Action) -> tuple[Element, Element]:
        if action.chord is None:
            return _line(action.label, dom.create("span", t("shortcuts.no_key"), class_="quiet small"))
        return _line(action.label, keys(action.chord.names(is_mac=self._is_mac)))


def _line(label: str, how: Element) -> tuple[Element, Element]:
    return dom.create("dt", label), dom.create("dd", how)


def _names(pressed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(t(f"key.{key}") for key in pressed)
