"""The database, and what the browser says about its storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.core.problems import StorageError


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
