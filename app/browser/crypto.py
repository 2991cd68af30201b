"""The `Crypto` port over WebCrypto: AES-GCM with 256 bits, PBKDF2 with SHA-256. Keys stay the browser's own objects."""

from __future__ import annotations

from typing import Any

import js
from pyodide.ffi import JsException, to_js

from app.browser.ffi import JsValue, is_nothing, js_object, settled
from app.browser.modules import load
from app.browser.records import NAME
from app.core.problems import Problem, StorageError
from app.services.ports import BrokenSeal

STORE = "device_keys"
"""The object store of keys that are objects of the browser, not JSON."""

DEVICE = "device"
NONCE_BYTES = 12
BITS = 256

_CIPHER = {"name": "AES-GCM", "length": BITS}


class BrowserCrypto:
    """WebCrypto. A nonce is fresh for each seal and stands before what is sealed."""

    def __init__(self, database: str = NAME) -> None:
        """Keep the device key in the database of that name."""
        self._database = database
        self._device: JsValue = None
        self._subtle: JsValue = getattr(js.crypto, "subtle", None)
        self.is_available = not is_nothing(self._subtle)

    def random(self, count: int) -> bytes:
        """See `Crypto.random`."""
        values: bytes = js.crypto.getRandomValues(js.Uint8Array.new(count)).to_bytes()
        return values

    async def passphrase_key(self, passphrase: str, salt: bytes, rounds: int) -> JsValue:
        """See `Crypto.passphrase_key`."""
        material = await settled(
            self._subtle.importKey("raw", _buffer(passphrase.encode()), "PBKDF2", False, to_js(["deriveKey"]))
        )
        how = js_object({"name": "PBKDF2", "hash": "SHA-256", "salt": _buffer(salt), "iterations": rounds})
        return await settled(
            self._subtle.deriveKey(how, material, js_object(_CIPHER), False, to_js(["wrapKey", "unwrapKey"]))
        )

    async def device_key(self) -> JsValue:
        """See `Crypto.device_key`."""
        if self._device is None:
            try:
                self._device = await self._stored_device_key()
            except JsException as error:
                details = f"{error.name}: {error.message}"
                raise StorageError(Problem.of("storage.failed", details=details)) from error
        return self._device

    async def new_data_key(self, wrapping: JsValue, label: str) -> tuple[JsValue, bytes]:
        """See `Crypto.new_data_key`."""
        made = await settled(
            self._subtle.generateKey(js_object(_CIPHER), True, to_js(["encrypt", "decrypt"]))
        )
        wrapped = await self._wrapped(made, wrapping, label)
        return await self.unwrap(wrapping, wrapped, label), wrapped

    async def unwrap(self, wrapping: JsValue, wrapped: bytes, label: str) -> JsValue:
        """See `Crypto.unwrap`; the data key cannot be read out of the browser any more."""
        return await self._unwrapped(wrapping, wrapped, label, is_extractable=False)

    async def rewrap(self, old: JsValue, wrapped: bytes, new: JsValue, label: str) -> bytes:
        """See `Crypto.rewrap`."""
        key = await self._unwrapped(old, wrapped, label, is_extractable=True)
        return await self._wrapped(key, new, label)

    async def seal(self, key: JsValue, content: bytes, label: str) -> bytes:
        """See `Crypto.seal`."""
        nonce = self.random(NONCE_BYTES)
        sealed = await settled(self._subtle.encrypt(_how(nonce, label), key, _buffer(content)))
        return nonce + bytes(sealed.to_bytes())

    async def open(self, key: JsValue, sealed: bytes, label: str) -> bytes:
        """See `Crypto.open`."""
        nonce, content = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            opened = await settled(self._subtle.decrypt(_how(nonce, label), key, _buffer(content)))
        except JsException as error:
            raise BrokenSeal(label) from error
        return bytes(opened.to_bytes())

    async def _wrapped(self, key: JsValue, wrapping: JsValue, label: str) -> bytes:
        nonce = self.random(NONCE_BYTES)
        wrapped = await settled(self._subtle.wrapKey("raw", key, wrapping, _how(nonce, label)))
        return nonce + bytes(wrapped.to_bytes())

    async def _unwrapped(
        self, wrapping: JsValue, wrapped: bytes, label: str, *, is_extractable: bool
    ) -> JsValue:
        nonce, content = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            return await settled(
                self._subtle.unwrapKey(
                    "raw",
                    _buffer(content),
                    wrapping,
                    _how(nonce, label),
                    js_object(_CIPHER),
                    is_extractable,
                    to_js(["encrypt", "decrypt"]),
                )
            )
        except JsException as error:
            raise BrokenSeal(label) from error

    async def _stored_device_key(self) -> JsValue:
        """The key in the database; two tabs that make one at the same time end up with the same one."""
        module = await load("database")
        opened = await settled(module.open(self._database, js.Function.prototype))
        database = opened.database
        try:
            found = await settled(database.get(STORE, DEVICE))
            if is_nothing(found):
                made = await settled(
                    self._subtle.generateKey(js_object(_CIPHER), False, to_js(["wrapKey", "unwrapKey"]))
                )
                try:
                    await settled(database.add(STORE, js_object({"id": DEVICE, "key": made})))
                except JsException as error:
                    if error.name != "ConstraintError":
                        raise
                found = await settled(database.get(STORE, DEVICE))
        finally:
            database.close()
        return found.key


def _how(nonce: bytes, label: str) -> JsValue:
    values: dict[str, Any] = {
        "name": "AES-GCM",
        "iv": _buffer(nonce),
        "additionalData": _buffer(label.encode()),
    }
    return js_object(values)


def _buffer(data: bytes) -> JsValue:
    """A copy of bytes for the browser, outside Python's memory."""
    return to_js(data)
