"""Dropping files on the page as a person does: trusted drag events, and files that stay on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Locator, Page

COPY = 1
"""The operation that a drag from a file manager offers."""


class Drag:
    """Files under the pointer, on their way to an element."""

    def __init__(self, page: Page, paths: Sequence[Path]) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        files = [str(path.resolve()) for path in paths]
        self._data: dict[str, Any] = {"items": [], "files": files, "dragOperationsMask": COPY}

    def over(self, target: Locator) -> Drag:
        """Hold the files over the middle of an element."""
        self._dispatch("dragEnter", target)
        self._dispatch("dragOver", target)
        return self

    def drop(self, target: Locator) -> None:
        """Let go of them there."""
        self._dispatch("drop", target)
        self._session.detach()

    def _dispatch(self, kind: str, target: Locator) -> None:
        box = target.bounding_box()
        assert box is not None, "what files are dropped on has to be seen"
        at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        self._session.send("Input.dispatchDragEvent", {"type": kind, **at, "data": self._data})


def drop(page: Page, target: Locator, paths: Sequence[Path]) -> None:
    """Drop files and folders on an element."""
    Drag(page, paths).over(target).drop(target)
