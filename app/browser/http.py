"""The `Http` port over the browser's fetch.

Not pyodide.http.pyfetch: with an AbortController of our own, and nothing between us and the promise, one cancelled
task is one ended request, and a network failure is told from a cancellation.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal

import js
from pyodide.ffi import JsException, create_proxy, to_js

from app.browser import modules
from app.browser.ffi import JsValue, is_nothing, js_object, settled
from app.core.http import HttpFailure, HttpReply, HttpRequest

PROBE_TIMEOUT = 2.0
"""Seconds for the requests that only ask whether something is there."""

GATHERING = 50
"""Milliseconds for which the bytes of a stream are gathered: at 20 pieces a second the crossing into Python costs next
to nothing at any speed of the model, and text that grows every 50 ms still flows."""

DEFAULTS: Mapping[str, Any] = {
    "mode": "cors",
    "credentials": "omit",
    "redirect": "error",
    "referrerPolicy": "no-referrer",
    "cache": "no-store",
}
"""No cookies, no referrer, no cache, and no other host than the one that the user entered."""


class BrowserStream:
    """A reply whose body is still arriving. `close` has to be called, and before the request is aborted."""

    def __init__(
        self, response: JsValue, pump: JsValue, name: str, first_byte: float | None, idle: float | None
    ) -> None:
        """`name` is the request's method and path, `pump` the module that gathers the bytes."""
        self.status: int = response.status
        self.headers: Mapping[str, str] = _headers(response)
        self._url: str = response.url
        self._name = name
        self._moved = 0
        self._next: asyncio.Future[bytes | None] | None = None
        self._answer = create_proxy(self._on_answer)
        body = response.body
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


class BrowserHttp:
    """Sends requests with fetch."""

    async def send(self, request: HttpRequest, timeout: float | None = None) -> HttpReply:
        """See `Http.send`."""
        controller = js.AbortController.new()
        try:
            return await asyncio.wait_for(self._exchange(request, controller.signal), timeout)
        except TimeoutError:
            raise HttpFailure("timeout", f"{request.method} {request.path}") from None
        finally:
            controller.abort()

    @asynccontextmanager
    async def stream(
        self, request: HttpRequest, first_byte: float | None = None, idle: float | None = None
    ) -> AsyncIterator[BrowserStream]:
        """See `Http.stream`. The first byte is that of the body, and a limit for it includes the time before it."""
        pump = await modules.load("pump")
        controller = js.AbortController.new()
        started = time.monotonic()
        name = f"{request.method} {request.path}"
        try:
            try:
                response = await asyncio.wait_for(self._open(request, controller.signal), first_byte)
            except TimeoutError:
                raise HttpFailure("timeout", name) from None
            left = None if first_byte is None else max(first_byte - (time.monotonic() - started), 0.001)
            stream = BrowserStream(response, pump, name, left, idle)
            try:
                yield stream
            finally:
                stream.close()
        finally:
            controller.abort()

    async def answers(self, url: str) -> bool:
        """See `Http.answers`."""
        response = await self._probe(url, {"mode": "no-cors", "redirect": "follow"})
        return response is not None

    async def redirects(self, url: str) -> bool:
        """See `Http.redirects`."""
        response = await self._probe(url, {"redirect": "manual"})
        return response is not None and response.type == "opaqueredirect"

    async def _exchange(self, request: HttpRequest, signal: JsValue) -> HttpReply:
        response = await self._open(request, signal)
        try:
            body = await settled(response.arrayBuffer())
        except JsException as error:
            raise HttpFailure("cut", f"{request.method} {request.path}") from error
        return HttpReply(response.status, _headers(response), body.to_bytes(), response.url)

    async def _open(self, request: HttpRequest, signal: JsValue) -> JsValue:
        try:
            return await settled(js.fetch(request.url, _options(request, signal)))
        except JsException as error:
            raise HttpFailure("rejected", f"{request.method} {request.path}") from error

    async def _probe(self, url: str, options: Mapping[str, Any]) -> JsValue | None:
        controller = js.AbortController.new()
        merged = js_object({**DEFAULTS, **options, "signal": controller.signal})
        try:
            return await asyncio.wait_for(settled(js.fetch(url, merged)), PROBE_TIMEOUT)
        except (JsException, TimeoutError):
            return None
        finally:
            controller.abort()


def _options(request: HttpRequest, signal: JsValue) -> JsValue:
    options: dict[str, Any] = {**DEFAULTS, "method": request.method, "signal": signal}
    options["headers"] = js_object(request.headers)
    if request.body is not None:
        options["body"] = to_js(request.body)
    return js_object(options)


def _headers(response: JsValue) -> dict[str, str]:
    headers: dict[str, str] = js.Object.fromEntries(response.headers).to_py()
    return headers
