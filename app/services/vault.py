"""The vault: API keys, sealed where they are stored, and given out for one request to one origin at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.core.connections import Connection
from app.core.problems import InvalidInput, Problem
from app.core.saved_connections import origin_of
from app.core.store import Cell
from app.core.vault import VaultMode, VaultRecord, VaultState
from app.services.gate import Gate, TurnedAway
from app.services.ports import BrokenSeal, Crypto, CryptoKey, Database, Tabs
from app.services.sealed_keys import SECRETS, VAULT, Kept, SealedKeys

KIND = "vault"
"""What other tabs are told about: "lock" when they must lock too, "changed" when there is something to read again."""


class Vault:
    """Keeps keys in one of three modes. Reading one while the vault is locked waits for the user to unlock it."""

    def __init__(
        self,
        cell: Cell[VaultState],
        database: Database,
        crypto: Crypto,
        tabs: Tabs,
        warn: Callable[[Problem], None],
    ) -> None:
        """Keep sealed keys in `database`; `warn` shows problems."""
        self._cell = cell
        self._database = database
        self._crypto = crypto
        self._sealed = SealedKeys(database, crypto)
        self._tabs = tabs
        self._warn = warn
        self._record: VaultRecord | None = None
        self._data_key: CryptoKey = None
        self._in_tab: dict[str, Kept] = {}
        self._gate = Gate(self._on_wait)

    @property
    def state(self) -> VaultState:
        """What the page shows of it."""
        return self._cell.value

    @property
    def record(self) -> VaultRecord | None:
        """The record as stored; None while there is none."""
        return self._record

    async def load(self) -> None:
        """Read how keys are kept and which there are, again when another tab has changed it.

        Nothing is unlocked, and nothing is made, before it is needed.

        Raises:
            StorageError: the database cannot be read.
        """
        before = self._record
        try:
            self._record = VaultRecord.from_record(await self._database.get(SECRETS, VAULT))
        except InvalidInput as error:
            self._record = None
            self._warn(error.problem)
        if before is None or self._record is None or before.wrapped != self._record.wrapped:
            self._data_key = None
        held = await self._sealed.ids()
        self._show(held)

    async def key(self, connection: Connection) -> str:
        """The key for a request to the connection; empty when none is kept. Waits while the vault is locked.

        Raises:
            InvalidInput: the user does not unlock it, or the key cannot be read any more.
            StorageError: the database cannot be read.
        """
        if connection.id not in self.state.held:
            return ""
        await self._unlocked()
        kept = await self._read(connection.id)
        return kept.key if kept is not None and kept.origin == origin_of(connection.base_url) else ""

    async def keep(self, connection: Connection, key: str) -> None:
        """Keep the key of a connection, for the origin that it leads to now; waits while the vault is locked.

        Raises:
            InvalidInput: the user does not unlock it.
            StorageError: it cannot be stored; nothing was.
        """
        kept = Kept(key, origin_of(connection.base_url))
        if self.state.mode is VaultMode.TAB:
            self._in_tab[connection.id] = kept
        else:
            await self._unlocked()
            sealed = await self._sealed.seal(await self._open_data_key(), connection.id, kept.to_bytes())
            await self._sealed.write(connection.id, sealed)
            self._tabs.announce(KIND, "changed")
        self._cell.update(lambda state: state.holding(connection.id))

    async def forget(self, connection_id: str) -> None:
        """Forget a key; one that is not there is fine.

        Raises:
            StorageError: the database cannot be written.
        """
        self._in_tab.pop(connection_id, None)
        await self._database.delete(SECRETS, connection_id)
        self._cell.update(lambda state: state.without(connection_id))
        self._tabs.announce(KIND, "changed")

    async def unlock(self, passphrase: str) -> None:
        """Unlock a vault with a passphrase; one without is open already.

        Raises:
            InvalidInput: the passphrase is another one.
        """
        record = self._record
        if record is None or record.mode is not VaultMode.PASSPHRASE:
            return
        wrapping = await self._crypto.passphrase_key(passphrase, record.salt, record.rounds)
        try:
            self._data_key = await self._crypto.unwrap(wrapping, record.wrapped, VAULT)
        except BrokenSeal:
            raise InvalidInput(Problem.of("vault.wrong")) from None
        self._show(self.state.held)

    def lock(self, *, is_here: bool = True) -> None:
        """Lock a vault with a passphrase, in all tabs; `is_here` is false for a wish that another tab announced."""
        if self.state.mode is not VaultMode.PASSPHRASE or self.state.is_locked:
            return
        self._data_key = None
        self._show(self.state.held)
        if is_here:
            self._tabs.announce(KIND, "lock")

    def give_up(self) -> None:
        """The user does not want to unlock it now: whatever waits for it fails, and says so."""
        self._gate.turn_away()

    async def everything(self) -> Mapping[str, Kept]:
        """All keys in the clear, to be kept in another way; waits while the vault is locked.

        Raises:
            InvalidInput, StorageError: as `key`.
        """
        if not self.state.held:
            return {}
        await self._unlocked()
        found = {one: await self._read(one) for one in sorted(self.state.held)}
        return {one: kept for one, kept in found.items() if kept is not None}

    async def adopt(
        self, record: VaultRecord, data_key: CryptoKey, keys: Mapping[str, Kept], *, by_force: bool = False
    ) -> None:
        """Begin anew with a record, its data key and all keys, in one transaction: nothing of the old one stays.

        Raises:
            Conflict: another tab has changed the vault meanwhile; not with `by_force`.
            StorageError: it cannot be stored; nothing has changed.
        """
        sealed = {}
        if record.mode is not VaultMode.TAB:
            for one, kept in keys.items():
                sealed[one] = await self._sealed.seal(data_key, one, kept.to_bytes())
        rev = 0 if self._record is None else self._record.rev
        record = replace(record, rev=rev + 1)
        await self._sealed.replace(record, None if by_force else rev, sealed)
        self._record, self._data_key = record, data_key
        self._in_tab = dict(keys) if record.mode is VaultMode.TAB else {}
        self._show(frozenset(keys))
        self._tabs.announce(KIND, "changed")

    async def change(self, record: VaultRecord) -> None:
        """Store another record for the same data key.

        Raises:
            Conflict, StorageError: as `adopt`.
        """
        rev = 0 if self._record is None else self._record.rev
        record = replace(record, rev=rev + 1)
        await self._sealed.write_record(record, rev)
        self._record = record
        self._show(self.state.held)
        self._tabs.announce(KIND, "changed")

    def _show(self, held: frozenset[str]) -> None:
        record = self._record
        mode = record.mode if record else VaultMode.DEVICE
        if not self._crypto.is_available:
            mode = VaultMode.TAB
        is_locked = mode is VaultMode.PASSPHRASE and self._data_key is None
        self._cell.update(
            lambda state: replace(
                state,
                mode=mode,
                is_locked=is_locked,
                can_store=self._crypto.is_available,
                held=frozenset(self._in_tab) if mode is VaultMode.TAB else held,
                lock_minutes=record.lock_minutes if record else state.lock_minutes,
                hidden_minutes=record.hidden_minutes if record else state.hidden_minutes,
            )
        )
        if is_locked:
            self._gate.shut()
        else:
            self._gate.open()

    async def _unlocked(self) -> None:
        try:
            await self._gate.passed()
        except TurnedAway:
            raise InvalidInput(Problem.of("vault.locked")) from None

    def _on_wait(self, is_wanted: bool) -> None:
        self._cell.update(lambda state: replace(state, is_wanted=is_wanted))

    async def _read(self, connection_id: str) -> Kept | None:
        if self.state.mode is VaultMode.TAB:
            return self._in_tab.get(connection_id)
        try:
            content = await self._sealed.read(await self._open_data_key(), connection_id)
        except BrokenSeal:
            raise InvalidInput(Problem.of("vault.unreadable")) from None
        return None if content is None else Kept.from_bytes(content)

    async def _open_data_key(self) -> CryptoKey:
        """The data key of an unlocked vault; that of the device is read, or made, when it is first needed."""
        if self._data_key is not None:
            return self._data_key
        wrapping = await self._crypto.device_key()
        if self._record is None:
            key, wrapped = await self._crypto.new_data_key(wrapping, VAULT)
            await self.change(VaultRecord(VaultMode.DEVICE, wrapped))
            self._data_key = key
            return key
        try:
            self._data_key = await self._crypto.unwrap(wrapping, self._record.wrapped, VAULT)
        except BrokenSeal:
            raise InvalidInput(Problem.of("vault.unreadable")) from None
        return self._data_key
