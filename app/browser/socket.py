"""The `Socket` port over the browser's WebSocket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial

import js
from pyodide.ffi import JsException

from app.browser import modules
from app.browser.ffi import settled
from app.browser.stream import BrowserStream
from app.core.http import EVENT_STREAM, HttpFailure, HttpReply, HttpRequest


class BrowserSocket:
    """Opens WebSockets."""

    @asynccontextmanager
    async def stream(
        self, request: HttpRequest, first_byte: float | None = None, idle: float | None = None
    ) -> AsyncIterator[BrowserStream]:
        """See `Socket.stream`."""
        pump, socket = await asyncio.gather(modules.load("pump"), modules.load("socket"))
        controller = js.AbortController.new()
        started = time.monotonic()
        name = f"{request.method} {request.path}"
        message = js.undefined if request.body is None else request.body.decode("utf-8", "replace")
        try:
            opening = settled(socket.open(request.url, message, controller.signal))
            try:
                body = await asyncio.wait_for(opening, first_byte)
            except TimeoutError:
                raise HttpFailure("timeout", name) from None
            except JsException as error:
                raise HttpFailure("rejected", name) from error
            left = None if first_byte is None else max(first_byte - (time.monotonic() - started), 0.001)
            head = HttpReply(200, {"content-type": EVENT_STREAM}, url=request.url)
            with closing(BrowserStream(head, partial(pump.pump, body), name, left, idle)) as stream:
                yield stream
        finally:
            controller.abort()
