"""The line in a conversation above which nothing is sent any more, because it does not fit the model's context."""

from __future__ import annotations

from dataclasses import dataclass

from app.browser import dom
from app.browser.dom import Element
from app.core.text import t, tn


@dataclass(frozen=True, slots=True)
class Cut:
    """How many messages stand above the line and say something."""

    left_out: int
    key: str = "cut"


def make() -> Element:
    """The line, still without its number."""
    rule = dom.create("span", t("chat.left_out.rule"), class_="small")
    return dom.create("div", dom.create("strong"), rule, class_="cut", role="note")


def change(row: Element, cut: Cut) -> None:
    """Tell the number."""
    dom.set_text(row.firstElementChild, tn("chat.left_out", cut.left_out))
