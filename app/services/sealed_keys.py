"""The records of the vault in the database: one for itself, and one sealed record for each connection's key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.vault import VERSION, VaultRecord, as_bytes, as_text
from app.services.ports import BrokenSeal, Crypto, CryptoKey, Database, Delete, Put, Write

SECRETS = "secrets"
"""The object store. Exports leave it out."""

VAULT = "vault"
"""The id of the vault's own record; those of connections are random and never this."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A key and the one origin that it may be sent to."""

    key: str
    origin: str

    def to_bytes(self) -> bytes:
        """What is sealed."""
        return json.dumps({"key": self.key, "origin": self.origin}).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Kept:
        """What was sealed."""
        kept = json.loads(content)
        return cls(kept["key"], kept["origin"])


class SealedKeys:
    """Reads and writes the records. A label of store, id and version binds each one to its place."""

    def __init__(self, database: Database, crypto: Crypto) -> None:
        """Keep them in `database`, sealed by `crypto`."""
        self._database = database
        self._crypto = crypto

    async def ids(self) -> frozenset[str]:
        """The ids of the connections whose keys are stored."""
        return frozenset(await self._database.keys(SECRETS, "")) - {VAULT}

    async def seal(self, data_key: CryptoKey, connection_id: str, content: bytes) -> bytes:
        """`content`, sealed for the place of that connection."""
        return await self._crypto.seal(data_key, content, _label(connection_id))

    async def read(self, data_key: CryptoKey, connection_id: str) -> bytes | None:
        """What is sealed for a connection; None when there is nothing.

        Raises:
            BrokenSeal: it was sealed with another key or for another place, or is damaged.
        """
        record = await self._database.get(SECRETS, connection_id)
        if record is None:
            return None
        try:
            sealed = as_bytes(record.get("sealed"))
        except ValueError as error:
            raise BrokenSeal(connection_id) from error
        return await self._crypto.open(data_key, sealed, _label(connection_id))

    async def write(self, connection_id: str, sealed: bytes) -> None:
        """Store what `seal` gave."""
        await self._database.commit([_put(connection_id, sealed)], durable=True)

    async def write_record(self, record: VaultRecord, based_on: int) -> None:
        """Store the vault's own record.

        Raises:
            Conflict: another tab has changed the vault meanwhile; nothing was written.
            StorageError: nothing was written.
        """
        await self._database.commit([_own(record, based_on)], durable=True)

    async def replace(self, record: VaultRecord, based_on: int | None, sealed: Mapping[str, bytes]) -> None:
        """Store the vault's record and these keys in place of all that there are, in one transaction.

        Raises:
            Conflict: another tab has changed the vault meanwhile; nothing was written.
            StorageError: nothing was written.
        """
        gone = [Delete(SECRETS, one) for one in await self.ids()]
        writes: list[Write] = [
            _own(record, based_on),
            *gone,
            *(_put(one, content) for one, content in sealed.items()),
        ]
        await self._database.commit(writes, durable=True)


def _own(record: VaultRecord, based_on: int | None) -> Put:
    return Put(SECRETS, {**record.to_record(), "id": VAULT}, based_on)


def _put(connection_id: str, sealed: bytes) -> Put:
    return Put(SECRETS, {"id": connection_id, "version": VERSION, "sealed": as_text(sealed)})


def _label(connection_id: str) -> str:
    return f"{SECRETS}|{connection_id}|{VERSION}"
