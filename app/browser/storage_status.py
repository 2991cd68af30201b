"""The `StorageStatus` and `Canary` ports: the browser on its storage, and a mark outside the database."""

from __future__ import annotations

import js
from pyodide.ffi import JsException

from app.browser.ffi import JsValue, is_nothing, settled
from app.services.ports import Usage

CANARY = "berth-has-database"


class BrowserStorageStatus:
    """navigator.storage, which pages that are not secure do not have."""

    async def usage(self) -> Usage | None:
        """See `StorageStatus.usage`."""
        manager = _manager()
        if manager is None:
            return None
        try:
            estimate = await settled(manager.estimate())
            is_persistent = await settled(manager.persisted())
        except JsException:
            return None
        return Usage(int(estimate.usage or 0), int(estimate.quota or 0), bool(is_persistent))

    async def persist(self) -> bool:
        """See `StorageStatus.persist`."""
        manager = _manager()
        try:
            return manager is not None and bool(await settled(manager.persist()))
        except JsException:
            return False


class LocalCanary:
    """An entry in localStorage, which browsers keep apart from IndexedDB."""

    def is_alive(self) -> bool:
        """See `Canary.is_alive`."""
        try:
            return not is_nothing(js.localStorage.getItem(CANARY))
        except JsException:
            return False

    def set(self, alive: bool) -> None:
        """See `Canary.set`; where the browser refuses, nothing is remembered."""
        try:
            if alive:
                js.localStorage.setItem(CANARY, "yes")
            else:
                js.localStorage.removeItem(CANARY)
        except JsException:
            return


def _manager() -> JsValue | None:
    manager = getattr(js.navigator, "storage", None)
    return None if is_nothing(manager) else manager
