"""A reply whose body is still arriving: the `HttpStream` port over a `ReadableStream`, whatever fills that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Literal

from pyodide.ffi import create_proxy

from app.browser.ffi import JsValue, is_nothing
from app.core.http import HttpFailure, HttpReply

GATHERING = 50
"""Milliseconds for which the bytes of a stream are gathered: at 20 pieces a second the crossing into Python costs next
to nothing at any speed of the model, and text that grows every 50 ms still flows."""


class BrowserStream:
    """A reply whose body is still arriving. `close` has to be called, and before the request is aborted."""

    def __init__(
        self,
        head: HttpReply,
        body: JsValue,
        pump: JsValue,
        name: str,
        first_byte: float | None,
        idle: float | None,
    ) -> None:
        """`body` is a `ReadableStream` or nothing, `pump` the module that reads it.

        `name` is the request's method and path.
        """
        self.status: int = head.status
        self.headers: Mapping[str, str] = head.headers
        self._url = head.url
        self._name = name
        self._moved = 0
        self._next: asyncio.Future[bytes | None] | None = None
        self._answer = create_proxy(self._on_answer)
        limits = ((limit or 0) * 1000 for limit in (first_byte, idle))
        self._pump = None if is_nothing(body) else pump.pump(body, GATHERING, *limits, self._answer)

    async def chunks(self) -> AsyncIterator[bytes]:
        """See `HttpStream.chunks`."""
        while self._pump is not None:
            self._next = asyncio.get_running_loop().create_future()
            self._pump.next()
            data = await self._next
            if data is None:
                return
            self._moved += len(data)
            yield data

    async def read(self) -> HttpReply:
        """See `HttpStream.read`."""
        body = b"".join([chunk async for chunk in self.chunks()])
        return HttpReply(self.status, self.headers, body, self._url)

    def close(self) -> None:
        """Take nothing more."""
        if self._pump is not None:
            self._pump.stop()
        self._answer.destroy()

    def _on_answer(self, piece: JsValue = None, failure: str | None = None) -> None:
        if self._next is None or self._next.done():
            return
        if failure is not None:
            kind: Literal["timeout", "cut"] = "timeout" if failure == "TimeoutError" else "cut"
            self._next.set_exception(HttpFailure(kind, self._name, self._moved))
        else:
            self._next.set_result(None if piece is None else piece.to_bytes())
