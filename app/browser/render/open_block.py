"""The block that is still growing: code without an end, and lists and tables of which only the last row changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.browser.dom import Element
from app.browser.ffi import is_nothing
from app.browser.render.fence import Fence
from app.browser.render.furnishing import Furnishing
from app.browser.render.markdown import Blocks, Renderer, Rows


def common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many items two sequences have in common from the start."""
    length = min(len(old), len(new))
    return next((i for i in range(length) if old[i] != new[i]), length)


@dataclass(slots=True)
class OpenCode:
    """A fenced code block without an end: it grows by text, and nothing is parsed.

    Attributes:
        fence: Its opening line.
        node: The text node of the code.
        shown: Characters of the tail that the page shows.
        line: Where the tail's last line starts, which may become the end.
    """

    fence: Fence
    node: Element
    shown: int
    line: int

    @classmethod
    def of(cls, tail: str, block: Element) -> OpenCode | None:
        """The open code that `tail` is, shown by `block`; None when it is something else."""
        fence = Fence.of(tail)
        if fence is None or fence.is_closed(tail):
            return None
        code = block.querySelector("code")
        code.replaceChildren(tail[fence.length :])
        return cls(fence, code.firstChild, len(tail), fence.line_in(tail))

    def grow(self, tail: str) -> bool:
        """Show all of the tail; False when the block may have ended."""
        if self.fence.closes_in(tail[self.line :]):
            return False
        self.node.appendData(tail[self.shown :])
        self.shown = len(tail)
        self.line = self.fence.line_in(tail)
        return True


@dataclass(slots=True)
class OpenRows:
    """The rows of an open list or table, and the element that they are in."""

    rows: Rows
    parent: Element

    @classmethod
    def of(cls, tail: Blocks, block: Element) -> OpenRows | None:
        """The open list or table that the tail is, shown by `block`; None when it is something else."""
        rows = tail.rows(0)
        parent = None if rows is None else _parent(block)
        return None if rows is None or parent is None else cls(rows, parent)

    def grow(self, tail: Blocks, renderer: Renderer, furnishing: Furnishing) -> bool:
        """Show the rows from the last one on; False when more than those changed."""
        new = tail.rows(0) if len(tail.outline) == 1 else None
        if new is None or new.signature != self.rows.signature:
            return False
        same = common(self.rows.keys, new.keys)
        if same < len(self.rows.keys) - 1:
            return False
        if new == self.rows:
            return True
        fragment = renderer.fragment([tail.html_from_row(0, same)])
        furnishing.furnish(fragment)
        fresh = _parent(fragment.firstElementChild)
        if fresh is None or fresh.childElementCount != len(new.keys) - same:
            return False
        renderer.patch(self.parent, self.parent.children.item(same), fresh.firstElementChild)
        self.rows = new
        return True


def _parent(block: Element) -> Element | None:
    """The element that the rows of a list or of a (framed) table are in."""
    if block.tagName in {"UL", "OL"}:
        return block
    body = block.querySelector("tbody")
    return None if is_nothing(body) else body
