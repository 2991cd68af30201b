"""The reference servers that the page talks to in these tests: one process a variant, clean for each test."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, StorageState, expect

from dev.paths import ROOT
from tests.browser.pages import BerthPage
from tests.servers.client import ask
from tests.servers.process import ServerProcess

MODULE = "tests.servers.local_llm_api"
MODEL = ROOT / "static" / "models" / "tinker-1m-q8_0.gguf"
"""A real model, which knows the capitals of some countries and little else."""

DEFAULT_ADDRESS = "http://127.0.0.1:5000"
"""Where a page that knows nothing yet looks for the API."""


@dataclass(frozen=True)
class LocalApi:
    """A running server and the folder of its models."""

    server: ServerProcess
    folder: Path

    def add_model(self, name: str = MODEL.name) -> str:
        """Put the real model into the folder under a name; gives the name."""
        shutil.copy(MODEL, self.folder / name)
        return name

    def uploads(self) -> list[int]:
        """How many bytes have arrived in each POST of a file so far."""
        return [seen["bytes_received"] for seen in self.server.requests("/models", "POST")]

    def is_receiving(self) -> bool:
        """Whether an upload is under way: the server has a part of a file."""
        return any(self.folder.glob("*.part"))

    def clean(self) -> None:
        """Bring it to the state in which each test finds it: up, without faults, models, memory and record."""
        if not self.server.running:
            self.server.start()
        self.server.set_faults({})
        ask(self.server, "POST", "/cache/clear")
        self.server.wait_until(lambda: not self.is_receiving())
        for path in self.folder.iterdir():
            path.unlink()
        self.server.forget_requests()


class LocalApis:
    """Starts each variant when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, LocalApi] = {}

    def get(self, variant: str) -> LocalApi:
        """The clean server of a variant."""
        if variant not in self._running:
            models = self._folder / variant / "models"
            server = ServerProcess(MODULE, "--threads", "1", "--models", models, "--variant", variant)
            server.start()
            self._running[variant] = LocalApi(server, models)
        api = self._running[variant]
        api.clean()
        return api

    def close(self) -> None:
        """Stop them all."""
        for api in self._running.values():
            api.server.stop()


class Profiles:
    """What the browser keeps after a person has once typed an address into the settings."""

    def __init__(self, chromium: Browser, page_url: str) -> None:
        self._chromium = chromium
        self._page_url = page_url
        self._made: tuple[str, str] | None = None

    def pointed_at(self, base_url: str) -> StorageState:
        """The profile of a person whose local API is at this address.

        The first one is really typed; in that of another address there stands the other address in its place.
        """
        if not self._made:
            self._made = base_url, json.dumps(self._make(base_url))
        typed, profile = self._made
        state: StorageState = json.loads(profile.replace(typed, base_url))
        return state

    def _make(self, base_url: str) -> StorageState:
        context = self._chromium.new_context()
        page = context.new_page()
        page.route(f"{DEFAULT_ADDRESS}/**", lambda route: route.abort())
        berth = BerthPage(page, self._page_url).open("#/settings")
        berth.settings.set_base_url(base_url)
        expect(berth.local_api).to_have_text("Connected")
        berth.reload()
        expect(berth.settings.base_url).to_have_value(base_url)
        state = context.storage_state(indexed_db=True)
        context.close()
        return state
