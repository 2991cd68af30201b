"""The connections that the user added: kept in the database, and their keys in the vault."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from app.core.connection_states import Connections, ConnectionState
from app.core.connections import Connection, Model
from app.core.problems import Problem, StorageError
from app.core.saved_connections import SavedConnection
from app.core.settings import Settings
from app.core.store import Cell
from app.core.text import t
from app.core.typed_connection import TypedConnection
from app.services.connection_store import ConnectionStore
from app.services.ports import Tabs
from app.services.tasks import Tasks
from app.services.vault import Vault

KIND = "connections"
"""What other tabs are told about."""

KnownModels = Callable[[Connection], tuple[Model, ...]]
"""The models of a connection that its provider knows without asking."""


class ConnectionBook:
    """Adds, changes, orders and deletes connections."""

    def __init__(
        self,
        cell: Cell[Connections],
        settings: Cell[Settings],
        store: ConnectionStore,
        vault: Vault,
        known_models: KnownModels,
        tabs: Tabs,
        tasks: Tasks,
        tell: Callable[[str], None],
        new_id: Callable[[], str],
    ) -> None:
        """Keep connections in `store` and their keys in `vault`; `tell` shows news."""
        self._cell = cell
        self._settings = settings
        self._store = store
        self._vault = vault
        self._known_models = known_models
        self._tabs = tabs
        self._tasks = tasks
        self._tell = tell
        self._new_id = new_id
        self._on_delete: list[Callable[[str], Awaitable[None]]] = []
        tabs.listen(self._heard)

    def on_delete(self, run: Callable[[str], Awaitable[None]]) -> None:
        """Call `run` with the id of a connection that is being deleted."""
        self._on_delete.append(run)

    async def load(self) -> None:
        """Read the connections, and their model lists as they were read last: nothing is asked of any API.

        Raises:
            StorageError: the database cannot be read.
        """
        saved, unreadable = await self._store.all()
        lists = await self._store.lists()
        known = {item.id: item for item in self._cell.value.items}
        items = []
        for one in saved:
            item = known.get(one.id)
            if item is None or item.saved.connection != one.connection:
                item = ConnectionState(one, known=self._known_models(one.connection))
            listed, at = lists.get(one.id, (None, 0.0))
            items.append(replace(item, saved=one, listed=listed, listed_at=at))
        self._cell.update(lambda connections: connections.with_items(items))
        if unreadable:
            raise StorageError(Problem.of("connection.unreadable", count=unreadable))

    def enabled(self) -> tuple[Connection, ...]:
        """The connections that are switched on, without keys."""
        return tuple(item.saved.connection for item in self._cell.value.items if item.saved.is_enabled)

    async def save(self, typed: TypedConnection, connection_id: str = "") -> SavedConnection:
        """Add a connection, or change the one of that id; its key goes into the vault.

        Raises:
            InvalidInput: what was typed cannot be used, or the vault stays locked; nothing was stored.
            StorageError: nothing was stored.
        """
        item = self._cell.value.get(connection_id)
        before = None if item is None else item.saved
        connection = typed.read(connection_id or self._new_id())
        saved = typed.saved(connection, before, self._last_position() + 1)
        if connection.key:
            await self._vault.keep(connection, connection.key)
        try:
            await self._write(saved)
        except StorageError:
            if before is None:
                await self._vault.forget(saved.id)
            raise
        if before is not None and before.has_key and not saved.has_key:
            await self._vault.forget(saved.id)
            if typed.moves(before):
                self._tell(t("connection.key_dropped", name=saved.connection.name))
        return replace(saved, rev=saved.rev + 1)

    async def adopt(self, saved: SavedConnection, key: str) -> bool:
        """Take over a connection from elsewhere, at the end of the list; whether it, or its key, was missing here.

        Raises:
            InvalidInput: the vault stays locked; nothing was stored.
            StorageError: nothing was stored.
        """
        mine = self._namesake(saved)
        if mine is None:
            is_taken = self._cell.value.get(saved.id) is not None
            connection = replace(saved.connection, id=self._new_id() if is_taken else saved.id)
            position = self._last_position() + 1
            mine = replace(saved, connection=connection, position=position, has_key=False, rev=0)
        elif not key or mine.id in self._vault.state.held:
            return False
        if key:
            await self._vault.keep(mine.connection, key)
        await self._write(replace(mine, has_key=bool(key)))
        return True

    async def delete(self, connection_id: str) -> None:
        """Delete a connection with its key.

        Raises:
            StorageError: it could not be deleted.
        """
        item = self._cell.value.get(connection_id)
        await self._vault.forget(connection_id)
        await self._store.delete(connection_id)
        for run in self._on_delete:
            await run(connection_id)
        self._cell.update(lambda connections: connections.without(connection_id))
        model = self._settings.value.model
        if model is not None and model.connection == connection_id:
            self._settings.update(lambda settings: settings.with_model(None))
        self._tabs.announce(KIND, connection_id)
        if item is not None:
            self._tell(t("connection.deleted", name=item.saved.connection.name))

    async def enable(self, connection_id: str, is_enabled: bool) -> None:
        """Switch a connection on or off.

        Raises:
            StorageError: it stays as it was.
        """
        item = self._cell.value.get(connection_id)
        if item is not None:
            await self._write(item.saved.enabled(is_enabled))

    async def move(self, connection_id: str, by: int) -> None:
        """Move a connection up (-1) or down (1) in the list.

        Raises:
            StorageError: it stays where it was.
        """
        items = self._cell.value.items
        at = next((index for index, item in enumerate(items) if item.id == connection_id), -1)
        if at < 0 or not 0 <= at + by < len(items):
            return
        one, other = items[at].saved, items[at + by].saved
        await self._write(replace(one, position=other.position), replace(other, position=one.position))

    async def learn(self, connection: Connection) -> None:
        """Keep how an API wants to be asked.

        Raises:
            StorageError: it could not be stored.
        """
        item = self._cell.value.get(connection.id)
        if item is not None:
            await self._write(replace(item.saved, connection=replace(connection, key="")))

    async def _write(self, *saved: SavedConnection) -> None:
        await self._store.write(saved)
        for one in saved:
            written = replace(one, rev=one.rev + 1)
            item = self._cell.value.get(one.id)
            if item is None or item.saved.connection != one.connection:
                item = ConnectionState(written, known=self._known_models(one.connection))
            fresh = replace(item, saved=written)
            self._cell.update(lambda connections, fresh=fresh: connections.with_item(fresh))  # type: ignore[misc]
            self._tabs.announce(KIND, one.id)

    def _namesake(self, saved: SavedConnection) -> SavedConnection | None:
        """What is here of the same provider, at the same address, under the same name."""
        connection = saved.connection
        for item in self._cell.value.items:
            mine = item.saved.connection
            if (mine.provider, mine.name, mine.base_url) == (
                connection.provider,
                connection.name,
                connection.base_url,
            ):
                return item.saved
        return None

    def _last_position(self) -> float:
        return max((item.saved.position for item in self._cell.value.items), default=0.0)

    def _heard(self, kind: str, _key: str) -> None:
        if kind == KIND:
            self._tasks.start(self.load())
