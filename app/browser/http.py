"""The `Http` port over the browser's fetch.

Not pyodide.http.pyfetch: with an AbortController of our own, and nothing between us and the promise, one cancelled
task is one ended request, and a network failure is told from a cancellation.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from typing import Any

import js
from pyodide.ffi import JsException, to_js

from app.browser import modules
from app.browser.ffi import JsValue, js_object, settled
from app.browser.stream import BrowserStream
from app.core.http import HttpFailure, HttpReply, HttpRequest

PROBE_TIMEOUT = 2.0
"""Seconds for the requests that only ask whether something is there."""

DEFAULTS: Mapping[str, Any] = {
    "mode": "cors",
    "credentials": "omit",
    "redirect": "error",
    "referrerPolicy": "no-referrer",
    "cache": "no-store",
}
"""No cookies, no referrer, no cache, and no other host than the one that the user entered."""


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
        streams = await modules.load("streams")
        started = time.monotonic()
        name = f"{request.method} {request.path}"
        exchange = streams.send(request.url, _options(request))
        try:
            try:
                response = await asyncio.wait_for(settled(exchange.opened), first_byte)
            except TimeoutError:
                raise HttpFailure("timeout", name) from None
            except JsException as error:
                raise HttpFailure("rejected", name) from error
            left = None if first_byte is None else max(first_byte - (time.monotonic() - started), 0.001)
            head = HttpReply(response.status, response.headers.to_py(), url=response.url)
            pump = None if response.isEmpty else exchange.pump
            with closing(BrowserStream(head, pump, name, left, idle)) as stream:
                yield stream
        finally:
            exchange.close()

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
            return await settled(js.fetch(request.url, _options(request, signal=signal)))
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


def _options(request: HttpRequest, **more: JsValue) -> JsValue:
    options: dict[str, Any] = {**DEFAULTS, "method": request.method, **more}
    options["headers"] = js_object(request.headers)
    if request.body is not None:
        options["body"] = to_js(request.body)
    return js_object(options)


def _headers(response: JsValue) -> dict[str, str]:
    headers: dict[str, str] = js.Object.fromEntries(response.headers).to_py()
    return headers
