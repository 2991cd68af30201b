"""The database that all services use: the browser's, or one in memory where the browser has none that works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from app.core.problems import Problem, StorageError
from app.services.memory_database import MemoryDatabase
from app.services.ports import Canary, Database, Write


class OpenedDatabase(Database, Protocol):
    """A database that has to be opened."""

    async def open(self) -> bool:
        """Open it; whether it was not there before.

        Raises:
            StorageError: it cannot be opened.
        """
        ...


class Storage:
    """The `Database` port in front of one of two databases.

    Nothing is ever silent about it: when the browser's database cannot be used, or when it is empty although there
    was one, the user is told what that means.
    """

    def __init__(self, database: OpenedDatabase, canary: Canary, warn: Callable[[Problem], None]) -> None:
        """Use `database` when it opens; `canary` remembers outside of it that there is one."""
        self._primary = database
        self._canary = canary
        self._warn = warn
        self._database: Database = database

    @property
    def is_kept(self) -> bool:
        """Whether what is written survives the page."""
        return self._database is self._primary

    async def start(self) -> None:
        """Open the database. Never fails: without one the page works until it is closed, and says so."""
        try:
            is_new = await self._primary.open()
        except StorageError as error:
            self._database = MemoryDatabase()
            self._warn(error.problem)
            return
        if is_new and self._canary.is_alive():
            self._warn(Problem.of("storage.lost"))
        self._canary.set(True)

    async def get(self, store: str, key: str) -> Any | None:
        """See `Records.get`."""
        return await self._database.get(store, key)

    async def put(self, store: str, key: str, record: Any) -> None:
        """See `Records.put`."""
        await self._database.put(store, key, record)

    async def delete(self, store: str, key: str) -> None:
        """See `Records.delete`."""
        await self._database.delete(store, key)

    async def get_many(self, store: str, keys: Sequence[str]) -> list[Any | None]:
        """See `Database.get_many`."""
        return await self._database.get_many(store, keys)

    async def by_index(self, store: str, index: str, values: Sequence[str]) -> list[list[Any]]:
        """See `Database.by_index`."""
        return await self._database.by_index(store, index, values)

    async def page(self, store: str, index: str, after: Any | None, count: int) -> list[Any]:
        """See `Database.page`."""
        return await self._database.page(store, index, after, count)

    async def with_prefix(self, store: str, prefix: str) -> list[Any]:
        """See `Database.with_prefix`."""
        return await self._database.with_prefix(store, prefix)

    async def keys(self, store: str, prefix: str) -> list[str]:
        """See `Database.keys`."""
        return await self._database.keys(store, prefix)

    async def count(self, store: str) -> int:
        """See `Database.count`."""
        return await self._database.count(store)

    async def commit(self, writes: Sequence[Write], durable: bool = False) -> None:
        """See `Database.commit`."""
        await self._database.commit(writes, durable)
