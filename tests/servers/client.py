"""Owns a plain HTTP client for the tests of the reference servers: one request, one reply, nothing hidden."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from tests.servers.process import ServerProcess

ORIGIN: Final = "http://127.0.0.1:8001"
BOUNDARY: Final = "----test-boundary"
_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Reply:
    """An answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; an assertion fails when it is not sent as such."""
        assert self.headers["content-type"] == "application/json", self.body
        return json.loads(self.body)

    @property
    def html(self) -> str:
        """The body as HTML; an assertion fails when it is not sent as such."""
        assert self.headers["content-type"].startswith("text/html"), self.body
        return self.body.decode()

    @property
    def allowed_origin(self) -> str | None:
        """The origin that may read this answer."""
        return self.headers.get("access-control-allow-origin")


def ask(
    server: ServerProcess,
    method: str,
    path: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = _SECONDS,
) -> Reply:
    """Send one request as a page would, with an Origin. A `body` that is not bytes is sent as JSON."""
    address = urlsplit(server.base_url)
    sent = {"Origin": ORIGIN, **(headers or {})}
    data = body if isinstance(body, bytes) else None
    if body is not None and data is None:
        data = json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=seconds)
    try:
        connection.request(method, address.path + path, data, sent)
        reply = connection.getresponse()
        names = {name.lower(): value for name, value in reply.getheaders()}
        return Reply(reply.status, names, reply.read())
    finally:
        connection.close()


def form(filename: str | None, content: bytes, field: str = "file") -> tuple[bytes, dict[str, str]]:
    """A multipart body with one part, and its headers; no file name at all when `filename` is `None`."""
    name = "" if filename is None else f'; filename="{filename}"'
    start = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"{name}\r\n\r\n'
    body = start.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def upload(server: ServerProcess, filename: str, content: bytes, path: str = "/models") -> Reply:
    """Upload a file in one go."""
    body, headers = form(filename, content)
    return ask(server, "POST", path, body, headers)


def open_upload(server: ServerProcess, filename: str, size: int) -> socket.socket:
    """Start an upload of `size` bytes of content without sending any; what the socket sends is content."""
    address = urlsplit(server.base_url)
    body, headers = form(filename, b"")
    end = f"\r\n--{BOUNDARY}--\r\n".encode()
    head = f"POST {address.path}/models HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {ORIGIN}\r\n"
    head += f"Content-Type: {headers['Content-Type']}\r\nContent-Length: {len(body) + size}\r\n\r\n"
    connection = socket.create_connection(("127.0.0.1", address.port), timeout=_SECONDS)
    connection.sendall(head.encode() + body.removesuffix(end))
    return connection
