"""The gateway's desk: keys from the vault, limits from the user, figures to the meter, waits to the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from app.core.connection_states import Connections, Wait
from app.core.connections import Connection, ModelRef
from app.core.deltas import Usage
from app.core.local_api import Health
from app.core.problems import ApiError, BerthError
from app.core.saved_connections import Limits
from app.core.spending import facts_of
from app.core.store import Cell
from app.providers import extract
from app.providers.abilities import TellsLimits
from app.providers.base import Provider
from app.services.connection_checks import ConnectionChecks
from app.services.connections import ConnectionBook
from app.services.meter import Meter
from app.services.ports import Clock
from app.services.tasks import Tasks

_HEALTHS: Mapping[int, Health] = {
    401: Health.KEY,
    403: Health.KEY,
    402: Health.LIMITED,
    429: Health.LIMITED,
    404: Health.CONNECTED,
}
"""The refusals that concern the connection, not only the one request: its key, its account, a model that it lacks."""


class ConnectionWait:
    """One request on the page, for as long as it waits."""

    def __init__(self, cell: Cell[Connections], wait: Wait) -> None:
        """Not shown yet."""
        self._cell = cell
        self._wait = wait
        self._is_shown = False

    def show(self, seconds: int | None) -> None:
        """See `Waiting.show`."""
        self._is_shown = True
        wait = replace(self._wait, seconds=seconds)
        self._cell.update(lambda connections: connections.with_wait(wait))

    def end(self) -> None:
        """See `Waiting.end`."""
        if self._is_shown:
            self._is_shown = False
            self._cell.update(lambda connections: connections.without_wait(self._wait.id))


class ConnectionDesk:
    """The `Desk` of the connections that the user added; the local API has neither key nor limits."""

    def __init__(
        self,
        cell: Cell[Connections],
        book: ConnectionBook,
        checks: ConnectionChecks,
        meter: Meter,
        clock: Clock,
        tasks: Tasks,
    ) -> None:
        """Show waits and rate limits in `cell`."""
        self._cell = cell
        self._book = book
        self._checks = checks
        self._meter = meter
        self._clock = clock
        self._tasks = tasks
        self._ids = count(1)

    async def with_key(self, connection: Connection) -> Connection:
        """See `Desk.with_key`."""
        return await self._checks.with_key(connection)

    def limits(self, connection: Connection) -> Limits:
        """See `Desk.limits`."""
        item = self._cell.value.get(connection.id)
        return Limits() if item is None else item.saved.limits

    def waiting(self, connection: Connection) -> ConnectionWait:
        """See `Desk.waiting`."""
        return ConnectionWait(self._cell, Wait(next(self._ids), connection.id, connection.name))

    def asked(self, connection: Connection) -> None:
        """See `Desk.asked`."""
        if self._cell.value.get(connection.id) is not None:
            self._meter.asked(connection.id)

    def answered(self, connection: Connection, provider: Provider, headers: Mapping[str, str]) -> None:
        """See `Desk.answered`."""
        item = self._cell.value.get(connection.id)
        if item is None:
            return
        now = self._clock.now()
        told = provider.limits if isinstance(provider, TellsLimits) else extract.rate_limits
        limits = told(headers, now)
        if limits is not None and limits != item.limits:
            fresh = replace(item, limits=limits)
            self._cell.update(lambda connections: connections.with_item(fresh))

    def used(self, ref: ModelRef, usage: Usage) -> None:
        """See `Desk.used`."""
        item = self._cell.value.get(ref.connection)
        if item is not None:
            self._meter.used(ref.connection, usage, facts_of(item.saved.facts, ref.model))

    def ended(self, connection: Connection, error: BerthError | None) -> None:
        """See `Desk.ended`. What a request found out about its connection, the connection shows."""
        if isinstance(error, ApiError):
            health = _HEALTHS.get(error.status)
            if health is not None:
                self._checks.found(connection, health, error.problem)
        elif error is not None:
            self._tasks.start(self._checks.refresh(connection.id))
        else:
            self._checks.found(connection, Health.CONNECTED, None)

    def learned(self, connection: Connection) -> None:
        """See `Desk.learned`."""
        self._tasks.start(self._book.learn(connection))
