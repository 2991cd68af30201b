"""The document: finding, making and changing elements. Text goes in as text, and HTML not at all."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

import js
from pyodide.ffi import create_proxy

from app.browser.ffi import Listeners, is_nothing

Element = Any
"""An element of the document, with the browser's own properties."""

Event = Any
"""A DOM event."""

Attribute = str | int | float | bool | None

T = TypeVar("T")

Scope = Listeners
"""The owner of listeners that do not live as long as the page."""

SVG = "http://www.w3.org/2000/svg"


def by_id(name: str) -> Element:
    """The element of that id.

    Raises:
        LookupError: index.html has no such element, which is a defect.
    """
    found = js.document.getElementById(name)
    if is_nothing(found):
        raise LookupError(f"index.html has no element #{name}")
    return found


def body() -> Element:
    """The document's body."""
    return js.document.body


def is_missing(element: Element | None) -> bool:
    """Whether a search for an element found none."""
    return is_nothing(element)


def has_focus(element: Element) -> bool:
    """Whether the user is in this element."""
    return bool(js.document.activeElement == element)


def attribute(element: Element, name: str) -> str:
    """An attribute's text; empty when the element does not have it."""
    value = element.getAttribute(name)
    return "" if is_nothing(value) else str(value)


def closest(element: Element, selector: str) -> Element | None:
    """The element itself or the nearest one around it that matches; None when none does."""
    found = element.closest(selector)
    return None if is_nothing(found) else found


def has_focus_within(element: Element) -> bool:
    """Whether the user is in this element or in one inside it."""
    return bool(element.contains(js.document.activeElement))


def query_all(selector: str) -> list[Element]:
    """All elements that match, for the few things that stand in many places of the page."""
    return list(js.document.querySelectorAll(selector))


def create(tag: str, *children: Element | str, **attributes: Attribute) -> Element:
    """A new element. Strings become text; `class_` is the class, `aria_label` the attribute aria-label and so on."""
    element = js.document.createElement(tag)
    set_attributes(element, **attributes)
    if children:
        element.append(*children)
    return element


def set_attributes(element: Element, **attributes: Attribute) -> None:
    """Set attributes: True gives an empty one, None and False take it away."""
    for name, value in attributes.items():
        attribute = name.rstrip("_").replace("_", "-")
        if value is None or value is False:
            element.removeAttribute(attribute)
        else:
            element.setAttribute(attribute, "" if value is True else str(value))


@cache
def _sprite() -> str:
    """The address of the icons as index.html has it, with its version: they are fetched once."""
    return attribute(js.document.querySelector("use"), "href").partition("#")[0]


def icon(name: str) -> Element:
    """An icon of the sprite; it says nothing to screen readers, the control around it does."""
    svg = js.document.createElementNS(SVG, "svg")
    svg.setAttribute("aria-hidden", "true")
    use = js.document.createElementNS(SVG, "use")
    use.setAttribute("href", f"{_sprite()}#{name}")
    svg.append(use)
    return svg


def button(
    label: str, action: str, *, icon_name: str = "", class_: str = "btn small", **attributes: Attribute
) -> Element:
    """A button. With an icon it shows only that, and `label` is its accessible name and tooltip."""
    if not icon_name:
        return create("button", label, type="button", class_=class_, data_action=action, **attributes)
    return create(
        "button",
        icon(icon_name),
        type="button",
        class_="icon",
        aria_label=label,
        title=label,
        data_action=action,
        **attributes,
    )


def set_text(element: Element, text: str) -> None:
    """Replace the element's text, unless it is the same already."""
    if element.textContent != text:
        element.textContent = text


def show(element: Element, is_shown: bool) -> None:
    """Show or hide an element."""
    element.hidden = not is_shown


def replace_children(element: Element, *children: Element | str) -> None:
    """Replace the element's content."""
    element.replaceChildren(*children)


def on(target: Element, event: str, run: Callable[[Event], object]) -> None:
    """Listen for as long as the page lives: for fixed parts of index.html only, never for rows."""
    target.addEventListener(event, create_proxy(run))


def on_action(container: Element, actions: dict[str, Callable[[str], object]]) -> None:
    """One listener for all buttons inside a fixed container.

    A click on an element with `data-action` calls the action of that name with the `data-key` of the element, or of
    the nearest one around it that has one. A button with `aria-disabled` does nothing: unlike a `disabled` one it keeps
    the focus.
    """

    def run(event: Event) -> None:
        pressed = closest(event.target, "[data-action]")
        action = None if pressed is None else actions.get(pressed.dataset.action)
        if pressed is not None and action is not None and attribute(pressed, "aria-disabled") != "true":
            keyed = closest(pressed, "[data-key]")
            action("" if keyed is None else str(keyed.dataset.key))

    on(container, "click", run)


def on_document(event: str, run: Callable[[Event], object]) -> None:
    """Listen on the whole document for as long as the page lives."""
    on(js.document, event, run)


class KeyedList(Generic[T]):
    """Rows in a container, one an item, each made once, changed in place and never rebuilt.

    Items are values: a row is touched only when its item is no longer the same.
    """

    def __init__(
        self,
        container: Element,
        key: Callable[[T], Hashable],
        make: Callable[[T], Element],
        change: Callable[[Element, T], None],
        drop: Callable[[T], object] = lambda _item: None,
    ) -> None:
        """`make` builds the row of a new item; `change` brings a row up to date, also right after it was made.

        `drop` is told about each item whose row has gone.
        """
        self._container = container
        self._key = key
        self._make = make
        self._change = change
        self._drop = drop
        self._rows: dict[Hashable, tuple[Element, T]] = {}

    def row(self, key: Hashable) -> Element | None:
        """The row of an item, or None when it is not shown."""
        return self._rows.get(key, (None, None))[0]

    def show(self, items: Sequence[T]) -> None:
        """Make the rows show `items`, in their order."""
        rows: dict[Hashable, tuple[Element, T]] = {}
        for item in items:
            key = self._key(item)
            row, shown = self._rows.get(key, (None, None))
            if row is None:
                row = self._make(item)
            if shown is not item and shown != item:
                self._change(row, item)
            rows[key] = (row, item)
        for key in self._rows.keys() - rows.keys():
            row, item = self._rows[key]
            row.remove()
            self._drop(item)
        # A row that is moved loses its focus, its selection and its place of scrolling: while those that stay are in
        # their order only new ones are put in, and else those before the first change are left alone.
        stayed, keys = [key for key in self._rows if key in rows], list(rows)
        alike = next(
            (i for i, (old, new) in enumerate(zip(stayed, keys, strict=False)) if old != new), len(stayed)
        )
        in_order = stayed == [key for key in keys if key in self._rows]
        following: Element | None = None
        for place in reversed(range(len(keys))):
            row = rows[keys[place]][0]
            if keys[place] not in self._rows or (not in_order and place >= alike):
                self._container.insertBefore(row, following)
            following = row
        self._rows = rows
