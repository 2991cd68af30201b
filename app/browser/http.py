"""The `Http` port over the browser's fetch.

Not pyodide.http.pyfetch: with an AbortController of our own, and nothing between us and the promise, one cancelled
task is one ended request, and a network failure is told from a cancellation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import js
from pyodide.ffi import JsException, to_js

from app.browser.ffi import JsValue, js_object, settled
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

    async def answers(self, url: str) -> bool:
        """See `Http.answers`."""
        response = await self._probe(url, {"mode": "no-cors", "redirect": "follow"})
        return response is not None

    async def redirects(self, url: str) -> bool:
        """See `Http.redirects`."""
        response = await self._probe(url, {"redirect": "manual"})
        return response is not None and response.type == "opaqueredirect"

    async def _exchange(self, request: HttpRequest, signal: JsValue) -> HttpReply:
        name = f"{request.method} {request.path}"
        try:
            response = await settled(js.fetch(request.url, _options(request, signal)))
        except JsException as error:
            raise HttpFailure("rejected", name) from error
        try:
            body = await settled(response.arrayBuffer())
        except JsException as error:
            raise HttpFailure("cut", name) from error
        return HttpReply(response.status, _headers(response), body.to_bytes(), response.url)

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
