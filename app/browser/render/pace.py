"""When a growing answer is rendered: often enough to read along, never so often that the page stutters."""

from __future__ import annotations

import time
from collections.abc import Callable

import js
from pyodide.ffi import JsProxy, create_once_callable

INTERVAL = 0.04
"""Seconds from one rendering to the next: 25 a second, as smooth to a reader as 60."""

FLOOD = 60
"""Characters since the last rendering from which on nobody reads along: about 150 tokens a second."""

FLOOD_INTERVAL = 0.2
"""Seconds from one rendering to the next in such a stream, where more frames would only cost the page more."""

REST = 15
"""How many times longer than a rendering took the page is left alone after it: however large the open block or slow the
machine, rendering takes a sixteenth of the time at most, and painting what it changed about as much again."""


class Pace:
    """Calls `run` soon after it was asked to, but not before its time.

    A timer and not an animation frame: frames stop while the page is hidden, timers only get slower.
    """

    def __init__(self, run: Callable[[], None]) -> None:
        """Nothing is due yet."""
        self._run = run
        self._not_before = 0.0
        self._length = 0
        self._timer: int | None = None
        self._on_timer: JsProxy | None = None

    def soon(self, length: int) -> None:
        """Call `run` as soon as it is time for so many more characters; asking again only adds them."""
        self._length += length
        if self._timer is None:
            wait = max(0.0, self._not_before - time.perf_counter())
            self._on_timer = create_once_callable(self._due)
            self._timer = js.setTimeout(self._on_timer, wait * 1000)

    def stop(self) -> None:
        """Forget what was asked."""
        if self._timer is not None and self._on_timer is not None:
            js.clearTimeout(self._timer)
            self._on_timer.destroy()
            self._timer = None

    def _due(self) -> None:
        self._timer = None
        interval = FLOOD_INTERVAL if self._length > FLOOD else INTERVAL
        self._length = 0
        started = time.perf_counter()
        try:
            self._run()
        finally:
            ended = time.perf_counter()
            self._not_before = max(started + interval, ended + REST * (ended - started))
