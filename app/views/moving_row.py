"""A row for a model on its way: its name, what can be done about it, how far it is, and what went wrong."""

from __future__ import annotations

from app.browser import dom
from app.browser.dom import Element
from app.core.text import t


def make_moving_row(name: str, *buttons: Element) -> Element:
    """The row, with these children: name, buttons, bar, state, nothing yet, problem. Its key is the name."""
    return dom.create(
        "li",
        dom.create("strong", name, class_="name"),
        dom.create("span", *buttons, class_="push"),
        dom.create("progress", max=100, aria_label=t("keep.progress", name=name)),
        dom.create("span", class_="num quiet small"),
        dom.create("span"),
        dom.create("div", class_="wide"),
        class_="up",
        data_key=name,
    )


def show_share(bar: Element, done: int, size: int) -> None:
    """Show how many of `size` bytes are done; a size of 0 is not known yet."""
    if size:
        bar.value = 100 * done / size
    else:
        bar.removeAttribute("value")
