"""The calls of tools in an answer: which function the model wants to be called, and with what."""

from __future__ import annotations

from collections.abc import Sequence

from app.browser import dom
from app.browser.dom import Element
from app.core.calls import ToolCall
from app.core.text import t


def show_calls(container: Element, calls: Sequence[ToolCall]) -> None:
    """Make `container` hold these calls, or be hidden when there are none."""
    dom.show(container, bool(calls))
    dom.replace_children(container, *map(_call, calls))


def _call(call: ToolCall) -> Element:
    summary = dom.create("summary", t("chat.call", name=call.name))
    return dom.create(
        "details", summary, dom.create("pre", call.readable, tabindex="0"), class_="raw", open=True
    )
