"""Connections in the database: one record each, and one for the model list that was read last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.core.connections import Model
from app.core.saved_connections import InvalidConnection, SavedConnection, number
from app.services.ports import Database, Delete, Put

CONNECTIONS = "connections"
MODEL_LISTS = "model_lists"


class ConnectionStore:
    """Reads and writes the records."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database

    async def all(self) -> tuple[list[SavedConnection], int]:
        """All connections that can be read, and the number of those that cannot; these stay where they are.

        Raises:
            StorageError: the database cannot be read.
        """
        found: list[SavedConnection] = []
        records = await self._database.with_prefix(CONNECTIONS, "")
        for record in records:
            try:
                found.append(SavedConnection.from_record(record))
            except InvalidConnection:
                continue
        return found, len(records) - len(found)

    async def lists(self) -> dict[str, tuple[tuple[Model, ...], float]]:
        """The model lists by connection, with the times at which they were read.

        Raises:
            StorageError: the database cannot be read.
        """
        records = await self._database.with_prefix(MODEL_LISTS, "")
        return {record["id"]: _list(record) for record in records}

    async def write(self, saved: Iterable[SavedConnection]) -> None:
        """Store connections, each of them under the next `rev`, in one transaction.

        Raises:
            Conflict: another tab has changed one of them; nothing was written.
            StorageError: nothing was written.
        """
        puts = [Put(CONNECTIONS, {**one.to_record(), "rev": one.rev + 1}, one.rev) for one in saved]
        await self._database.commit(puts, durable=True)

    async def write_list(self, connection_id: str, models: Iterable[Model], now: float) -> None:
        """Store a model list.

        Raises:
            StorageError: it was not stored.
        """
        listed = [_record(model) for model in models]
        await self._database.commit([Put(MODEL_LISTS, {"id": connection_id, "at": now, "models": listed})])

    async def delete(self, connection_id: str) -> None:
        """Delete a connection and its list.

        Raises:
            StorageError: nothing was deleted.
        """
        stores = (CONNECTIONS, MODEL_LISTS)
        await self._database.commit([Delete(store, connection_id) for store in stores], durable=True)


def _record(model: Model) -> dict[str, Any]:
    return {
        "id": model.id,
        "label": model.label,
        "size": model.size,
        "size_text": model.size_text,
        "modified": model.modified,
        "context": model.context,
    }


def _list(record: Mapping[str, Any]) -> tuple[tuple[Model, ...], float]:
    rows = record.get("models")
    models = [_model(row) for row in (rows if isinstance(rows, list) else ())]
    return tuple(model for model in models if model.id), number(record.get("at")) or 0.0


def _model(row: Any) -> Model:
    row = row if isinstance(row, Mapping) else {}
    texts = [str(row.get(name) or "") for name in ("id", "label", "size_text", "modified")]
    size, context = (_whole(row.get(name)) for name in ("size", "context"))
    return Model(texts[0], texts[1] or texts[0], size, texts[2], texts[3], context)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
