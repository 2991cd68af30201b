"""Owns what tests may ask of a running server outside its contract: its faults, and what it has seen.

``GET /_control`` tells the faults and the requests. ``POST /_control`` takes ``{"faults": {NAME: VALUE,
...}}``, which replaces all faults, and ``{"forget_requests": true}``. The routes exist only where the server
was started with ``--control``.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Flask, Response, abort, g, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import default_exceptions

from tests.servers import wire
from tests.servers.faults import FaultError, Faults

PATH: Final = "/_control"
_CHUNK: Final = 64 * 1024
_KEPT_REQUESTS: Final = 1000
_KEPT_BODY: Final = 64 * 1024
_HUGE: Final = 32 * 1024 * 1024


@dataclass
class RequestSeen:
    """One request: what was asked, how many bytes of its body have arrived, and how it was answered."""

    method: str
    path: str
    origin: str | None
    headers: dict[str, str]
    body: wire.Body
    text: str | None = None
    status: int | None = None

    def as_json(self) -> dict[str, Any]:
        """What the control route tells of it."""
        return {
            "method": self.method,
            "path": self.path,
            "origin": self.origin,
            "headers": self.headers,
            "bytes_received": self.body.received,
            "body": self.text,
            "status": self.status,
        }


@dataclass
class Recorder:
    """The last requests that a server has seen, oldest first."""

    _seen: deque[RequestSeen] = field(default_factory=lambda: deque(maxlen=_KEPT_REQUESTS))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, seen: RequestSeen) -> None:
        """Remember a request."""
        with self._lock:
            self._seen.append(seen)

    def forget(self) -> None:
        """Start over."""
        with self._lock:
            self._seen.clear()

    def as_json(self) -> list[dict[str, Any]]:
        """All of them, as they stand now."""
        with self._lock:
            return [seen.as_json() for seen in self._seen]


Details = Callable[[], dict[str, Any]]


def install(app: Flask, faults: Faults, *, uploads: frozenset[str], details: Details | None) -> None:
    """Record the requests of `app` and let the faults that are not particular to an endpoint work on it.

    `uploads` names the endpoints whose bodies are files. The control routes are added when there are
    `details`: what the server itself tells tests.
    """
    recorder = Recorder()

    @app.before_request
    def record_and_break() -> ResponseReturnValue | None:
        if request.path == PATH:
            return None
        _record(recorder, keep_text=request.endpoint not in uploads)
        if faults.concerns("refuse", request.endpoint):
            raise wire.ConnectionDropped
        if request.method == "OPTIONS":
            return None
        if request.endpoint in uploads:
            wire.pace_upload(request, faults)
            _limit_upload(faults)
        return _broken_answer(faults)

    @app.after_request
    def note_status(response: Response) -> Response:
        if "seen" in g:
            if response.status_code >= 400 and faults.flag("html-error"):
                response = html_error(response.status_code)
            g.seen.status = response.status_code
        return response

    if details is not None:
        _add_routes(app, faults, recorder, details)


def html_error(status: int) -> Response:
    """The framework's own HTML page for this status."""
    error = default_exceptions.get(status, default_exceptions[500])()
    page = Response(error.get_body(), status=status)
    page.headers["Content-Type"] = "text/html; charset=utf-8"
    return page


def _record(recorder: Recorder, *, keep_text: bool) -> None:
    g.seen = RequestSeen(
        method=request.method,
        path=request.path,
        origin=request.headers.get("Origin"),
        headers=dict(request.headers),
        body=wire.connection(request).body,
    )
    recorder.add(g.seen)
    if keep_text and 0 < (request.content_length or 0) <= _KEPT_BODY:
        g.seen.text = request.get_data().decode(errors="replace")


def _limit_upload(faults: Faults) -> None:
    late, early = faults.integer("too-large"), faults.integer("too-large-early")
    if early is not None and (request.content_length or 0) > early:
        wire.connection(request).leave_body_unread()
        abort(413)
    if late is not None and (request.content_length or 0) > late:
        while request.stream.read(_CHUNK):
            pass
        abort(413)


def _broken_answer(faults: Faults) -> ResponseReturnValue | None:
    where = faults.text("redirect")
    if where is not None:
        return redirect(where)
    status = faults.targeted("status", request.endpoint)
    if status is not None:
        return jsonify(error=f"The server was told to answer {status}"), int(status)
    kind = faults.targeted("garbage", request.endpoint)
    return None if kind is None else _garbage(kind)


def _garbage(kind: str) -> Response:
    if kind == "html":
        return Response("<!doctype html><title>Welcome</title><h1>It works!</h1>", mimetype="text/html")
    if kind == "text":
        return Response("It works, but this is no JSON.", mimetype="application/json")
    if kind == "shape":
        return jsonify(payload=[{"kind": "unknown", "value": 42}], ok="yes")
    if kind == "truncated":
        return Response('{"models": [{"name": "a.gg', mimetype="application/json")
    if kind == "empty":
        return Response("", mimetype="application/json")
    blocks = _HUGE // 1024
    return Response((b" " * 1024 for _ in range(blocks)), mimetype="application/json")


def _add_routes(app: Flask, faults: Faults, recorder: Recorder, details: Details) -> None:
    @app.get(PATH)
    def control_state() -> Response:
        return jsonify(faults=faults.all(), requests=recorder.as_json(), **details())

    @app.post(PATH)
    def control_change() -> ResponseReturnValue:
        wanted = request.get_json()
        try:
            if "faults" in wanted:
                faults.replace(wanted["faults"])
        except FaultError as error:
            return jsonify(error=str(error)), 400
        if wanted.get("forget_requests"):
            recorder.forget()
        return control_state()
