"""Popovers: menus and lists that lie over the page until something is chosen or clicked beside them."""

from __future__ import annotations

import js

from app.browser.dom import Element


def hide(element: Element) -> None:
    """Close a popover; one that is closed already is fine."""
    if element.matches(":popover-open"):
        element.hidePopover()


def show_at(element: Element, anchor: Element) -> None:
    """Open a popover at an element: below it, or above it where there is more room."""
    hide(element)
    element.showPopover()
    box, around, size = (
        anchor.getBoundingClientRect(),
        js.document.documentElement,
        element.getBoundingClientRect(),
    )
    below = box.bottom + size.height <= around.clientHeight
    left = min(max(box.right - size.width, 8), around.clientWidth - size.width - 8)
    element.style.left = f"{left}px"
    element.style.top = f"{box.bottom + 4 if below else max(8, box.top - size.height - 4)}px"
