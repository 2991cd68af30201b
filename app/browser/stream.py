"""A reply whose body is still arriving: the `HttpStream` port over a pump, wherever that runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Literal

from pyodide.ffi import create_proxy

from app.browser.ffi import JsValue, light_future
from app.core.http import HttpFailure, HttpReply

GATHERING = 100
"""Milliseconds for which the bytes of a stream are gathered. What a stream costs the page is what its pieces cost, each
of which is read, stored, rendered and painted; text that grows ten times a second still flows."""


class BrowserStream:
    """A reply whose body is still arriving. `close` has to be called, and before the request is aborted."""

    def __init__(
        self,
        head: HttpReply,
        pump: Callable[..., JsValue] | None,
        name: str,
        first_byte: float | None,
        idle: float | None,
    ) -> None:
        """`pump` begins to read the body, as static/js/pump.mjs says; None when there is none.

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
        self._pump = None if pump is None else pump(GATHERING, *limits, self._answer)

    async def chunks(self) -> AsyncIterator[bytes]:
        """See `HttpStream.chunks`."""
        while self._pump is not None:
            self._next = light_future()
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
