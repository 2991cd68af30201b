"""Writes the durable log of one answer: what came is in the database within a tenth of a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.core import stream_log
from app.core.problems import Problem, StorageError
from app.services.ports import Clock, Database, Put
from app.services.tasks import Tasks

STREAM_LOG = "stream_log"
"""The object store."""

INTERVAL = 0.09
"""Seconds between rows: it bounds what a killed tab loses. Measured: a row takes 1 ms, 8 ms at the 95th percentile.

A little less than the pieces of a stream are apart, so that each is written when it comes and no timer is needed.
"""

PATIENCE = 2.0
"""Seconds between attempts while the database takes nothing."""

DURABLE_EVERY = 100
"""Each so many rows, about every 10 s, one waits for the disk, so that a power cut does not take a whole long answer.

Not more often: no other row is written meanwhile, and a disk that is busy can take longer than what may be lost.
"""


class LogWriter:
    """Gathers pieces and writes them as rows, one write at a time.

    A write begins when a piece comes and the last write is an interval ago, and otherwise by a timer. Timers alone
    would not do: browsers let those of hidden tabs fire only once a second.
    """

    def __init__(
        self,
        database: Database,
        message_id: str,
        clock: Clock,
        tasks: Tasks,
        failed: Callable[[Problem], None],
    ) -> None:
        """`failed` is told each time that a row could not be written; its text is then part of the next attempt."""
        self._database = database
        self._message_id = message_id
        self._clock = clock
        self._tasks = tasks
        self._failed = failed
        self._texts: list[str] = []
        self._reasonings: list[str] = []
        self._number = 1
        self._is_open = False
        self._last = clock.monotonic()
        self._interval = INTERVAL
        self._timer: asyncio.Task[None] | None = None
        self._writing: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Row 0 is in the database: begin to write."""
        self._is_open = True
        self._write_or_wait()

    def add(self, text: str, reasoning: str) -> None:
        """Take more of the answer."""
        if text:
            self._texts.append(text)
        if reasoning:
            self._reasonings.append(reasoning)
        self._write_or_wait()

    def flush(self) -> None:
        """Write now what is there: the tab is about to be hidden, frozen or closed."""
        self._last = self._clock.monotonic() - self._interval
        self._write_or_wait()

    async def close(self) -> None:
        """Write no more; returns when no write is under way."""
        self._is_open = False
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is not None:
            await asyncio.wait({self._writing})

    def _write_or_wait(self) -> None:
        is_idle = self._is_open and self._writing is None
        if not is_idle or not (self._texts or self._reasonings):
            return
        now = self._clock.monotonic()
        wait = self._last + self._interval - now
        if wait <= 0:
            self._last = now
            self._writing = self._tasks.start(self._write())
        elif self._timer is None:
            self._timer = self._tasks.start(self._write_later(wait))

    async def _write_later(self, wait: float) -> None:
        await self._clock.sleep(wait)
        self._timer = None
        self._write_or_wait()

    async def _write(self) -> None:
        texts, reasonings = len(self._texts), len(self._reasonings)
        row = stream_log.row(self._message_id, self._number, "".join(self._texts), "".join(self._reasonings))
        try:
            await self._database.commit([Put(STREAM_LOG, row)], durable=self._number % DURABLE_EVERY == 0)
        except StorageError as error:
            self._interval = PATIENCE
            self._failed(error.problem)
        else:
            self._interval = INTERVAL
            self._number += 1
            del self._texts[:texts]
            del self._reasonings[:reasonings]
        finally:
            self._writing = None
        self._write_or_wait()
