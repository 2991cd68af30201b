"""Owns the socket side of a reference server: serve, count and pace what arrives, break connections.

Werkzeug's threaded server carries the requests. It answers HTTP/1.1 with ``Connection: close``, and after an
answer it reads what the client still sends, so that an early 413 is seen instead of a reset.
"""

from __future__ import annotations

import io
import select
import socket
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from flask import Flask, Request, Response
from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler

from tests.servers.faults import Faults

_ENVIRON_KEY: Final = "berth.connection"
_PACED_READS_PER_SECOND: Final = 20


class ConnectionDropped(BaseException):
    """Ends the current request by resetting its connection, without (the rest of) an answer.

    Not an `Exception`, so that no framework turns it into a 500.
    """


class Body:
    """The request body as it arrives: counts its bytes; slows, stalls or breaks the transfer if told so."""

    def __init__(self, raw: io.BufferedIOBase) -> None:
        self.received = 0
        self.pace: Callable[[int, int], int] = lambda _received, size: size
        """Called before each read with the bytes received and wanted; gives how many to read. May wait."""
        self._raw = raw

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes of the body (all of it when negative), less only at its end or when paced."""
        data = self._raw.read(self.pace(self.received, size))
        self.received += len(data)
        return data

    def readline(self, size: int = -1) -> bytes:
        """One line; only the HTTP parser asks for it."""
        return self._raw.readline(size)

    def close(self) -> None:
        """Close the underlying stream."""
        self._raw.close()


class Handler(WSGIRequestHandler):
    """One connection. Its body is reachable from the request; `ConnectionDropped` resets its socket."""

    body: Body

    def setup(self) -> None:
        """Count what arrives from the first byte on."""
        super().setup()
        self.rfile = self.body = Body(self.rfile)  # type: ignore[assignment]

    def make_environ(self) -> dict[str, Any]:
        """The WSGI environment, which leads back to this connection."""
        environ = super().make_environ()
        environ[_ENVIRON_KEY] = self
        return environ

    def handle_expect_100(self) -> bool:
        """Nothing: Werkzeug says 100 Continue itself."""
        return True

    def leave_body_unread(self) -> None:
        """Close right after the answer, whatever the client is still sending."""
        self.rfile = io.BytesIO()

    def finish(self) -> None:
        """Close both directions; a body that was left unread too, or the socket would stay open."""
        super().finish()
        self.body.close()

    def run_wsgi(self) -> None:
        """Answer one request."""
        try:
            super().run_wsgi()
        except ConnectionDropped:
            self._reset()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are recorded, not logged."""

    def _reset(self) -> None:
        self.close_connection = True
        # Linger 0 makes close() send a reset instead of a regular end of stream.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.body.close()
        self.wfile.close()
        self.connection.close()


class Server(ThreadedWSGIServer):
    """One thread per connection; none of them outlives the process."""

    daemon_threads = True


def make_server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """A server that listens already; port 0 takes a free one, told by its `port`."""
    return Server(host, port, app, Handler)


def connection(request: Request) -> Handler:
    """The connection that carries this request."""
    handler = request.environ[_ENVIRON_KEY]
    assert isinstance(handler, Handler)
    return handler


def is_gone(handler: Handler) -> bool:
    """Whether the client has closed the connection, or it broke."""
    readable, _, _ = select.select([handler.connection], [], [], 0)
    try:
        return bool(readable) and not handler.connection.recv(1, socket.MSG_PEEK)
    except OSError:
        return True


def stopping_half_way(response: Response) -> Response:
    """The same answer, but the connection is reset in the middle of its body."""
    data = response.get_data()

    def half() -> Iterator[bytes]:
        yield data[: len(data) // 2]
        raise ConnectionDropped

    broken = Response(half(), status=response.status, headers=list(response.headers))
    broken.headers["Content-Length"] = str(len(data))
    return broken


def pace_upload(request: Request, faults: Faults) -> None:
    """Let the upload faults work on the body of this request."""
    handler = connection(request)
    started = time.monotonic()

    def pace(received: int, size: int) -> int:
        stop, stall, rate = (faults.number(f"upload-{name}") for name in ("stop", "stall", "rate"))
        if stop is not None:
            if received >= stop:
                raise ConnectionDropped
            size = _less(size, int(stop) - received)
        if stall is not None:
            if received >= stall:
                faults.hold_while("upload-stall")
            else:
                size = _less(size, int(stall) - received)
        if rate:
            time.sleep(max(0.0, received / rate - (time.monotonic() - started)))
            size = _less(size, max(1, int(rate / _PACED_READS_PER_SECOND)))
        return size

    if faults.flag("upload-rate") or faults.flag("upload-stall"):
        # A small buffer, so that the client soon feels that nobody reads.
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    handler.body.pace = pace


def _less(size: int, limit: int) -> int:
    return limit if size < 0 else min(size, limit)
