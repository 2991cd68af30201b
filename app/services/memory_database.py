"""A database in memory: it stands in where the browser has none that works, until the page is closed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from app.core.problems import Problem
from app.services.ports import Conflict, Delete, DeletePrefix, Put, Write

Store = dict[str, str]
"""Records as JSON text by key: what is read is always a copy."""


class MemoryDatabase:
    """The `Database` port without a disk."""

    def __init__(self) -> None:
        """Empty; object stores are there as soon as they are used."""
        self._stores: dict[str, Store] = {}

    async def get(self, store: str, key: str) -> Any | None:
        """See `Records.get`."""
        return self._read(store, key)

    async def put(self, store: str, key: str, record: Any) -> None:
        """See `Records.put`."""
        await self.commit([Put(store, {**record, "id": key})], durable=True)

    async def delete(self, store: str, key: str) -> None:
        """See `Records.delete`."""
        await self.commit([Delete(store, key)])

    async def get_many(self, store: str, keys: Sequence[str]) -> list[Any | None]:
        """See `Database.get_many`."""
        return [self._read(store, key) for key in keys]

    async def by_index(self, store: str, index: str, values: Sequence[str]) -> list[list[Any]]:
        """See `Database.by_index`."""
        found: dict[str, list[Any]] = {value: [] for value in values}
        for record in self._all(store):
            if record.get(index) in found:
                found[record[index]].append(record)
        return [found[value] for value in values]

    async def page(self, store: str, index: str, after: Any | None, count: int) -> list[Any]:
        """See `Database.page`."""
        field = index or "id"
        records = sorted(
            (record for record in self._all(store) if field in record), key=lambda record: record[field]
        )
        return [record for record in records if after is None or record[field] > after][:count]

    async def with_prefix(self, store: str, prefix: str) -> list[Any]:
        """See `Database.with_prefix`."""
        return [record for record in self._all(store) if record["id"].startswith(prefix)]

    async def keys(self, store: str, prefix: str) -> list[str]:
        """See `Database.keys`."""
        return [key for key in sorted(self._store(store)) if key.startswith(prefix)]

    async def count(self, store: str) -> int:
        """See `Database.count`."""
        return len(self._store(store))

    async def commit(self, writes: Sequence[Write], durable: bool = False) -> None:  # noqa: ARG002  no disk
        """See `Database.commit`."""
        copies = {name: dict(store) for name, store in self._stores.items()}
        try:
            for write in writes:
                self._write(write)
        except Conflict:
            self._stores = copies
            raise

    def _store(self, name: str) -> Store:
        return self._stores.setdefault(name, {})

    def _read(self, store: str, key: str) -> Any | None:
        text = self._store(store).get(key)
        return None if text is None else json.loads(text)

    def _all(self, store: str) -> list[Any]:
        return [json.loads(text) for _, text in sorted(self._store(store).items())]

    def _write(self, write: Write) -> None:
        store = self._store(write.store)
        match write:
            case Put():
                key = str(write.record["id"])
                self._check(write.store, key, write.based_on)
                store[key] = json.dumps(write.record)
            case Delete():
                self._check(write.store, write.key, write.based_on)
                store.pop(write.key, None)
            case DeletePrefix():
                for key in [key for key in store if key.startswith(write.prefix)]:
                    del store[key]

    def _check(self, store: str, key: str, based_on: int | None) -> None:
        if based_on is None:
            return
        record = self._read(store, key)
        if (0 if record is None else record.get("rev", 0)) != based_on:
            raise Conflict(Problem.of("storage.conflict"))
