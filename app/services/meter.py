"""The meter: what was asked of each connection today, and what it cost. It is kept per day, and nothing but numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.core.deltas import Usage
from app.core.problems import StorageError
from app.core.spending import DayUsage, ModelFacts
from app.services.ports import Clock, Conflict, Database, Put
from app.services.tasks import Tasks

USAGE = "usage"
"""The object store: one record for each connection, of the last day on which it was used."""

PATIENCE = 3.0
"""Seconds for which figures are gathered before they are written."""


class Meter:
    """Counts, and adds up with what other tabs have counted."""

    def __init__(
        self, database: Database, clock: Clock, tasks: Tasks, show: Callable[[str, DayUsage], None]
    ) -> None:
        """`show(connection id, usage)` gets the figures of today whenever they change."""
        self._database = database
        self._clock = clock
        self._tasks = tasks
        self._show = show
        self._stored: dict[str, DayUsage] = {}
        self._new: dict[str, DayUsage] = {}
        self._is_writing = False

    def today(self) -> str:
        """The date where the user is."""
        return datetime.fromtimestamp(self._clock.now()).astimezone().date().isoformat()

    async def load(self) -> None:
        """Read what was counted today.

        Raises:
            StorageError: the database cannot be read.
        """
        day = self.today()
        for record in await self._database.with_prefix(USAGE, ""):
            self._stored[record["id"]] = DayUsage.from_record(record, day)
            self._tell(record["id"])

    def asked(self, connection_id: str) -> None:
        """A request was sent."""
        self._add(connection_id, DayUsage(requests=1))

    def used(self, connection_id: str, usage: Usage, facts: ModelFacts | None) -> None:
        """An answer came, with the figures that the API reports; `facts` are what the user knows about its model."""
        spent = None if facts is None else facts.cost(usage)
        self._add(
            connection_id,
            DayUsage(
                tokens_in=usage.prompt_tokens or 0, tokens_out=usage.completion_tokens or 0, spent=spent
            ),
        )

    async def forget(self, connection_id: str) -> None:
        """Delete the figures of a connection that is deleted.

        Raises:
            StorageError: the database cannot be written.
        """
        self._stored.pop(connection_id, None)
        self._new.pop(connection_id, None)
        await self._database.delete(USAGE, connection_id)

    def _add(self, connection_id: str, more: DayUsage) -> None:
        day = self.today()
        new = self._new.get(connection_id)
        new = DayUsage(day) if new is None or new.day != day else new
        self._new[connection_id] = new.plus(more)
        self._tell(connection_id)
        if not self._is_writing:
            self._is_writing = True
            self._tasks.start(self._write_soon())

    def _tell(self, connection_id: str) -> None:
        day = self.today()
        parts = (self._stored.get(connection_id), self._new.get(connection_id))
        total = DayUsage(day)
        for part in parts:
            if part is not None and part.day == day:
                total = total.plus(part)
        self._show(connection_id, total)

    async def _write_soon(self) -> None:
        await self._clock.sleep(PATIENCE)
        self._is_writing = False
        for connection_id in list(self._new):
            await self._write(connection_id)

    async def _write(self, connection_id: str) -> None:
        """Add what is new to what is stored; figures that cannot be stored stay on the page and are tried again."""
        new = self._new.pop(connection_id, None)
        if new is None:
            return
        try:
            record = await self._database.get(USAGE, connection_id)
            total = DayUsage.from_record(record, new.day).plus(new)
            rev = int((record or {}).get("rev", 0))
            put = {**total.to_record(), "id": connection_id, "rev": rev + 1}
            await self._database.commit([Put(USAGE, put, rev)])
        except Conflict:
            self._new[connection_id] = new.plus(self._new.get(connection_id) or DayUsage())
            await self._write(connection_id)
        except StorageError:
            self._new[connection_id] = new.plus(self._new.get(connection_id) or DayUsage())
        else:
            self._stored[connection_id] = total
            self._tell(connection_id)
