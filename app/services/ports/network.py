"""The network: requests, streams, and uploads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from app.core.http import FileRequest, HttpReply, HttpRequest
from app.services.ports.files import LocalFile


class HttpStream(Protocol):
    """A reply whose body is still arriving. Header names are lower case."""

    status: int
    headers: Mapping[str, str]

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives: the first bytes at once, later ones in about ten pieces a second.

        Raises:
            HttpFailure: "cut" when the connection broke, "timeout" when nothing came for the idle time.
        """
        ...

    async def read(self) -> HttpReply:
        """The whole body, for a reply that turns out not to be a stream.

        Raises:
            HttpFailure: as `chunks`.
        """
        ...


class Http(Protocol):
    """Sends requests. Cancelling the task that waits for a reply really ends the request."""

    async def send(self, request: HttpRequest, timeout: float | None = None) -> HttpReply:
        """The complete reply, whatever its status; `timeout` is in seconds, None means no limit.

        Raises:
            HttpFailure: no reply that the page may read, none in time, or one that broke off.
        """
        ...

    def stream(
        self, request: HttpRequest, first_byte: float | None = None, idle: float | None = None
    ) -> AbstractAsyncContextManager[HttpStream]:
        """Open a reply that is read while it arrives; leaving the context ends the request. Limits are in seconds.

        Raises:
            HttpFailure: on entering, as `send`.
        """
        ...

    async def answers(self, url: str) -> bool:
        """Whether anything at all answers at `url`, readable or not (a request without CORS, of 2 s at most)."""
        ...

    async def redirects(self, url: str) -> bool:
        """Whether `url` answers with a redirect, which `send` refuses to follow: all stays with one host."""
        ...


class Socket(Protocol):
    """Opens WebSockets. One message goes out through each, and what comes back is the reply."""

    def stream(
        self, request: HttpRequest, first_byte: float | None = None, idle: float | None = None
    ) -> AbstractAsyncContextManager[HttpStream]:
        """Open a socket, send the request's body as a message if it has one, and read the messages while they arrive.

        An open socket counts as a reply with status 200. Each message comes as one server-sent event, so that what
        reads a stream need not know what carried it; a server that closes the socket with a reason of its own gives
        an event "error" with it. Leaving the context closes the socket. Limits are in seconds; `first_byte` includes
        the time to open.

        Raises:
            HttpFailure: on entering, "rejected" when it does not open, "timeout" when it does not in time; then as
                `HttpStream.chunks`.
        """
        ...


UploadProgress = Callable[[int, bool], None]
"""Called with the bytes handed to the network so far, and whether all of them are sent (the server is storing)."""


class Uploader(Protocol):
    """Sends files without reading them."""

    async def upload(self, request: FileRequest, file: LocalFile, progress: UploadProgress) -> HttpReply:
        """Send `file` and wait for the server's answer. Cancelling the task stops the transfer at once.

        Raises:
            HttpFailure: "rejected" when no byte was sent, "cut" when the transfer broke off; `moved` says how far.
        """
        ...
