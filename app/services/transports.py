"""What carries a request: HTTP, or a WebSocket. Whoever sends need not know which."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from app.core.http import HttpReply, HttpRequest
from app.services.ports import Http, HttpStream, Socket


class Transports:
    """The `Http` port for requests of both kinds."""

    def __init__(self, http: Http, socket: Socket) -> None:
        """Send what has a ws(s) address through `socket`, and all else through `http`."""
        self._http = http
        self._socket = socket

    async def send(self, request: HttpRequest, timeout: float | None = None) -> HttpReply:
        """See `Http.send`. A socket is opened and closed again, without a message: that tells whether it is there."""
        if not request.is_socket:
            return await self._http.send(request, timeout)
        async with self._socket.stream(replace(request, body=None), timeout) as stream:
            return HttpReply(stream.status, stream.headers, url=request.url)

    def stream(
        self, request: HttpRequest, first_byte: float | None = None, idle: float | None = None
    ) -> AbstractAsyncContextManager[HttpStream]:
        """See `Http.stream` and `Socket.stream`."""
        carrier = self._socket if request.is_socket else self._http
        return carrier.stream(request, first_byte, idle)

    async def answers(self, url: str) -> bool:
        """See `Http.answers`."""
        return await self._http.answers(url)

    async def redirects(self, url: str) -> bool:
        """See `Http.redirects`."""
        return await self._http.redirects(url)
