"""Cryptography, for the vault."""

from __future__ import annotations

from typing import Any, Protocol


class BrokenSeal(Exception):
    """What was to be opened was sealed with another key or under another label, or is damaged."""


CryptoKey = Any
"""A key whose bytes stay with whoever made it: for the services it is something to hand back."""


class Crypto(Protocol):
    """Ciphers. What is sealed is bound to a label, so that no record can stand in for another one.

    A data key seals records; a wrapping key seals data keys. Neither can be read out.
    """

    is_available: bool
    """Whether this page has ciphers at all: browsers keep them from pages that came over plain http."""

    def random(self, count: int) -> bytes:
        """So many bytes that nobody can guess."""
        ...

    async def passphrase_key(self, passphrase: str, salt: bytes, rounds: int) -> CryptoKey:
        """The wrapping key of a passphrase (PBKDF2 with SHA-256). It takes a part of a second, on purpose."""
        ...

    async def device_key(self) -> CryptoKey:
        """The wrapping key of this browser profile, which is made when it is first asked for.

        Raises:
            StorageError: it can be neither read nor kept.
        """
        ...

    async def new_data_key(self, wrapping: CryptoKey, label: str) -> tuple[CryptoKey, bytes]:
        """A new data key, and the same wrapped, to be stored."""
        ...

    async def unwrap(self, wrapping: CryptoKey, wrapped: bytes, label: str) -> CryptoKey:
        """A data key that was stored.

        Raises:
            BrokenSeal: it was wrapped with another key: the passphrase is wrong, or the record is damaged.
        """
        ...

    async def rewrap(self, old: CryptoKey, wrapped: bytes, new: CryptoKey, label: str) -> bytes:
        """The same data key in another wrapping.

        Raises:
            BrokenSeal: as `unwrap`.
        """
        ...

    async def seal(self, key: CryptoKey, content: bytes, label: str) -> bytes:
        """`content`, readable only to whoever has the data key."""
        ...

    async def open(self, key: CryptoKey, sealed: bytes, label: str) -> bytes:
        """What `seal` was given.

        Raises:
            BrokenSeal: another key or another label, or damaged.
        """
        ...
