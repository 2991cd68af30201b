"""The ports over real sockets, with the eyes of a page: what CORS does not allow to be read is not read."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec
from urllib.parse import urlsplit

from app.core.http import FileRequest, HttpFailure, HttpReply, HttpRequest
from app.services.ports import LocalFile, UploadProgress
from tests.services.fakes import ORIGIN, FakeStream
from tests.services.virtual_time import to_the_end

P = ParamSpec("P")

_BOUNDARY = "----WebKitFormBoundaryBerth"
_CHUNK = 2**16
_PATIENCE = 10.0


def in_real_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Makes an async test a plain one."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(to_the_end(test(*args, **kwargs)))

    return run


class LiveHttp:
    """The `Http` port."""

    async def send(self, request: HttpRequest, timeout: float | None = None) -> HttpReply:
        try:
            return await asyncio.wait_for(asyncio.to_thread(_readable, request), timeout)
        except TimeoutError:
            raise HttpFailure("timeout", f"{request.method} {request.path}") from None

    @asynccontextmanager
    async def stream(
        self, request: HttpRequest, first_byte: float | None = None, idle: float | None = None
    ) -> AsyncIterator[FakeStream]:
        async with asyncio.timeout(idle):
            whole = await self.send(request, first_byte)
        yield FakeStream(whole)

    async def answers(self, url: str) -> bool:
        return await asyncio.to_thread(_status, url) is not None

    async def redirects(self, url: str) -> bool:
        status = await asyncio.to_thread(_status, url)
        return status is not None and 300 <= status < 400


class LiveFile:
    """A file on this disk."""

    def __init__(self, path: Path, name: str = "") -> None:
        self.path = path
        self.name = name or path.name
        self.size = path.stat().st_size

    async def head(self, count: int) -> bytes:
        with self.path.open("rb") as file:
            return file.read(count)


class LiveUploader:
    """The `Uploader` port."""

    async def upload(self, request: FileRequest, file: LocalFile, progress: UploadProgress) -> HttpReply:
        assert isinstance(file, LiveFile)
        loop = asyncio.get_running_loop()

        def report(moved: int, is_sent: bool) -> None:
            loop.call_soon_threadsafe(progress, moved, is_sent)

        return await asyncio.to_thread(_upload, request, file, report)


def _readable(request: HttpRequest) -> HttpReply:
    name = f"{request.method} {request.path}"
    try:
        reply = _exchange(request)
    except http.client.IncompleteRead as error:
        raise HttpFailure("cut", name) from error
    except (OSError, http.client.HTTPException) as error:
        raise HttpFailure("rejected", name) from error
    return _allowed(reply, name, 0)


def _allowed(reply: HttpReply, name: str, moved: int) -> HttpReply:
    is_allowed = reply.headers.get("access-control-allow-origin") in {ORIGIN, "*"}
    if not is_allowed or 300 <= reply.status < 400:
        raise HttpFailure("cut" if moved else "rejected", name, moved)
    return reply


def _status(url: str) -> int | None:
    try:
        return _exchange(HttpRequest.get(url)).status
    except (OSError, http.client.HTTPException):
        return None


def _exchange(request: HttpRequest) -> HttpReply:
    connection = _connection(request.url)
    try:
        headers = {"Origin": ORIGIN, **request.headers}
        connection.request(request.method, _target(request.url), request.body, headers)
        return _read(connection, request.url)
    finally:
        connection.close()


def _upload(request: FileRequest, file: LiveFile, report: UploadProgress) -> HttpReply:
    name, moved = f"POST {urlsplit(request.url).path}", 0
    disposition = f'form-data; name="{request.part}"; filename="{request.name}"'
    head = f"--{_BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
    tail = f"\r\n--{_BOUNDARY}--\r\n".encode()
    connection = _connection(request.url)
    try:
        connection.putrequest("POST", _target(request.url))
        connection.putheader("Origin", ORIGIN)
        connection.putheader("Content-Type", f"multipart/form-data; boundary={_BOUNDARY}")
        connection.putheader("Content-Length", str(len(head) + file.size + len(tail)))
        connection.endheaders()
        content = file.path.read_bytes()
        chunks = [content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK)]
        for chunk in (head, *chunks, tail):
            connection.send(chunk)
            moved += len(chunk)
            report(moved, False)
        report(moved, True)
        return _allowed(_read(connection, request.url), name, moved)
    except (OSError, http.client.HTTPException) as error:
        raise HttpFailure("cut" if moved else "rejected", name, moved) from error
    finally:
        connection.close()


def _connection(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE)


def _target(url: str) -> str:
    return urlsplit(url)._replace(scheme="", netloc="").geturl()


def _read(connection: http.client.HTTPConnection, url: str) -> HttpReply:
    reply = connection.getresponse()
    headers = {name.lower(): value for name, value in reply.getheaders()}
    return HttpReply(reply.status, headers, reply.read(), url)
