"""A message in the page, shown whole or while it grows.

A growing message is rendered block by block. Blocks that can not change any more are frozen: their nodes are never
touched again. Only the rest, the tail, is parsed again when text has come; of an open list or table only the last rows
are rendered, and an open code block grows without being parsed at all. So the price of a rendering depends on the
open block, not on the length of the message. At the end the page holds what rendering the whole text at once gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.browser import dom
from app.browser.dom import Element
from app.browser.render.fence import Fence
from app.browser.render.furnishing import SETTLED, Furnishing
from app.browser.render.markdown import BLOCKS_WITH_ROWS, Blocks, Definitions, Renderer
from app.browser.render.open_block import OpenCode, OpenRows, common
from app.browser.render.pace import Pace


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
        self._is_finished = False
        self._tail = ""
        self._held = ""
        self._complete: list[str] = []
        self._frozen = 0
        self._tried = 0
        self._definitions: Definitions | None = None
        self._code: OpenCode | None = None
        self._rows: OpenRows | None = None

    def push(self, text: str) -> None:
        """Add text. It costs next to nothing; what is shown follows by itself, at the renderer's pace."""
        self.text += text
        self._is_finished = False
        self._take(text)
        self._pace.soon(len(text))

    def render(self) -> None:
        """Show all the text so far, now. Until the renderer is loaded it is shown as plain text."""
        if not self._renderer.is_loaded:
            self._show_plain(self.render)
        elif self._code is None or not self._code.grow(self._tail):
            self._render_tail()
        self._on_render()

    def finish(self) -> None:
        """Show all the text as rendering it at once would: no more of it is expected."""
        self._pace.stop()
        if self._is_finished:
            return
        if self._renderer.is_loaded:
            self._is_finished = True
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
        kept = common(self._complete[first:], html)
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
        if not frozen and self._rows is not None and self._rows.grow(tail, self._renderer, self._furnishing):
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
        kind = tail.outline[0][0]
        block = self._container.lastElementChild
        if kind == "code":
            self._code = OpenCode.of(self._tail, block)
        elif kind in BLOCKS_WITH_ROWS:
            self._rows = OpenRows.of(tail, block)


def _final(outline: Sequence[tuple[str, str]]) -> int:
    """How many blocks of complete lines can not change any more."""
    last = max((i for i, (kind, _) in enumerate(outline) if kind != "space"), default=0)
    kind, source = outline[last] if outline else ("", "")
    fence = Fence.of(source) if kind == "code" else None
    return last + 1 if fence is not None and fence.is_closed(source) else last


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
