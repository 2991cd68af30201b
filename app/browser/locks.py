"""The `Locks` port over the Web Locks API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import js
from pyodide.ffi import create_once_callable

from app.browser.ffi import JsValue, is_nothing, js_object


class BrowserLocks:
    """Locks that the browser frees when the tab is closed, crashes or is killed."""

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:
        """See `Locks.hold`. Pages that are not secure (http from another machine) have no locks: all are free there."""
        locks: JsValue = getattr(js.navigator, "locks", None)
        if is_nothing(locks):
            yield True
            return
        held: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        release = js.Promise.withResolvers()

        def granted(lock: JsValue) -> JsValue:
            if not held.done():
                held.set_result(not is_nothing(lock))
            return release.promise

        try:
            locks.request(name, js_object({"ifAvailable": True}), create_once_callable(granted))
            yield await held
        finally:
            release.resolve()
