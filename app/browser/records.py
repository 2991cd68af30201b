"""The database: the `Database` port over IndexedDB, by way of static/js/database.mjs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from pyodide.ffi import JsException, create_proxy

from app.browser.ffi import JsValue, settled
from app.browser.modules import load
from app.core.problems import Problem, StorageError
from app.services.ports import Conflict, Delete, DeletePrefix, Put, Write

NAME = "berth"


class BrowserRecords:
    """One database, opened when it is first needed."""

    def __init__(self, report: Callable[[Problem], None] | None = None, name: str = NAME) -> None:
        """`report` is told when another tab holds up the opening, or has closed the database for a newer version."""
        self._name = name
        self._report = report or (lambda _: None)
        self._module: JsValue = None
        self._database: JsValue = None
        self._is_outdated = False
        self._opening = asyncio.Lock()
        self._tell = create_proxy(self._on_event)

    async def open(self) -> bool:
        """Open the database now; whether it was not there before.

        Raises:
            StorageError: the browser has no storage for this page, or cannot read it.
        """
        if self._is_outdated:
            raise StorageError(Problem.of("storage.outdated"))
        try:
            self._module = await load("database")
            opened = await settled(self._module.open(self._name, self._tell))
        except JsException as error:
            raise _explained(error, "storage.unusable") from error
        self._database = opened.database
        return bool(opened.created)

    async def get(self, store: str, key: str) -> Any | None:
        """See `Records.get`."""
        return json.loads(await self._call("get", store, key))

    async def put(self, store: str, key: str, record: Any) -> None:
        """See `Records.put`; the record, an object, is stored with its key in `id`."""
        await self.commit([Put(store, {**record, "id": key})], durable=True)

    async def delete(self, store: str, key: str) -> None:
        """See `Records.delete`."""
        await self.commit([Delete(store, key)])

    async def get_many(self, store: str, keys: Sequence[str]) -> list[Any | None]:
        """See `Database.get_many`."""
        records: list[Any | None] = json.loads(await self._call("getMany", store, json.dumps(list(keys))))
        return records

    async def by_index(self, store: str, index: str, values: Sequence[str]) -> list[list[Any]]:
        """See `Database.by_index`."""
        text = await self._call("byIndex", store, index, json.dumps(list(values)))
        records: list[list[Any]] = json.loads(text)
        return records

    async def page(self, store: str, index: str, after: Any | None, count: int) -> list[Any]:
        """See `Database.page`."""
        records: list[Any] = json.loads(await self._call("page", store, index, json.dumps(after), count))
        return records

    async def with_prefix(self, store: str, prefix: str) -> list[Any]:
        """See `Database.with_prefix`."""
        records: list[Any] = json.loads(await self._call("withPrefix", store, prefix))
        return records

    async def keys(self, store: str, prefix: str) -> list[str]:
        """See `Database.keys`."""
        keys: list[str] = json.loads(await self._call("keys", store, prefix))
        return keys

    async def count(self, store: str) -> int:
        """See `Database.count`."""
        return int(await self._call("count", store))

    async def commit(self, writes: Sequence[Write], durable: bool = False) -> None:
        """See `Database.commit`."""
        if writes and not await self._call("commit", json.dumps([_form(write) for write in writes]), durable):
            raise Conflict(Problem.of("storage.conflict"))

    async def _call(self, function: str, *arguments: JsValue) -> Any:
        async with self._opening:
            if self._database is None:
                await self.open()
        try:
            return await settled(getattr(self._module, function)(self._database, *arguments))
        except JsException as error:
            raise _explained(error, "storage.failed") from error

    def _on_event(self, event: str) -> None:
        if event == "blocked":
            self._report(Problem.of("storage.blocked"))
            return
        self._database = None
        if event == "outdated":
            self._is_outdated = True
            self._report(Problem.of("storage.outdated"))


def _form(write: Write) -> dict[str, Any]:
    match write:
        case Put():
            return {"store": write.store, "put": write.record, "based_on": write.based_on}
        case Delete():
            return {"store": write.store, "remove": write.key, "based_on": write.based_on}
        case DeletePrefix():
            return {"store": write.store, "prefix": write.prefix}


def _explained(error: JsException, otherwise: str) -> StorageError:
    """A full disk is told from everything else; the browser's own words go with it."""
    details = f"{error.name}: {error.message}"
    return StorageError(
        Problem.of("storage.full" if error.name == "QuotaExceededError" else otherwise, details=details)
    )
