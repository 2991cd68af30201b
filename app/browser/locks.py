"""The `Locks` port over the Web Locks API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import js
from pyodide.ffi import JsException, create_once_callable

from app.browser.ffi import JsValue, is_nothing, js_object, settled


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
            _settle(held, is_held=not is_nothing(lock))
            return release.promise

        async def request() -> None:
            try:
                await settled(
                    locks.request(name, js_object({"ifAvailable": True}), create_once_callable(granted))
                )
            except JsException:  # no locks for this page
                _settle(held, is_held=True)

        requested = asyncio.ensure_future(request())
        try:
            yield await held
        finally:
            release.resolve()
            await requested


def _settle(held: asyncio.Future[bool], *, is_held: bool) -> None:
    if not held.done():
        held.set_result(is_held)
