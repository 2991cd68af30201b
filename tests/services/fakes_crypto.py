"""The `Crypto` port with the hashes of Python's library: for tests of who can read what, not for secrets."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from app.services.ports import BrokenSeal


class FakeCrypto:
    """Keys are bytes. PBKDF2 does one round, whatever is asked for."""

    is_available = True

    def __init__(self) -> None:
        self._device = secrets.token_bytes(32)

    def random(self, count: int) -> bytes:
        return secrets.token_bytes(count)

    async def passphrase_key(self, passphrase: str, salt: bytes, rounds: int) -> bytes:
        return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt + str(rounds).encode(), 1)

    async def device_key(self) -> bytes:
        return self._device

    async def new_data_key(self, wrapping: bytes, label: str) -> tuple[bytes, bytes]:
        key = secrets.token_bytes(32)
        return key, await self.seal(wrapping, key, label)

    async def unwrap(self, wrapping: bytes, wrapped: bytes, label: str) -> bytes:
        return await self.open(wrapping, wrapped, label)

    async def rewrap(self, old: bytes, wrapped: bytes, new: bytes, label: str) -> bytes:
        return await self.seal(new, await self.open(old, wrapped, label), label)

    async def seal(self, key: bytes, content: bytes, label: str) -> bytes:
        nonce = secrets.token_bytes(16)
        hidden = _mixed(key, nonce, content)
        return nonce + _tag(key, nonce + hidden, label) + hidden

    async def open(self, key: bytes, sealed: bytes, label: str) -> bytes:
        nonce, tag, hidden = sealed[:16], sealed[16:48], sealed[48:]
        if not hmac.compare_digest(tag, _tag(key, nonce + hidden, label)):
            raise BrokenSeal(label)
        return _mixed(key, nonce, hidden)


def _tag(key: bytes, content: bytes, label: str) -> bytes:
    return hmac.digest(key, content + label.encode(), "sha256")


def _mixed(key: bytes, nonce: bytes, content: bytes) -> bytes:
    stream = hashlib.shake_256(key + nonce).digest(len(content))
    return bytes(one ^ other for one, other in zip(content, stream, strict=True))
