"""Following a growing text: the view stays at its end while the reader is there, and never fights one who is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.browser import dom
from app.browser.dom import Element

NEAR = 48
"""Pixels from the end within which a reader who scrolls down has arrived there."""

AT_END = 4
"""Pixels from the end that rounding may leave. A reader who scrolls up by more has left it."""


class Follower:
    """Keeps a scrolling container at its end."""

    def __init__(self, container: Element, jump: Element | None = None) -> None:
        """`jump` is the button that leads back to the end; it is shown while the reader is elsewhere."""
        self._container = container
        self._jump = jump
        self._is_following = True
        self._is_jump_shown = False
        self._top = 0.0
        self._listeners = dom.Scope()
        self._listeners.on(container, "scroll", lambda _: self._on_scroll())
        if jump is not None:
            self._listeners.on(jump, "click", lambda _: self._to_end())

    def close(self) -> None:
        """The container leaves the page."""
        self._listeners.close()

    def follow(self) -> None:
        """The content has grown."""
        if self._is_following:
            self._to_end()
        else:
            self._show_jump(True)

    @contextmanager
    def following(self, always: bool) -> Iterator[None]:
        """Follow what a block does to the content; `always`, wherever the reader was."""
        yield
        self._is_following = self._is_following or always
        self.follow()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Keep what the reader sees in its place while a block adds content above it."""
        from_end = self._container.scrollHeight - self._container.scrollTop
        self._is_following = False
        yield
        self._container.scrollTop = self._container.scrollHeight - from_end

    def _to_end(self) -> None:
        self._is_following = True
        self._container.scrollTop = self._container.scrollHeight
        self._top = self._container.scrollTop
        self._show_jump(False)

    def _on_scroll(self) -> None:
        top = float(self._container.scrollTop)
        left = float(self._container.scrollHeight) - top - float(self._container.clientHeight)
        self._is_following = left <= (AT_END if top < self._top else NEAR)
        self._top = top
        if left <= NEAR:
            self._show_jump(False)

    def _show_jump(self, is_shown: bool) -> None:
        if self._jump is not None and is_shown is not self._is_jump_shown:
            self._is_jump_shown = is_shown
            dom.show(self._jump, is_shown)
