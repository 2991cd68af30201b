"""Carries a provider's requests to a real server, with the eyes of a page: no CORS header, no reply."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from app.core.http import FileRequest, HttpFailure, HttpReply, HttpRequest

ORIGIN = "http://127.0.0.1:8001"
_BOUNDARY = "----WebKitFormBoundaryBerth"
_SECONDS = 60.0


def send(request: HttpRequest, origin: str = ORIGIN) -> HttpReply:
    """The reply to a request.

    Raises:
        HttpFailure: the server does not allow the origin to read its reply.
    """
    reply = _ask(request, origin)
    if reply.headers.get("access-control-allow-origin") not in {origin, "*"}:
        raise HttpFailure("rejected", f"{request.method} {request.path}")
    return reply


def send_as_page(request: HttpRequest, origin: str = ORIGIN) -> HttpReply:
    """The reply to a request, after the preflight that a browser sends for it.

    Raises:
        HttpFailure: the server does not allow the origin, the method, or one of the headers.
    """
    names = sorted(name.lower() for name in request.headers)
    asking = {
        "Access-Control-Request-Method": request.method,
        "Access-Control-Request-Headers": ",".join(names),
    }
    preflight = _ask(HttpRequest("OPTIONS", request.url, asking), origin)
    allowed = _listed(preflight, "access-control-allow-headers")
    is_allowed = (
        preflight.ok
        and preflight.headers.get("access-control-allow-origin") in {origin, "*"}
        and request.method.lower() in _listed(preflight, "access-control-allow-methods") | {"get", "post"}
        and (set(names) <= allowed or "*" in allowed)
    )
    if not is_allowed:
        raise HttpFailure("rejected", f"{request.method} {request.path}")
    return send(request, origin)


def upload(request: FileRequest, content: bytes) -> HttpReply:
    """The reply to an upload of `content`, as a browser writes the form."""
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{request.part}"; filename="{request.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
    headers = {**request.headers, "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    return send(HttpRequest("POST", request.url, headers, body))


def _ask(request: HttpRequest, origin: str) -> HttpReply:
    address = urlsplit(request.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=_SECONDS)
    try:
        target = address._replace(scheme="", netloc="").geturl()
        connection.request(request.method, target, request.body, {"Origin": origin, **request.headers})
        reply = connection.getresponse()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        body = reply.read()
    finally:
        connection.close()
    return HttpReply(reply.status, headers, body, request.url)


def _listed(reply: HttpReply, name: str) -> set[str]:
    return {one.strip().lower() for one in reply.headers.get(name, "").split(",")}
