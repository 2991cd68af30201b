"""Connections with their keys in an export: readable with the passphrase, and with nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.core.connection_states import Connections
from app.core.connections import LOCAL_API_ID, Connection
from app.core.conversations import Conversation
from app.core.local_api import LocalApi
from app.core.problems import InvalidFile, InvalidInput
from app.core.settings import Settings
from app.core.state import State
from app.core.store import Store
from app.core.typed_connection import TypedConnection
from app.core.vault import ROUNDS, VaultState, as_bytes, as_text
from app.services.carrier import ConnectionCarrier
from app.services.connection_store import ConnectionStore
from app.services.connections import ConnectionBook
from app.services.tasks import Tasks
from app.services.vault import Vault
from tests.services.fakes import BASE_URL
from tests.services.fakes_crypto import FakeCrypto
from tests.services.kept import Browser, FakeTabs
from tests.services.virtual_time import in_virtual_time, keep

PASSPHRASE = "correct horse battery staple"
KEY = "sk-sentinel-1234"


class Desk:
    """The connections of one browser."""

    def __init__(self) -> None:
        browser = Browser()
        api = LocalApi(Connection(LOCAL_API_ID, "local_llm_api", "Local API", BASE_URL))
        store = Store(State(Conversation("talk", 0.0), api), lambda run: run())
        cell, crypto, tabs = (
            store.cell("connections", Connections),
            FakeCrypto(),
            FakeTabs(browser.channel),
        )
        self.store = store
        self.vault = Vault(store.cell("vault", VaultState), browser.database, crypto, tabs, lambda _: None)
        self.book = ConnectionBook(
            cell,
            store.cell("settings", Settings),
            ConnectionStore(browser.database),
            self.vault,
            lambda _: (),
            tabs,
            Tasks(lambda _: None),
            lambda _: None,
            browser.new_id,
        )
        self.carrier = ConnectionCarrier(cell, self.book, self.vault, crypto)
        keep(self)

    async def add(
        self, name: str = "Hosted", key: str = KEY, base_url: str = "https://api.example/v1"
    ) -> None:
        await self.book.save(TypedConnection("openai", name, base_url, key))

    async def keys(self) -> dict[str, str]:
        """The key of each connection, by its name."""
        return {
            item.saved.connection.name: await self.vault.key(item.saved.connection)
            for item in self.store.state.connections.items
        }


async def packed() -> dict[str, Any]:
    here = Desk()
    await here.add()
    await here.add("Without", "", "http://127.0.0.1:8080/v1")
    return await here.carrier.pack(PASSPHRASE, PASSPHRASE)


@in_virtual_time
async def test_connections_move_with_their_keys_and_importing_again_changes_nothing() -> None:
    member, there = await packed(), Desk()
    assert await there.carrier.unpack(member, PASSPHRASE) == 2
    assert await there.keys() == {"Hosted": KEY, "Without": ""}
    assert await there.carrier.unpack(member, PASSPHRASE) == 0
    assert len(there.store.state.connections.items) == 2


@in_virtual_time
async def test_nothing_of_them_can_be_read_in_the_file() -> None:
    text = json.dumps(await packed())
    assert not any(word in text for word in (KEY, "Hosted", "api.example", as_text(KEY.encode())[:12]))


@in_virtual_time
async def test_another_passphrase_opens_nothing() -> None:
    member, there = await packed(), Desk()
    with pytest.raises(InvalidInput, match="not the passphrase"):
        await there.carrier.unpack(member, PASSPHRASE.upper())
    assert there.store.state.connections.items == ()


@pytest.mark.parametrize(("passphrase", "repeated"), [("short", "short"), (PASSPHRASE, "another one")])
@in_virtual_time
async def test_a_passphrase_that_cannot_be_taken_packs_nothing(passphrase: str, repeated: str) -> None:
    with pytest.raises(InvalidInput):
        await Desk().carrier.pack(passphrase, repeated)


@pytest.mark.parametrize("change", ["sealed", "rounds", "many rounds", "version", "nothing"])
@in_virtual_time
async def test_a_damaged_or_weakened_file_is_refused(change: str) -> None:
    member = await packed()
    sealed = as_bytes(member["sealed"])
    changes: dict[str, dict[str, Any]] = {
        "sealed": {"sealed": as_text(sealed[:-1] + bytes([sealed[-1] ^ 1]))},
        "rounds": {"rounds": ROUNDS - 1},
        "many rounds": {"rounds": 10**12},
        "version": {"version": 2},
        "nothing": {"salt": None},
    }
    there = Desk()
    with pytest.raises(InvalidFile):
        await there.carrier.unpack({**member, **changes[change]}, PASSPHRASE)
    assert there.store.state.connections.items == ()


@in_virtual_time
async def test_a_connection_that_is_here_gets_the_key_that_it_lacks() -> None:
    member, there = await packed(), Desk()
    await there.add(key="")
    assert await there.carrier.unpack(member, PASSPHRASE) == 2
    assert await there.keys() == {"Hosted": KEY, "Without": ""}


@in_virtual_time
async def test_a_key_that_is_here_is_not_replaced() -> None:
    member, there = await packed(), Desk()
    await there.add(key="sk-mine")
    assert await there.carrier.unpack(member, PASSPHRASE) == 1
    assert (await there.keys())["Hosted"] == "sk-mine"
