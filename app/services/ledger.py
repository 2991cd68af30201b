"""The ledger of requests: wrapped around the ports that send, so that nothing leaves the page beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import urlsplit

from app.core.http import FileRequest, HttpFailure, HttpReply, HttpRequest
from app.core.ledger import Ledger, Line
from app.core.store import Cell
from app.services.ports import (
    Clock,
    Http,
    HttpStream,
    KeepProgress,
    KeptModel,
    LocalFile,
    ModelStore,
    Uploader,
    UploadProgress,
)

Whose = Callable[[str], str]
"""The name of the connection that a URL belongs to; empty when it belongs to none."""


@dataclass
class _Entry:
    """A line that is being written."""

    line: Line

    def note(self, *, received: int = 0, status: int = 0) -> None:
        """Add to what is known."""
        line = self.line
        self.line = replace(line, received=line.received + received, status=status or line.status)


class LedgerBook:
    """Writes a line for every request that begins, and completes it when the request ends."""

    def __init__(self, cell: Cell[Ledger], clock: Clock, whose: Whose) -> None:
        """Write into `cell`."""
        self._cell = cell
        self._clock = clock
        self._whose = whose
        self._ids = count(1)

    @contextmanager
    def entry(self, method: str, url: str, sent: int = 0) -> Iterator[_Entry]:
        """A line for the length of a block; how the block is left says how the request ended."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        line = Line(next(self._ids), self._clock.now(), host, self._whose(url), method, parts.path, sent)
        entry = _Entry(line)
        self._cell.update(lambda ledger: ledger.began(line))
        end = "done"
        try:
            yield entry
        except HttpFailure as failure:
            end = failure.kind
            raise
        except (asyncio.CancelledError, GeneratorExit):
            end = "cancelled"
            raise
        except BaseException:
            end = "cut"
            raise
        finally:
            ended = replace(entry.line, end=entry.line.end or end)
            self._cell.update(lambda ledger: ledger.ended(ended))


class LedgerStream:
    """The `HttpStream` port, with its bytes counted."""

    def __init__(self, stream: HttpStream, entry: _Entry) -> None:
        """Pass on what `stream` gives."""
        self.status = stream.status
        self.headers: Mapping[str, str] = stream.headers
        self._stream = stream
        self._entry = entry

    async def chunks(self) -> AsyncIterator[bytes]:
        """See `HttpStream.chunks`."""
        async for chunk in self._stream.chunks():
            self._entry.note(received=len(chunk))
            yield chunk

    async def read(self) -> HttpReply:
        """See `HttpStream.read`."""
        reply = await self._stream.read()
        self._entry.note(received=len(reply.body))
        return reply


class LedgerHttp:
    """The `Http` port with a ledger."""

    def __init__(self, http: Http, book: LedgerBook) -> None:
        """Send through `http`."""
        self._http = http
        self._book = book

    async def send(self, request: HttpRequest, timeout: float | None = None) -> HttpReply:
        """See `Http.send`."""
        with self._book.entry(request.method, request.url, len(request.body or b"")) as entry:
            reply = await self._http.send(request, timeout)
            entry.note(received=len(reply.body), status=reply.status)
            return reply

    @asynccontextmanager
    async def stream(
        self, request: HttpRequest, first_byte: float | None = None, idle: float | None = None
    ) -> AsyncIterator[LedgerStream]:
        """See `Http.stream`."""
        with self._book.entry(request.method, request.url, len(request.body or b"")) as entry:
            async with self._http.stream(request, first_byte, idle) as stream:
                entry.note(status=stream.status)
                yield LedgerStream(stream, entry)

    async def answers(self, url: str) -> bool:
        """See `Http.answers`."""
        with self._book.entry("GET", url) as entry:
            is_there = await self._http.answers(url)
            entry.line = replace(entry.line, end="opaque" if is_there else "rejected")
            return is_there

    async def redirects(self, url: str) -> bool:
        """See `Http.redirects`."""
        with self._book.entry("GET", url) as entry:
            is_redirected = await self._http.redirects(url)
            entry.line = replace(entry.line, end="opaque" if is_redirected else "rejected")
            return is_redirected


class LedgerUploader:
    """The `Uploader` port with a ledger; its bytes are those that left so far."""

    def __init__(self, uploader: Uploader, book: LedgerBook) -> None:
        """Send through `uploader`."""
        self._uploader = uploader
        self._book = book

    async def upload(self, request: FileRequest, file: LocalFile, progress: UploadProgress) -> HttpReply:
        """See `Uploader.upload`."""
        with self._book.entry("POST", request.url) as entry:

            def count_sent(moved: int, is_sent: bool) -> None:
                entry.line = replace(entry.line, sent=moved)
                progress(moved, is_sent)

            reply = await self._uploader.upload(request, file, count_sent)
            entry.note(received=len(reply.body), status=reply.status)
            return reply


class LedgerModelStore:
    """The `ModelStore` port, with a line for each download; its bytes are those received so far."""

    def __init__(self, store: ModelStore, book: LedgerBook) -> None:
        """Keep models in `store`."""
        self._book = book
        self._store = store
        self.kept = store.kept
        self.keep = store.keep
        self.files = store.files
        self.rename = store.rename
        self.delete = store.delete

    async def download(
        self, model_id: str, urls: Sequence[str], sha256: str, progress: KeepProgress
    ) -> KeptModel:
        """See `ModelStore.download`."""
        with self._book.entry("GET", urls[0]) as entry:

            def count_received(done: int, size: int, is_checking: bool) -> None:
                entry.line = replace(entry.line, received=done)
                progress(done, size, is_checking)

            kept = await self._store.download(model_id, urls, sha256, count_received)
            entry.note(status=200)
            return kept
