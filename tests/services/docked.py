"""The services of the connections that the user added, in tabs of one browser, in a world of fakes."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from itertools import count
from typing import Any

from app.core.connection_states import Connections, ConnectionState
from app.core.connections import LOCAL_API_ID, Connection
from app.core.conversations import Conversation
from app.core.local_api import LocalApi
from app.core.problems import Problem
from app.core.state import State
from app.core.store import Store
from app.core.typed_connection import TypedConnection
from app.core.vault import VaultState
from app.providers.base import Provider
from app.providers.registry import PROVIDERS, provider_for
from app.services.connecting import Connecting
from app.services.diagnosis import Diagnosis
from app.services.gateway import Gateway
from app.services.ports import BrokenSeal
from app.services.tasks import Tasks
from tests.services.fakes import BASE_URL, FakeApi, FakeClock, FakeHttp, FakePage, reply
from tests.services.kept import FakeDatabase, FakeTabs
from tests.services.virtual_time import keep

KEY = "sk-a-key-that-nobody-else-has-0123"
API = "https://api.example.org/v1"
OTHER_API = "https://api.example.net/v1"
MODELS = reply({"object": "list", "data": [{"id": "a"}, {"id": "b"}]})


class FakeCrypto:
    """The `Crypto` port: keys are names, and a seal opens with the same name and label only."""

    def __init__(self) -> None:
        self.is_available = True
        self.rounds: list[int] = []
        self._ids = count(1)

    def random(self, size: int) -> bytes:
        return hashlib.sha256(str(next(self._ids)).encode()).digest()[:size]

    async def passphrase_key(self, passphrase: str, salt: bytes, rounds: int) -> str:
        self.rounds.append(rounds)
        return f"passphrase {passphrase} {salt.hex()} {rounds}"

    async def device_key(self) -> str:
        return "device"

    async def new_data_key(self, wrapping: str, label: str) -> tuple[str, bytes]:
        key = f"data {self.random(8).hex()}"
        return key, _seal(wrapping, key.encode(), label)

    async def unwrap(self, wrapping: str, wrapped: bytes, label: str) -> str:
        return _open(wrapping, wrapped, label).decode()

    async def rewrap(self, old: str, wrapped: bytes, new: str, label: str) -> bytes:
        return _seal(new, _open(old, wrapped, label), label)

    async def seal(self, key: str, content: bytes, label: str) -> bytes:
        return _seal(key, content, label)

    async def open(self, key: str, sealed: bytes, label: str) -> bytes:
        return _open(key, sealed, label)


def _seal(key: str, content: bytes, label: str) -> bytes:
    return hashlib.sha256(f"{key}|{label}".encode()).digest() + bytes(byte ^ 0x55 for byte in content)


def _open(key: str, sealed: bytes, label: str) -> bytes:
    if sealed[:32] != hashlib.sha256(f"{key}|{label}".encode()).digest():
        raise BrokenSeal(label)
    return bytes(byte ^ 0x55 for byte in sealed[32:])


async def at_rest() -> None:
    """Returns when what was begun is also stored."""
    await asyncio.sleep(0.1)


class FakePresence:
    """The `Presence` port."""

    def __init__(self) -> None:
        self.idle = 0.0
        self.hidden = 0.0

    def idle_seconds(self) -> float:
        return self.idle

    def hidden_seconds(self) -> float:
        return self.hidden


class Browser:
    """What the tabs share."""

    def __init__(self) -> None:
        self.database = FakeDatabase()
        self.channel: list[FakeTabs] = []
        self.crypto = FakeCrypto()
        self.ids = count(1)

    async def tab(self) -> Tab:
        """One more tab, which has read what is stored."""
        tab = Tab(self)
        await tab.connecting.load()
        await at_rest()
        return tab

    async def records(self, store: str) -> dict[str, Any]:
        """What is stored, by id."""
        return {record["id"]: record for record in await self.database.with_prefix(store, "")}

    async def text(self) -> str:
        """All that is stored, as text."""
        stores = ("connections", "secrets", "model_lists", "usage", "settings")
        return json.dumps([await self.records(store) for store in stores])


class Tab:
    """One tab's services."""

    def __init__(self, browser: Browser) -> None:
        keep(self)
        self.browser = browser
        self.http = FakeHttp(FakeApi())
        self.http.script(f"GET {API}/models", MODELS)
        self.http.script(f"GET {OTHER_API}/models", MODELS)
        self.clock = FakeClock()
        self.presence = FakePresence()
        self.news: list[str] = []
        self.problems: list[Problem] = []
        local = LocalApi(Connection(LOCAL_API_ID, "local-llm-api", "Local API", BASE_URL))
        self.store = Store(State(Conversation("c", 0.0), local), lambda run: run())
        self.tasks = Tasks(self.problems.append)
        diagnosis = Diagnosis(self.http, FakePage())
        self.connecting = Connecting(
            self.store,
            browser.database,
            self.http,
            diagnosis,
            self._provider,
            self.clock,
            FakeTabs(browser.channel),
            browser.crypto,
            self.presence,
            self.tasks,
            self.news.append,
            self.problems.append,
            lambda: f"c{next(browser.ids)}",
        )
        self.gateway = Gateway(
            self.http,
            diagnosis,
            PROVIDERS,
            self.connecting.book.enabled,
            desk=self.connecting.desk,
            now=self.clock.now,
        )

    def _provider(self, connection: Connection) -> Provider:
        return provider_for(connection)

    @property
    def vault(self) -> VaultState:
        """The vault as it is shown."""
        return self.store.state.vault

    @property
    def connections(self) -> Connections:
        """The connections as they are shown."""
        return self.store.state.connections

    @property
    def names(self) -> Sequence[str]:
        """The names of the connections, in their order."""
        return [item.saved.connection.name for item in self.connections.items]

    def item(self, connection_id: str = "c1") -> ConnectionState:
        """A connection as it is shown."""
        found = self.connections.get(connection_id)
        assert found is not None
        return found

    async def add(self, name: str = "Mine", base_url: str = API, key: str = KEY, **more: Any) -> str:
        """Add a connection; gives its id when all that follows from it is done."""
        await self.connecting.save(TypedConnection("openai", name, base_url, key, **more))
        await at_rest()
        return self.connections.items[-1].id

    async def change(self, connection_id: str = "c1", **typed: Any) -> None:
        """Save a connection again, with what is typed instead."""
        saved = self.item(connection_id).saved
        values: dict[str, Any] = {"name": saved.connection.name, "base_url": saved.connection.base_url}
        await self.connecting.save(TypedConnection("openai", **{**values, **typed}), connection_id)
        await at_rest()

    async def key(self, connection_id: str = "c1") -> str:
        """The key as the gateway would get it."""
        return (await self.connecting.desk.with_key(self.item(connection_id).saved.connection)).key

    def keys_sent(self) -> list[str | None]:
        """The key of each request so far."""
        return [request.headers.get("Authorization") for request in self.http.requests]
