"""The web server of `serve_dev.py`: HTTP/1.1 with keep-alive, validators, ranges and the security headers."""

from __future__ import annotations

import errno
import io
import socket
import sys
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO

from dev.policy import security_headers
from dev.problem import Problem
from dev.ranges import byte_range
from dev.site import Found, Site

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".py": "text/x-python; charset=utf-8",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
"""By suffix; everything else is application/octet-stream."""

REVALIDATE = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"
BLOCK = 1 << 18


class PageHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with the page's files."""

    server: PageServer
    protocol_version = "HTTP/1.1"
    server_version = "berth"
    sys_version = ""
    wbufsize = -1  # headers and small bodies leave in one packet
    timeout = 60

    def do_GET(self) -> None:
        """Send a file."""
        self._reply(with_body=True)

    def do_HEAD(self) -> None:
        """Send a file's headers."""
        self._reply(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the terminal belongs to the messages that matter."""

    def _reply(self, *, with_body: bool) -> None:
        found = self.server.site.find(self.path)
        if found is None:
            self._send_nothing_here(with_body=with_body)
        elif f'"{found.tag}"' in self.headers.get("If-None-Match", ""):
            self._start(HTTPStatus.NOT_MODIFIED, _validators(found))
        else:
            with _open(found) as stream:
                self._send_stream(stream, found, with_body=with_body)

    def _send_nothing_here(self, *, with_body: bool) -> None:
        body = b"There is nothing here.\n"
        headers = {
            "Content-Type": MEDIA_TYPES[".txt"],
            "Content-Length": str(len(body)),
            "Cache-Control": REVALIDATE,
        }
        self._start(HTTPStatus.NOT_FOUND, headers)
        if with_body:
            self.wfile.write(body)

    def _send_stream(self, stream: BinaryIO, found: Found, *, with_body: bool) -> None:
        size = stream.seek(0, io.SEEK_END)
        try:
            wanted = byte_range(self.headers.get("Range", ""), size)
        except ValueError:
            unsatisfiable = {"Content-Range": f"bytes */{size}", "Content-Length": "0"}
            self._start(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, unsatisfiable)
            return
        first, last = wanted or (0, size - 1)
        headers = {
            **_validators(found),
            "Accept-Ranges": "bytes",
            "Content-Type": MEDIA_TYPES.get(found.path.suffix, "application/octet-stream"),
            "Content-Length": str(last - first + 1),
        }
        if wanted:
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        self._start(HTTPStatus.PARTIAL_CONTENT if wanted else HTTPStatus.OK, headers)
        if with_body:
            self._copy(stream, first, last - first + 1)

    def _copy(self, stream: BinaryIO, start: int, count: int) -> None:
        stream.seek(start)
        while count and (block := stream.read(min(BLOCK, count))):
            self.wfile.write(block)
            count -= len(block)

    def _start(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**security_headers(), **headers}.items():
            self.send_header(name, value)
        self.end_headers()


def _validators(found: Found) -> dict[str, str]:
    return {"ETag": f'"{found.tag}"', "Cache-Control": FOR_EVER if found.is_immutable else REVALIDATE}


def _open(found: Found) -> BinaryIO:
    return found.path.open("rb") if found.content is None else io.BytesIO(found.content)


class PageServer(ThreadingHTTPServer):
    """Serves the page on the loopback interface.

    Args:
        port: The port; 0 takes a free one.
        site: What is served.

    Raises:
        Problem: The port is taken, or not allowed.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, site: Site) -> None:
        self.site = site
        try:
            super().__init__(("127.0.0.1", port), PageHandler)
        except (OSError, OverflowError) as error:
            raise _explained(error, port) from None

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.server_port}/"

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection on which small replies are not held back."""
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent when a browser closes a connection early, as it does at every reload."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _explained(error: OSError | OverflowError, port: int) -> Problem:
    other = port + 1 if 0 < port < 65535 else 8000
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return Problem(
            f"Port {port} is taken.",
            cause="Berth is running already, or another program listens there.",
            fix=f"Stop that program, or choose another port: python3 serve_dev.py --port {other}",
        )
    return Problem(
        f"Port {port} cannot be used ({error}).",
        cause="Ports below 1024 belong to the system; the highest is 65535.",
        fix=f"Choose another port: python3 serve_dev.py --port {other}",
    )
