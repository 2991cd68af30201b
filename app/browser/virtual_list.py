"""A list of any length of which only the rows near the viewport exist."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

import js
from pyodide.ffi import create_proxy

from app.browser import dom
from app.browser.dom import Element
from app.browser.ffi import js_object

T = TypeVar("T")

MARGIN = 400
"""Pixels above and below the viewport that have rows too, so that scrolling shows no gap before the next frame."""


class VirtualList(Generic[T]):
    """Rows of known heights in a scrolling container. Showing 10,000 items costs as much as showing 40.

    Items are values: a row is touched only when its item is no longer the same. A row that has the focus stays, also
    when it is scrolled out of sight, so that the keyboard never loses its place.
    """

    def __init__(
        self,
        container: Element,
        height: Callable[[T], int],
        key: Callable[[T], Hashable],
        make: Callable[[T], Element],
        change: Callable[[Element, T], None],
    ) -> None:
        """`height` is in CSS pixels; `make` builds the row of an item, `change` brings it up to date, also when new."""
        self._container = container
        self._height = height
        self._key = key
        self._make = make
        self._change = change
        self._canvas = dom.create("div", class_="virtual")
        self._items: Sequence[T] = ()
        self._ends: list[int] = []
        self._rows: dict[Hashable, tuple[Element, T]] = {}
        self._is_painting = False
        self._paint_proxy = create_proxy(self._paint_on_frame)
        container.append(self._canvas)
        dom.on(container, "scroll", lambda _: self._schedule())
        observer = js.ResizeObserver.new(create_proxy(lambda *_: self._schedule()))
        observer.observe(container)

    def show(self, items: Sequence[T]) -> None:
        """Make the list show `items`; where it is scrolled to stays."""
        self._items = items
        self._ends = list(accumulate(map(self._height, items)))
        self._canvas.style.height = f"{self._ends[-1] if self._ends else 0}px"
        self._paint()

    def reveal(self, key: Hashable) -> None:
        """Scroll as little as needed to see the item of that key, if there is one."""
        index = next((at for at, item in enumerate(self._items) if self._key(item) == key), None)
        if index is None:
            return
        top, bottom = self._top(index), self._ends[index]
        if top < self._container.scrollTop:
            self._container.scrollTop = top
        elif bottom > self._container.scrollTop + self._container.clientHeight:
            self._container.scrollTop = bottom - self._container.clientHeight

    def _top(self, index: int) -> int:
        return self._ends[index - 1] if index else 0

    def _schedule(self) -> None:
        if not self._is_painting:
            self._is_painting = True
            js.requestAnimationFrame(self._paint_proxy)

    def _paint_on_frame(self, _time: float) -> None:
        self._is_painting = False
        self._paint()

    def _paint(self) -> None:
        seen_from = int(self._container.scrollTop) - MARGIN
        seen_to = int(self._container.scrollTop + self._container.clientHeight) + MARGIN
        first = bisect_right(self._ends, seen_from)
        last = bisect_left(self._ends, seen_to) + 1
        rows: dict[Hashable, tuple[Element, T]] = {}
        for index in range(first, min(last, len(self._items))):
            item = self._items[index]
            key = self._key(item)
            row = self._row(key, item)
            row.style.top = f"{self._top(index)}px"
            rows[key] = (row, item)
        rows = self._with_focused(rows, first)
        in_page = [key for key in self._rows if key in rows]
        in_page += [key for key in rows if key not in self._rows]
        for key in self._rows.keys() - rows.keys():
            self._rows[key][0].remove()
        self._rows = rows
        if in_page != list(rows):
            self._arrange(in_page)

    def _row(self, key: Hashable, item: T) -> Element:
        row, shown = self._rows.get(key, (None, None))
        if row is None:
            row = self._make(item)
            self._canvas.append(row)
        if shown is not item and shown != item:
            self._change(row, item)
        return row

    def _with_focused(
        self, rows: dict[Hashable, tuple[Element, T]], first: int
    ) -> dict[Hashable, tuple[Element, T]]:
        """The rows and, where it belongs, the one that has the focus, which must not go while its item is there."""
        for key in self._rows.keys() - rows.keys():
            if dom.has_focus_within(self._rows[key][0]):
                index = next((at for at, item in enumerate(self._items) if self._key(item) == key), None)
                if index is not None:
                    one = {key: self._rows[key]}
                    return {**one, **rows} if index < first else {**rows, **one}
        return rows

    def _arrange(self, in_page: list[Hashable]) -> None:
        """Bring the rows, which stand as in `in_page`, into their order: that is what Tab and screen readers follow."""
        focused = js.document.activeElement
        for place, (key, (row, _)) in enumerate(self._rows.items()):
            if in_page[place] != key:
                in_page.remove(key)
                in_page.insert(place, key)
                self._canvas.insertBefore(row, self._canvas.children[place])
        if self._canvas.contains(focused) and not dom.has_focus(focused):
            focused.focus(js_object({"preventScroll": True}))
