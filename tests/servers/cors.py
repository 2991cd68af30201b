"""Owns the CORS headers of a reference server, and the faults of CORS.

The good behaviour is that of the usual Flask extension with every origin allowed: the origin is echoed, a
preflight gets back the headers that it asked for, there is no ``Max-Age`` and there are no credentials.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Flask, Request, Response, g, request

from tests.servers.faults import Faults

METHODS: Final = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"


Policy = Callable[[Request, Response, str | None], None]
"""Adds the CORS headers to an answer; the last argument is the one origin that a fault allows, if any."""


def install(app: Flask, faults: Faults, policy: Policy | None = None) -> None:
    """Add CORS headers to every answer of `app`, errors too, unless a fault or `forget` says otherwise.

    `policy` is the behaviour of another product than the usual Flask extension. To be called before other
    ``after_request`` hooks are registered: Flask runs the first one last.
    """

    @app.after_request
    def add_headers(response: Response) -> Response:
        if g.get("without_cors") or faults.concerns("no-cors", request.endpoint):
            return response
        if request.method == "OPTIONS" and faults.flag("no-cors-on-options"):
            return response
        (policy or _add)(request, response, faults.text("cors-origin"))
        return response


def forget() -> None:
    """Answer the current request without CORS headers."""
    g.without_cors = True


def _add(asked: Request, response: Response, only_origin: str | None) -> None:
    origin = asked.headers.get("Origin")
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = only_origin or origin or "*"
    if origin:
        headers["Vary"] = "Origin"
    if asked.method != "OPTIONS" or "Access-Control-Request-Method" not in asked.headers:
        return
    wanted = asked.headers.get("Access-Control-Request-Headers")
    if wanted:
        headers["Access-Control-Allow-Headers"] = wanted
    headers["Access-Control-Allow-Methods"] = METHODS
    if asked.headers.get("Access-Control-Request-Private-Network") == "true":
        headers["Access-Control-Allow-Private-Network"] = "false"
