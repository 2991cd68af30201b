"""How keys look on the page."""

from __future__ import annotations

from app.browser import dom
from app.browser.dom import Element


def keys(names: tuple[str, ...]) -> Element:
    """The keys of a shortcut, which are pressed together."""
    return dom.create("span", *(dom.create("kbd", name) for name in names), class_="keys")
