"""What the user does with the vault as a whole: choosing how keys are kept, passphrases, and locking by itself."""

from __future__ import annotations

from dataclasses import replace

from app.core.problems import InvalidInput, Problem
from app.core.vault import ROUNDS, SALT_BYTES, VaultMode, VaultRecord, check_passphrase
from app.services.ports import BrokenSeal, Clock, Crypto, Presence, Tabs
from app.services.sealed_keys import VAULT
from app.services.tasks import Tasks
from app.services.vault import KIND, Vault

LOOK_EVERY = 10.0
"""Seconds between two looks whether it is time to lock."""


class VaultKeeper:
    """Changes the vault, and locks it when nobody is there."""

    def __init__(
        self, vault: Vault, crypto: Crypto, presence: Presence, clock: Clock, tabs: Tabs, tasks: Tasks
    ) -> None:
        """`presence` tells how long nobody has been there."""
        self._vault = vault
        self._crypto = crypto
        self._presence = presence
        self._clock = clock
        self._tasks = tasks
        tabs.listen(self._heard)

    async def choose(self, mode: VaultMode, passphrase: str = "", repeated: str = "") -> None:
        """Keep keys in another way from now on. They get a new data key, and what was stored before is deleted.

        Raises:
            InvalidInput: the passphrase cannot be taken, or the user does not unlock the vault.
            StorageError: it cannot be stored; all is as it was.
        """
        if mode is VaultMode.PASSPHRASE:
            check_passphrase(passphrase, repeated)
        if mode is not VaultMode.TAB and not self._crypto.is_available:
            raise InvalidInput(Problem.of("vault.no_crypto"))
        keys = await self._vault.everything()
        if mode is VaultMode.TAB:
            await self._vault.adopt(VaultRecord(mode), None, keys)
            return
        salt = self._crypto.random(SALT_BYTES) if mode is VaultMode.PASSPHRASE else b""
        if mode is VaultMode.PASSPHRASE:
            wrapping = await self._crypto.passphrase_key(passphrase, salt, ROUNDS)
        else:
            wrapping = await self._crypto.device_key()
        data_key, wrapped = await self._crypto.new_data_key(wrapping, VAULT)
        await self._vault.adopt(VaultRecord(mode, wrapped, salt), data_key, keys)

    async def change_passphrase(self, old: str, new: str, repeated: str) -> None:
        """Wrap the data key in another passphrase; the keys themselves are not touched.

        Raises:
            InvalidInput: the old passphrase is another one, or the new one cannot be taken.
            StorageError: it cannot be stored; the old passphrase stays.
        """
        record = self._vault.record
        if record is None or record.mode is not VaultMode.PASSPHRASE:
            return
        check_passphrase(new, repeated)
        wrapping = await self._crypto.passphrase_key(old, record.salt, record.rounds)
        salt = self._crypto.random(SALT_BYTES)
        fresh = await self._crypto.passphrase_key(new, salt, ROUNDS)
        try:
            wrapped = await self._crypto.rewrap(wrapping, record.wrapped, fresh, VAULT)
        except BrokenSeal:
            raise InvalidInput(Problem.of("vault.wrong")) from None
        await self._vault.change(replace(record, wrapped=wrapped, salt=salt, rounds=ROUNDS))

    async def set_minutes(self, lock_minutes: int, hidden_minutes: int) -> None:
        """Lock after so many minutes without the user, or in a hidden tab.

        Raises:
            StorageError: it cannot be stored; the old times stay.
        """
        record = self._vault.record
        if record is not None:
            await self._vault.change(
                replace(record, lock_minutes=lock_minutes, hidden_minutes=hidden_minutes)
            )

    async def abandon(self) -> None:
        """The passphrase is forgotten: delete all keys, and go on without a passphrase. The connections stay.

        Raises:
            StorageError: the database cannot be written; nothing was deleted.
        """
        self._vault.give_up()
        wrapping = await self._crypto.device_key()
        data_key, wrapped = await self._crypto.new_data_key(wrapping, VAULT)
        await self._vault.adopt(VaultRecord(VaultMode.DEVICE, wrapped), data_key, {}, by_force=True)

    async def watch(self) -> None:
        """Lock when the time has come, until cancelled."""
        while True:
            await self._clock.sleep(LOOK_EVERY)
            self.look()

    def look(self) -> None:
        """Lock, if nobody has been there for long enough."""
        state = self._vault.state
        is_idle = self._presence.idle_seconds() >= 60 * state.lock_minutes
        if is_idle or self._presence.hidden_seconds() >= 60 * state.hidden_minutes:
            self._vault.lock()

    def _heard(self, kind: str, key: str) -> None:
        if kind != KIND:
            return
        if key == "lock":
            self._vault.lock(is_here=False)
        else:
            self._tasks.start(self._vault.load())
