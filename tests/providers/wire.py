"""Carries a provider's requests to a real server, with the eyes of a page: no CORS header, no reply."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from app.core.http import FileRequest, HttpFailure, HttpReply, HttpRequest

ORIGIN = "http://127.0.0.1:8001"
_BOUNDARY = "----WebKitFormBoundaryBerth"
_SECONDS = 60.0


def send(request: HttpRequest) -> HttpReply:
    """The reply to a request.

    Raises:
        HttpFailure: the server does not allow the origin to read its reply.
    """
    address = urlsplit(request.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=_SECONDS)
    try:
        target = address._replace(scheme="", netloc="").geturl()
        connection.request(request.method, target, request.body, {"Origin": ORIGIN, **request.headers})
        reply = connection.getresponse()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        body = reply.read()
    finally:
        connection.close()
    if headers.get("access-control-allow-origin") not in {ORIGIN, "*"}:
        raise HttpFailure("rejected", f"{request.method} {request.path}")
    return HttpReply(reply.status, headers, body, request.url)


def upload(request: FileRequest, content: bytes) -> HttpReply:
    """The reply to an upload of `content`, as a browser writes the form."""
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{request.part}"; filename="{request.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
    headers = {**request.headers, "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    return send(HttpRequest("POST", request.url, headers, body))
