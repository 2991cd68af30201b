"""Trying connections: those in the form, those in the list, and the model lists that have become old."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.core.connection_states import Connections, ConnectionState
from app.core.connections import Connection, ModelRef
from app.core.local_api import Health
from app.core.problems import InvalidInput, Problem, StorageError
from app.core.saved_connections import SavedConnection
from app.core.settings import Settings
from app.core.spending import DayUsage
from app.core.store import Cell
from app.core.typed_connection import TypedConnection
from app.services.connection_store import ConnectionStore
from app.services.examiner import Examined, Examiner
from app.services.ports import Clock
from app.services.tasks import Tasks
from app.services.vault import Vault

FRESH = 600.0
"""Seconds for which a model list is good enough not to be asked for again."""


class ConnectionChecks:
    """Finds out how connections are, and writes it down."""

    def __init__(
        self,
        cell: Cell[Connections],
        settings: Cell[Settings],
        store: ConnectionStore,
        vault: Vault,
        examiner: Examiner,
        clock: Clock,
        tasks: Tasks,
    ) -> None:
        """Keep model lists in `store`, so that the next start has them without asking."""
        self._cell = cell
        self._settings = settings
        self._store = store
        self._vault = vault
        self._examiner = examiner
        self._clock = clock
        self._tasks = tasks

    async def with_key(self, connection: Connection) -> Connection:
        """A connection with its key; waits while the vault is locked.

        Raises:
            InvalidInput: it has one that is not there any more, or the vault stays locked.
            StorageError: the vault cannot be read.
        """
        item = self._cell.value.get(connection.id)
        if item is None or not item.saved.has_key:
            return connection
        key = await self._vault.key(connection)
        if not key:
            raise InvalidInput(Problem.of("connection.key_gone", name=connection.name))
        return replace(connection, key=key)

    async def test(self, typed: TypedConnection, connection_id: str = "") -> Examined:
        """Try what is typed, without storing any of it.

        Raises:
            InvalidInput: what was typed cannot be used, or the vault stays locked.
            StorageError: the vault cannot be read.
        """
        return await self._examiner.examine(await self.typed_connection(typed, connection_id))

    async def typed_connection(self, typed: TypedConnection, connection_id: str = "") -> Connection:
        """The connection that is typed, with the key that is typed or kept.

        Raises:
            InvalidInput: as `test`.
            StorageError: as `test`.
        """
        connection = typed.read(connection_id or "test")
        if connection_id and not connection.key and not typed.drops_key:
            connection = replace(connection, key=await self._vault.key(connection))
        return connection

    async def refresh(self, connection_id: str) -> None:
        """Test a connection and read its models again; nothing happens when that is under way, or it is gone.

        Raises:
            StorageError: the vault cannot be read.
        """
        item = self._cell.value.get(connection_id)
        if item is None or item.is_busy:
            return
        saved = item.saved
        self._change(saved, lambda one: replace(one, is_busy=True))
        examined: Examined | None = None
        try:
            examined = await self._examiner.examine(await self.with_key(saved.connection))
        except InvalidInput as error:
            examined = Examined(Health.KEY, error.problem)
        finally:
            # Not `_change`: by now it may lead elsewhere, and is not busy any more all the same.
            now_there = self._cell.value.get(saved.id)
            if now_there is not None:
                idle = replace(now_there, is_busy=False)
                self._cell.update(lambda connections: connections.with_item(idle))
        await self._take(saved, examined)

    async def refresh_first(self, connection_id: str) -> None:
        """The same for a connection that was just added; a model that is its only one, and the first, is chosen.

        Raises:
            StorageError: as `refresh`.
        """
        await self.refresh(connection_id)
        item = self._cell.value.get(connection_id)
        if item is not None and len(item.models) == 1 and self._settings.value.model is None:
            only = ModelRef(connection_id, item.models[0].id)
            self._settings.update(lambda settings: settings.with_model(only))

    def refresh_stale(self) -> None:
        """Read again, in the background, the lists that are old: never with a key that is locked away."""
        now = self._clock.now()
        vault = self._vault.state
        for item in self._cell.value.items:
            is_old = now - item.listed_at > FRESH
            is_locked = item.saved.has_key and (vault.is_locked or item.id not in vault.held)
            if item.saved.is_enabled and is_old and not is_locked:
                self._tasks.start(self.refresh(item.id))

    def show_usage(self, connection_id: str, usage: DayUsage) -> None:
        """Show what a connection was used for today."""
        item = self._cell.value.get(connection_id)
        if item is not None:
            self._change(item.saved, lambda one: replace(one, today=usage))

    def found(self, connection: Connection, health: Health, problem: Problem | None) -> None:
        """Show what a request to a connection has found out about it."""
        item = self._cell.value.get(connection.id)
        if item is None or item.saved.connection.base_url != connection.base_url:
            return  # it leads elsewhere by now
        if (item.health, item.problem) != (health, problem):
            self._change(item.saved, lambda one: one.found(health, problem))

    async def _take(self, saved: SavedConnection, examined: Examined) -> None:
        """Take over what was found out about a connection."""
        self._change(saved, lambda one: one.found(examined.health, examined.problem))
        models = examined.models
        if models is None:
            return
        now = self._clock.now()
        self._change(saved, lambda one: one.with_list(models, now))
        try:
            await self._store.write_list(saved.id, models, now)
        except StorageError:
            return  # it is on the page, and will be asked for again

    def _change(self, saved: SavedConnection, change: Callable[[ConnectionState], ConnectionState]) -> None:
        """Change what is known about a connection, unless it leads elsewhere by now, or is gone."""
        item = self._cell.value.get(saved.id)
        if item is not None and item.saved.connection == saved.connection:
            changed = change(item)
            self._cell.update(lambda connections: connections.with_item(changed))
