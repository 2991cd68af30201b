"""Work that can wait until the browser has nothing better to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import js
from pyodide.ffi import create_once_callable

from app.browser.ffi import JsValue

PATIENCE = 1000
"""Milliseconds after which waiting work is done even on a busy page."""

SLICE = 8
"""Milliseconds of work in one go, after which input and painting get their turn."""


class IdleQueue:
    """Does pieces of work one after the other, a few milliseconds at a time."""

    def __init__(self) -> None:
        """Nothing to do."""
        self._work: deque[Callable[[], object]] = deque()
        self._is_due = False

    def add(self, run: Callable[[], object]) -> None:
        """Call `run` after all that was added before."""
        self._work.append(run)
        if not self._is_due:
            self._request()

    def _request(self) -> None:
        self._is_due = True
        run = create_once_callable(self._run)
        if hasattr(js, "requestIdleCallback"):
            js.requestIdleCallback(run, timeout=PATIENCE)
        else:
            js.setTimeout(run, SLICE)

    def _run(self, _deadline: JsValue = None) -> None:
        started = js.performance.now()
        try:
            while self._work and js.performance.now() - started < SLICE:
                self._work.popleft()()
        finally:
            self._is_due = False
            if self._work:
                self._request()
