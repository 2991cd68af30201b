"""Turns: how many requests of a kind run at a time, and who is next."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Turns:
    """First come, first served, for each name on its own."""

    def __init__(self) -> None:
        """Nobody runs, nobody waits."""
        self._running: dict[str, int] = {}
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, name: str, limit: int | None, on_wait: Callable[[], object]) -> AsyncIterator[None]:
        """Have one of `limit` places for the length of a block; None is no limit. `on_wait` runs if none is free."""
        queue = self._waiting.setdefault(name, deque())
        if limit is not None and (queue or self._running.get(name, 0) >= limit):
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            queue.append(place)
            on_wait()
            try:
                await place
            except asyncio.CancelledError:
                if place.done() and not place.cancelled():
                    self._leave(name)  # the place was given in the same moment
                elif place in queue:  # it is not, when whoever left in the same moment found it given up
                    queue.remove(place)
                raise
        else:
            self._running[name] = self._running.get(name, 0) + 1
        try:
            yield
        finally:
            self._leave(name)

    def _leave(self, name: str) -> None:
        """Give the place to whoever waits longest, or free it."""
        queue = self._waiting.get(name, deque())
        while queue:
            place = queue.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._running[name] -= 1
