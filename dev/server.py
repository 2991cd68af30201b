"""The static web server of `serve_dev.py`: HTTP/1.1 with keep-alive, validators, ranges and the security headers."""

from __future__ import annotations

import hashlib
import io
import re
import socket
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from dev.app_bundle import APP_ZIP, AppBundle
from dev.paths import ROOT
from dev.policy import security_headers

SERVED = ("index.html", "pyscript.toml", "app", "static")
"""What of the checkout is the page; nothing else is served."""

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gguf": "application/octet-stream",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".py": "text/x-python; charset=utf-8",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}

BLOCK = 1 << 18


def resolve(url: str) -> Path | None:
    """Return the file that a request target names, or None when nothing is served there.

    Names that start with a dot, and everything outside the page's own files, are not served.
    """
    parts = [part for part in unquote(urlsplit(url).path).split("/") if part]
    if any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        return None
    path = ROOT.joinpath(*(parts or ["index.html"]))
    if (parts or SERVED)[0] not in SERVED or not path.is_file():
        return None
    return path


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte that a Range header asks for, or None when the whole file is to be sent.

    Raises:
        ValueError: The range lies outside the file (status 416).
    """
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", header.strip())
    if not match or match[0] == "bytes=-":
        return None
    if not match[1]:
        first, last = max(size - int(match[2]), 0), size - 1
    else:
        first, last = int(match[1]), min(int(match[2] or size), size - 1)
    if first > last:
        raise ValueError(header)
    return first, last


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
        path = resolve(self.path)
        if path is None:
            self._send_text(HTTPStatus.NOT_FOUND, "Not found.\n", with_body)
            return
        if path == APP_ZIP:
            self._send_bytes(self.server.app.current(), path, with_body)
            return
        with path.open("rb") as stream:
            self._send_file(stream, path, with_body)

    def _send_bytes(self, data: bytes, path: Path, with_body: bool) -> None:
        self._send(io.BytesIO(data), len(data), hashlib.sha256(data).hexdigest()[:32], path, with_body)

    def _send_file(self, stream: BinaryIO, path: Path, with_body: bool) -> None:
        status = path.stat()
        self._send(stream, status.st_size, f"{status.st_mtime_ns:x}-{status.st_size:x}", path, with_body)

    def _send(self, stream: BinaryIO, size: int, tag: str, path: Path, with_body: bool) -> None:
        etag = f'"{tag}"'
        if etag in self.headers.get("If-None-Match", ""):
            self._start(HTTPStatus.NOT_MODIFIED, {"ETag": etag})
            return
        headers = {"Content-Type": MEDIA_TYPES.get(path.suffix, "application/octet-stream"), "ETag": etag, "Accept-Ranges": "bytes"}
        first, last, status = 0, size - 1, HTTPStatus.OK
        try:
            wanted = byte_range(self.headers.get("Range", ""), size)
        except ValueError:
            self._start(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {"Content-Range": f"bytes */{size}", "Content-Length": "0"})
            return
        if wanted:
            first, last = wanted
            status = HTTPStatus.PARTIAL_CONTENT
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        self._start(status, {**headers, "Content-Length": str(last - first + 1)})
        if with_body:
            self._copy(stream, first, last - first + 1)

    def _copy(self, stream: BinaryIO, start: int, count: int) -> None:
        stream.seek(start)
        while count and (block := stream.read(min(BLOCK, count))):
            self.wfile.write(block)
            count -= len(block)

    def _send_text(self, status: HTTPStatus, text: str, with_body: bool) -> None:
        body = text.encode()
        self._start(status, {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))})
        if with_body:
            self.wfile.write(body)

    def _start(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**self.server.security_headers(), "Cache-Control": "no-cache", **headers}.items():
            self.send_header(name, value)
        self.end_headers()


class PageServer(ThreadingHTTPServer):
    """Serves the page on the loopback interface.

    Args:
        port: The port; 0 takes a free one.
        app: Hands out app.zip.

    Raises:
        OSError: The port is taken.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, app: AppBundle) -> None:
        self.app = app
        super().__init__(("127.0.0.1", port), PageHandler)

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.server_port}/"

    def security_headers(self) -> dict[str, str]:
        return security_headers()

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection; small replies are not held back."""
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address
