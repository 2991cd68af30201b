"""Where files come in: the drop region, the file chooser, and drops anywhere else on the page."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from app.browser import dom
from app.browser.dom import Event
from app.browser.files import BrowserFile, Dropped, chosen


class DropRegion:
    """Hands over the files that the user drops or chooses."""

    def __init__(
        self,
        take: Callable[[Sequence[BrowserFile], int], None],
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`take` gets the files, and how many others in dropped folders were left out; `start` runs a coroutine."""
        self._take = take
        self._start = start
        self._region = dom.by_id("drop")
        self._depth = 0
        chooser = dom.by_id("choose-files")
        dom.on(chooser, "change", lambda _: self._take(chosen(chooser), 0))
        dom.on_document("dragenter", self._on_enter)
        dom.on_document("dragover", self._on_over)
        dom.on_document("dragleave", self._on_leave)
        dom.on_document("drop", self._on_drop)

    def _on_enter(self, event: Event) -> None:
        if _has_files(event):
            self._depth += 1
            self._show(True)

    def _on_over(self, event: Event) -> None:
        if _has_files(event):
            event.preventDefault()
            event.dataTransfer.dropEffect = "copy"

    def _on_leave(self, event: Event) -> None:
        if _has_files(event):
            self._depth = max(0, self._depth - 1)
            self._show(self._depth > 0)

    def _on_drop(self, event: Event) -> None:
        if not _has_files(event):
            return
        event.preventDefault()
        self._depth = 0
        self._show(False)
        self._start(self._receive(Dropped(event)))

    async def _receive(self, dropped: Dropped) -> None:
        files, left_out = await dropped.files()
        self._take(files, left_out)

    def _show(self, is_over: bool) -> None:
        dom.set_attributes(self._region, data_over=is_over)
        dom.set_attributes(dom.body(), data_dragging=is_over)


def _has_files(event: Event) -> bool:
    return "Files" in event.dataTransfer.types
