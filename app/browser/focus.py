"""Where the focus goes when a view moves it; static/js/focus.mjs catches it when it would get lost."""

from __future__ import annotations

import js
from pyodide.ffi import JsException

from app.browser.dom import Element
from app.browser.ffi import js_object


def focus_home() -> None:
    """Bring the focus to where the shown place begins; static/js/focus.mjs knows where that is."""
    js.document.dispatchEvent(js.Event.new("berth:home"))


def open_select(element: Element) -> None:
    """Focus a select and show its options, where the browser lets a page do so."""
    element.focus()
    try:
        element.showPicker()
    except JsException:
        return  # not asked for by the user directly, as browsers see it: the focus is there all the same


def scroll_into_view(element: Element) -> None:
    """Scroll what is around the element as little as possible, and no further, for it to be seen."""
    element.scrollIntoView(js_object({"block": "nearest"}))


def write_into(element: Element, text: str, *, replacing_all: bool) -> None:
    """Put a text into a field as if the user had typed it, in place of all or of what is selected."""
    start, end = element.selectionStart, element.selectionEnd
    if replacing_all:
        start, end = 0, element.textLength
    element.setRangeText(text, start, end, "end")
    element.dispatchEvent(js.Event.new("input", js_object({"bubbles": True})))
    element.focus()
    element.scrollTop = element.scrollHeight
