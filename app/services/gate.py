"""A gate that is open or shut: whoever comes while it is shut waits until it opens, or is turned away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class TurnedAway(Exception):
    """The gate was not opened."""


class Gate:
    """Open at first."""

    def __init__(self, on_wait: Callable[[bool], None]) -> None:
        """`on_wait(True)` is called when somebody begins to wait, `on_wait(False)` when nobody waits any more."""
        self._on_wait = on_wait
        self._is_open = True
        self._waiting: set[asyncio.Future[None]] = set()

    def open(self) -> None:
        """Let everyone through."""
        self._is_open = True
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    def shut(self) -> None:
        """Let nobody through from now on."""
        self._is_open = False

    def turn_away(self) -> None:
        """Those who wait are not let through; the gate stays as it is."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(TurnedAway)

    async def passed(self) -> None:
        """Return when the gate is open.

        Raises:
            TurnedAway: it was not opened.
        """
        if self._is_open:
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        self._on_wait(True)
        try:
            await waiting
        finally:
            self._waiting.discard(waiting)
            if not self._waiting:
                self._on_wait(False)
