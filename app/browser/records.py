"""The `Records` port over IndexedDB."""

from __future__ import annotations

from typing import Any

from pyodide.ffi import JsException, create_proxy

from app.browser.ffi import JsValue, is_nothing, js_json, js_object, py_json, settled
from app.browser.modules import load
from app.core.problems import Problem, StorageError

NAME = "berth"
VERSION = 1
STORES_BY_VERSION: dict[int, tuple[str, ...]] = {1: ("settings",)}
"""The object stores that each version of the database added."""


class BrowserRecords:
    """One database, opened when it is first needed."""

    def __init__(self) -> None:
        """Not open yet."""
        self._database: JsValue | None = None

    async def get(self, store: str, key: str) -> Any | None:
        """See `Records.get`."""
        value = await self._request("get", store, key)
        return None if is_nothing(value) else py_json(value)

    async def put(self, store: str, key: str, record: Any) -> None:
        """See `Records.put`."""
        await self._request("put", store, js_json(record), key)

    async def delete(self, store: str, key: str) -> None:
        """See `Records.delete`."""
        await self._request("delete", store, key)

    async def _request(self, method: str, *arguments: JsValue) -> JsValue:
        try:
            if self._database is None:
                self._database = await _open()
            return await settled(getattr(self._database, method)(*arguments))
        except JsException as error:
            raise StorageError(Problem.of("storage.failed", details=str(error))) from error


async def _open() -> JsValue:
    idb = await load("idb")

    def upgrade(database: JsValue, old: int, _new: int, _transaction: JsValue, _event: JsValue) -> None:
        for version in range(int(old) + 1, VERSION + 1):
            for store in STORES_BY_VERSION[version]:
                database.createObjectStore(store)

    proxy = create_proxy(upgrade)
    try:
        return await settled(idb.openDB(NAME, VERSION, js_object({"upgrade": proxy})))
    finally:
        proxy.destroy()
