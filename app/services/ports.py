"""The ports: what the services need from the world. `app.browser` implements them, tests fake them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from app.core.http import FileRequest, HttpReply, HttpRequest
from app.core.problems import StorageError


class HttpStream(Protocol):
    """A reply whose body is still arriving. Header names are lower case."""

    status: int
    headers: Mapping[str, str]

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives: the first bytes at once, later ones gathered for about a frame.

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


class LocalFile(Protocol):
    """A file that the user dropped or chose. Its bytes stay in the browser."""

    name: str
    size: int

    async def head(self, count: int) -> bytes:
        """The first `count` bytes, fewer when the file is shorter.

        Raises:
            InvalidFile: it cannot be read: gone, changed, or a folder.
        """
        ...


class AttachableFile(LocalFile, Protocol):
    """A file that may go along with a message."""

    media_type: str
    """What the browser takes it for, such as "image/png"; empty when it does not know."""

    async def picture(self) -> str:
        """It as an image of at most 1,536 pixels a side, in a data URL.

        Raises:
            InvalidFile: the browser cannot decode it.
        """
        ...

    async def pdf_text(self) -> str:
        """The text of a PDF, page by page.

        Raises:
            InvalidFile: it is damaged or protected.
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


class Clock(Protocol):
    """Time."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back, for durations."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Page(Protocol):
    """The tab itself."""

    origin: str
    """This page's origin, which servers have to allow."""

    def is_visible(self) -> bool:
        """Whether the user can see the tab."""
        ...

    def is_online(self) -> bool:
        """Whether the device has a network at all."""
        ...

    def on_visible(self, run: Callable[[], None]) -> None:
        """Call `run` whenever the tab becomes visible."""
        ...

    async def loopback_permission(self) -> str:
        """The browser's permission for requests to this device: "granted", "denied", "prompt", or "" when unknown."""
        ...


class Records(Protocol):
    """The database for those who keep a record or two: object stores of JSON objects, one by one."""

    async def get(self, store: str, key: str) -> Any | None:
        """The record of `key`, or None.

        Raises:
            StorageError: the database cannot be read.
        """
        ...

    async def put(self, store: str, key: str, record: Any) -> None:
        """Write a record durably.

        Raises:
            StorageError: quota, or the database cannot be written.
        """
        ...

    async def delete(self, store: str, key: str) -> None:
        """Delete a record; one that is not there is fine.

        Raises:
            StorageError: the database cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Put:
    """Write a record, which holds its key in `id`.

    With `based_on` the record that is there must have that `rev`; 0 stands for none being there.
    """

    store: str
    record: Mapping[str, Any]
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a record; one that is not there is fine. `based_on` as in `Put`."""

    store: str
    key: str
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class DeletePrefix:
    """Delete all records whose key begins with `prefix`."""

    store: str
    prefix: str


Write = Put | Delete | DeletePrefix


class Conflict(StorageError):
    """A record was changed since it was read, most likely in another tab. Read it again and repeat the change."""


class Database(Records, Protocol):
    """The database with transactions, indexes and pages. An index has the name of the field that it is over.

    Every method raises StorageError when the database cannot do it.
    """

    async def get_many(self, store: str, keys: Sequence[str]) -> list[Any | None]:
        """The records of `keys`, in their order, None where there is none."""
        ...

    async def by_index(self, store: str, index: str, values: Sequence[str]) -> list[list[Any]]:
        """For each of `values`, the records that have it in the field `index`."""
        ...

    async def page(self, store: str, index: str, after: Any | None, count: int) -> list[Any]:
        """Up to `count` records in the order of `index`, beyond the value `after` (None: from the first).

        An empty `index` stands for the key.
        """
        ...

    async def with_prefix(self, store: str, prefix: str) -> list[Any]:
        """The records whose key begins with `prefix`, by key; all for an empty one."""
        ...

    async def keys(self, store: str, prefix: str) -> list[str]:
        """The keys that begin with `prefix`, in order; all for an empty one."""
        ...

    async def count(self, store: str) -> int:
        """How many records there are."""
        ...

    async def commit(self, writes: Sequence[Write], durable: bool = False) -> None:
        """Do all the writes, in order, or none of them; `durable` waits until the disk has them.

        Without `durable` they survive the death of the browser, but perhaps not a power cut.

        Raises:
            Conflict: a record is not the one that a write was based on; nothing was written.
            StorageError: quota, or the database cannot be written; nothing was written.
        """
        ...


class Locks(Protocol):
    """Locks between the tabs of this page. The browser frees those of a tab that dies."""

    def hold(self, name: str) -> AbstractAsyncContextManager[bool]:
        """Hold a lock for the length of a block; False when another tab, or another block, holds it."""
        ...


class Tabs(Protocol):
    """Tells the other tabs of this page what changed, and hears it from them. They read the new value themselves."""

    def announce(self, kind: str, key: str) -> None:
        """Something of that kind ("conversation", "settings", …) was changed or deleted here."""
        ...

    def listen(self, run: Callable[[str, str], None]) -> None:
        """Call `run(kind, key)` for everything that other tabs announce."""
        ...


@dataclass(frozen=True, slots=True)
class Usage:
    """What the page's storage takes and may take, in bytes, and whether the browser promised not to clear it."""

    used: int
    quota: int
    is_persistent: bool


class StorageStatus(Protocol):
    """What the browser says about the page's storage."""

    async def usage(self) -> Usage | None:
        """The figures as the browser estimates them; None when it does not say."""
        ...

    async def persist(self) -> bool:
        """Ask that the storage is never cleared without the user; whether the browser agrees. It may ask the user."""
        ...


class Canary(Protocol):
    """A mark outside the database, by which a database that was lost is told from one that never was."""

    def is_alive(self) -> bool:
        """Whether there ought to be a database."""
        ...

    def set(self, alive: bool) -> None:
        """Remember that there is one now, or none any more."""
        ...
