"""Connections with their keys on the way to another browser: sealed with a passphrase, and never otherwise."""

from __future__ import annotations

import json
from typing import Any

from app.core.connection_states import Connections
from app.core.exchange.sealed import LABEL, SealedConnections
from app.core.problems import InvalidFile, InvalidInput, Problem
from app.core.saved_connections import InvalidConnection, SavedConnection, origin_of
from app.core.store import Cell
from app.core.vault import ROUNDS, SALT_BYTES, check_passphrase
from app.services.connections import ConnectionBook
from app.services.ports import BrokenSeal, Crypto
from app.services.vault import Vault


class ConnectionCarrier:
    """Packs all connections, and unpacks them elsewhere."""

    def __init__(self, cell: Cell[Connections], book: ConnectionBook, vault: Vault, crypto: Crypto) -> None:
        """Those of `cell`, with their keys from `vault`."""
        self._cell = cell
        self._book = book
        self._vault = vault
        self._crypto = crypto

    async def pack(self, passphrase: str, repeated: str) -> dict[str, Any]:
        """All connections with their keys, as they stand in an export; waits while the vault is locked.

        Raises:
            InvalidInput: the passphrase cannot be taken, there are no ciphers here, or the vault stays locked.
            StorageError: the keys cannot be read.
        """
        check_passphrase(passphrase, repeated)
        if not self._crypto.is_available:
            raise InvalidInput(Problem.of("vault.no_crypto"))
        keys = await self._vault.everything()
        packed = []
        for item in self._cell.value.items:
            kept = keys.get(item.id)
            key, origin = (kept.key, kept.origin) if kept is not None else ("", "")
            packed.append({"connection": item.saved.to_record(), "key": key, "origin": origin})
        salt = self._crypto.random(SALT_BYTES)
        wrapping = await self._crypto.passphrase_key(passphrase, salt, ROUNDS)
        data_key, wrapped = await self._crypto.new_data_key(wrapping, LABEL)
        sealed = await self._crypto.seal(data_key, json.dumps(packed).encode(), LABEL)
        return SealedConnections(salt, ROUNDS, wrapped, sealed).to_member()

    async def unpack(self, member: Any, passphrase: str) -> int:
        """Take over what `pack` gave; how many connections, or keys of connections, were missing here.

        Raises:
            InvalidInput: the passphrase is another one, or the vault stays locked.
            InvalidFile: it is damaged.
            StorageError: not all of it could be stored.
        """
        if not self._crypto.is_available:
            raise InvalidInput(Problem.of("vault.no_crypto"))
        sealed = SealedConnections.from_member(member)
        wrapping = await self._crypto.passphrase_key(passphrase, sealed.salt, sealed.rounds)
        try:
            data_key = await self._crypto.unwrap(wrapping, sealed.wrapped, LABEL)
        except BrokenSeal:
            raise InvalidInput(Problem.of("vault.wrong")) from None
        try:
            carried = _read(await self._crypto.open(data_key, sealed.sealed, LABEL))
        except (BrokenSeal, InvalidConnection, KeyError, TypeError, ValueError) as error:
            raise InvalidFile(Problem.of("exchange.sealed", details=str(error))) from None
        return sum([await self._book.adopt(saved, key) for saved, key in carried])


def _read(content: bytes) -> list[tuple[SavedConnection, str]]:
    """The connections, each with its key when that belongs to its address."""
    carried = []
    for one in json.loads(content):
        saved = SavedConnection.from_record(one["connection"])
        is_its = one["origin"] == origin_of(saved.connection.base_url)
        carried.append((saved, str(one["key"]) if is_its else ""))
    return carried
