"""The event loop of the page: Pyodide's own, but all that is ready runs in one turn.

Pyodide sends each callback of asyncio through the browser's event loop by itself, and twice, with a promise and a
change of the stack in between: a tenth of a millisecond for each step of a task, of which a streamed answer takes many.
Here they wait in a queue, as in asyncio everywhere else, and the browser calls once for all of them.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any, TypeVarTuple

import js
from pyodide.ffi import create_once_callable, create_proxy
from pyodide.webloop import WebLoop, scheduleCallback

Ts = TypeVarTuple("Ts")

TURN = 0.004
"""Seconds after which what is still ready waits for the browser's next turn, so that it can paint and take input."""

LONGEST = 2**31 - 1
"""Milliseconds that a timer of the browser can wait."""


class PageLoop(WebLoop):
    """Runs what is ready in the order in which it became so."""

    def take_over(self) -> None:
        """Begin to queue; until now the loop was one of Pyodide's."""
        self._ready: deque[asyncio.Handle] = deque()
        self._is_due = False
        self._on_turn = create_proxy(self.turn)

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """See asyncio."""
        handle = asyncio.Handle(callback, args, self, context)
        self._enqueue(handle)
        return handle

    def call_later(
        self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """See asyncio."""
        handle = asyncio.TimerHandle(self.time() + delay, callback, args, self, context)
        if delay > 0:
            js.setTimeout(create_once_callable(lambda: self._enqueue(handle)), min(delay * 1000, LONGEST))
        else:
            self._enqueue(handle)
        return handle

    def _enqueue(self, handle: asyncio.Handle) -> None:
        self._ready.append(handle)
        if not self._is_due:
            self._is_due = True
            scheduleCallback(self._on_turn, 0)

    def turn(self) -> None:
        """Run what is ready, and what becomes so meanwhile, for the length of a turn at most."""
        self._install_running_loop()
        self._install_asyncgen_hooks()
        end = time.perf_counter() + TURN
        try:
            while self._ready and time.perf_counter() < end:
                handle = self._ready.popleft()
                if not handle.cancelled():
                    handle._run()  # noqa: SLF001 - as the loops of asyncio itself do
        finally:
            self._is_due = bool(self._ready)
            if self._is_due:
                scheduleCallback(self._on_turn, 0)


def install_loop() -> None:
    """Make the running loop one of these; what it has begun goes on."""
    loop: Any = asyncio.get_running_loop()
    loop.__class__ = PageLoop
    loop.take_over()


def run_ready() -> None:
    """Run what is ready now, in place of the browser's next turn."""
    loop = asyncio.get_running_loop()
    if isinstance(loop, PageLoop):
        loop.turn()
