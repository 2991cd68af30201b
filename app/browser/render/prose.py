"""A message in the page, shown whole or while it grows.

A growing message is rendered block by block. Blocks that can not change any more are frozen: their nodes are never
touched again. Only the rest, the tail, is parsed again when text has come; of an open list or table only the last rows
are rendered, and an open code block grows without being parsed at all. So the price of a rendering depends on the
open block, not on the length of the message. At the end the page holds what rendering the whole text at once gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.browser import dom
from app.browser.dom import Element
from app.browser.ffi import is_nothing
from app.browser.render.fence import Fence
from app.browser.render.furnishing import SETTLED, Furnishing
from app.browser.render.markdown import Blocks, Definitions, Renderer, Rows
from app.browser.render.pace import Pace


@dataclass(slots=True)
class _OpenCode:
    """A code block without an end, and how much of the tail its text node shows."""

    fence: Fence
    node: Element
    shown: int
    line: int


@dataclass(slots=True)
class _OpenRows:
    """The rows of an open list or table, and the element that they are in."""

    rows: Rows
    parent: Element


class Prose:
    """One message's body."""

    def __init__(
        self,
        container: Element,
        renderer: Renderer,
        furnishing: Furnishing,
        on_render: Callable[[], object] = lambda: None,
    ) -> None:
        """`container` is empty; `on_render` is called after each rendering, to follow the text or to measure."""
        self._container = container
        self._renderer = renderer
        self._furnishing = furnishing
        self._on_render = on_render
        self._pace = Pace(self.render)
        self.text = ""
        """All the text so far."""
        self._when_loaded: Callable[[], None] | None = None
        self._start_over()

    def _start_over(self) -> None:
        self._tail = ""
        self._held = ""
        self._complete: list[str] = []
        self._frozen = 0
        self._tried = 0
        self._definitions: Definitions | None = None
        self._code: _OpenCode | None = None
        self._rows: _OpenRows | None = None

    def push(self, text: str) -> None:
        """Add text. It costs next to nothing; what is shown follows by itself, at the renderer's pace."""
        self.text += text
        self._take(text)
        self._pace.soon()

    def render(self) -> None:
        """Show all the text so far, now. Until the renderer is loaded it is shown as plain text."""
        if not self._renderer.is_loaded:
            self._show_plain(self.render)
        elif not self._grow_code():
            self._render_tail()
        self._on_render()

    def finish(self) -> None:
        """Show all the text as rendering it at once would: no more of it is expected."""
        self._pace.stop()
        if self._renderer.is_loaded:
            html = self._renderer.blocks(_lines(self.text), self._renderer.no_definitions()).html()
            self._show(0, html, len(html))
            self._furnishing.settle(self._container)
        else:
            self._show_plain(self.finish)
        self._on_render()

    def show(self, text: str) -> None:
        """Show a whole message in place of what is shown. More of it may be pushed afterwards."""
        self.text = text
        shown = self._complete
        self._start_over()
        self._complete = shown
        self._take(text)
        self.finish()

    def close(self) -> None:
        """Let go of what the browser holds for this message; the page keeps what it shows."""
        self._pace.stop()

    def _take(self, text: str) -> None:
        """Add to the tail with the line ends that marked makes of all line ends."""
        text = self._held + text
        self._held = "\r" if text.endswith("\r") else ""
        self._tail += _lines(text.removesuffix("\r"))

    def _show_plain(self, again: Callable[[], None]) -> None:
        if self._when_loaded is None:
            dom.replace_children(self._container, dom.create("p", class_="plain"))
            self._renderer.when_loaded(lambda: self._when_loaded and self._when_loaded())
        self._when_loaded = again
        dom.set_text(self._container.firstElementChild, self.text)

    def _show(self, first: int, html: Sequence[str], complete: int) -> None:
        """Show these blocks from the place `first` on; all before the place `complete` will not change any more."""
        kept = _common(self._complete[first:], html)
        start = first + kept
        fragment = self._renderer.fragment(html[kept:])
        self._furnishing.furnish(fragment)
        blocks = self._container.children
        self._renderer.patch(self._container, blocks.item(start), fragment.firstChild)
        for place in range(start, complete):
            self._furnishing.complete(blocks.item(place))
        self._complete[first:] = html[: complete - first]
        self._code = None
        self._rows = None

    def _render_tail(self) -> None:
        frozen = self._freeze()
        tail = self._renderer.blocks(self._tail, self._known)
        if not frozen and self._grow_rows(tail):
            return
        first = self._frozen
        self._frozen += len(frozen)
        if frozen:
            self._container.classList.add(SETTLED)
        self._show(first, [*frozen, *tail.html()], self._frozen)
        self._remember(tail)

    @property
    def _known(self) -> Definitions:
        if self._definitions is None:
            self._definitions = self._renderer.no_definitions()
        return self._definitions

    def _freeze(self) -> list[str]:
        """Take the blocks that cannot change any more off the tail; their HTML.

        Only complete lines count, and the last block stays open: a paragraph may become a heading, a list may go on.
        Only a code block with its closing fence is final at once.
        """
        end = self._tail.rfind("\n") + 1
        if end <= self._tried:
            return []
        self._tried = end
        blocks = self._renderer.blocks(self._tail[:end], self._known)
        count = _final(blocks.outline)
        source = "".join(source for _, source in blocks.outline[:count])
        if not source.strip() or not self._tail.startswith(source):
            return []
        html = blocks.html(0, count)
        blocks.define(self._known, count)
        self._tail = self._tail[len(source) :]
        self._tried -= len(source)
        return html

    def _remember(self, tail: Blocks) -> None:
        """Keep hold of an open code block, list or table."""
        if len(tail.outline) != 1:
            return
        block = self._container.lastElementChild
        fence = Fence.of(self._tail) if tail.outline[0][0] == "code" else None
        if fence is not None and not fence.is_closed(self._tail):
            node = block.querySelector("code")
            node.replaceChildren(self._tail[fence.length :])
            line = max(self._tail.rfind("\n") + 1, fence.length)
            self._code = _OpenCode(fence, node.firstChild, len(self._tail), line)
        rows = tail.rows(0)
        parent = _rows_parent(self._container.lastElementChild) if rows is not None else None
        if rows is not None and parent is not None:
            self._rows = _OpenRows(rows, parent)

    def _grow_code(self) -> bool:
        """Show more of an open code block; False when there is none, or when it may have ended."""
        code = self._code
        if code is None or code.fence.closes_in(self._tail[code.line :]):
            return False
        code.node.appendData(self._tail[code.shown :])
        code.shown = len(self._tail)
        code.line = max(self._tail.rfind("\n") + 1, code.fence.length)
        return True

    def _grow_rows(self, tail: Blocks) -> bool:
        """Show the last rows of an open list or table; False when that is not all that changed."""
        if self._rows is None or len(tail.outline) != 1:
            return False
        old, new, parent = self._rows.rows, tail.rows(0), self._rows.parent
        if new is None or new.signature != old.signature:
            return False
        same = _common(old.keys, new.keys)
        if same < len(old.keys) - 1:
            return False
        if len(new.keys) == len(old.keys) == same:
            return True
        fragment = self._renderer.fragment([tail.html_from_row(0, same)])
        self._furnishing.furnish(fragment)
        fresh = _rows_parent(fragment.firstElementChild)
        if fresh is None or fresh.childElementCount != len(new.keys) - same:
            return False
        self._renderer.patch(parent, parent.children.item(same), fresh.firstElementChild)
        self._rows.rows = new
        return True


def _final(outline: Sequence[tuple[str, str]]) -> int:
    """How many blocks of complete lines can not change any more."""
    last = max((i for i, (kind, _) in enumerate(outline) if kind != "space"), default=0)
    kind, source = outline[last] if outline else ("", "")
    fence = Fence.of(source) if kind == "code" else None
    return last + 1 if fence is not None and fence.is_closed(source) else last


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many items two sequences have in common from the start."""
    length = min(len(old), len(new))
    return next((i for i in range(length) if old[i] != new[i]), length)


def _rows_parent(block: Element) -> Element | None:
    """The element that the rows of a list or of a (framed) table are in."""
    if block.tagName in {"UL", "OL"}:
        return block
    body = block.querySelector("tbody")
    return None if is_nothing(body) else body
