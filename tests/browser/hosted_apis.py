"""A hosted API as far as the page can tell: the reference server of OpenAI's dialect, which wants a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.contexts import new_context
from tests.browser.local_apis import LocalApis, Profiles
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch
from tests.servers.process import ServerProcess, running

KEY = "sk-berth-7f3a9c1e5b2d8064aa91"
"""The key that the server takes: a text that nothing else on the page or in its storage contains."""

NAME = "My hosted API"
MODEL = "tinker-1m-q8_0.gguf"
MODEL_ON_THE_PAGE = "tinker-1m-q8_0"
QUESTION = "What is the capital of France?"
ANSWER = "The capital of France is Paris."


@dataclass(frozen=True)
class Hosted:
    """The page of a person who has added the API, and the server itself."""

    berth: BerthPage
    server: ServerProcess

    def add(self, key: str = KEY, name: str = NAME) -> Hosted:
        """Add the connection by hand."""
        self.berth.go("Connections")
        self.berth.connections.add(name, self.server.base_url, key)
        return self

    def add_connected(self) -> Hosted:
        """Add it, and wait until it has answered."""
        self.add()
        expect(self.berth.connections.row(NAME)).to_contain_text("Connected, 5 models")
        return self

    def choose(self, model: str = MODEL) -> Hosted:
        """Go to the chat and choose one of its models."""
        self.berth.go("Chat")
        self.berth.chat.model.select_option(label=model)
        return self

    def ask(self, text: str = QUESTION) -> Locator:
        """Ask the model; gives the last answer."""
        self.berth.chat.ask(text)
        return self.berth.chat.log.get_by_role("article").last

    def keys_seen(self, path: str = "/chat/completions") -> list[str | None]:
        """The Authorization of each POST to a path, oldest first."""
        return [seen["headers"].get("Authorization") for seen in self.server.requests(path, "POST")]


@pytest.fixture(scope="session")
def hosted_process() -> Iterator[ServerProcess]:
    """The server, without a model loaded."""
    with running("tests.servers.openai", "--threads", "1", "--key", KEY) as server:
        yield server


@pytest.fixture(scope="module")
def shared_watch(page_url: str) -> Iterator[Watch]:
    """What the page of a whole module does."""
    watch = Watch(page_url)
    yield watch
    watch.check()


@pytest.fixture(scope="module")
def shared(
    chromium: Browser,
    hosted_process: ServerProcess,
    local_apis: LocalApis,
    profiles: Profiles,
    shared_watch: Watch,
    page_url: str,
) -> Iterator[Hosted]:
    """One page for a whole module, with the connection added."""
    hosted_process.set_faults({})
    local = local_apis.get("doc").server
    for server in (local, hosted_process):
        shared_watch.allow_host(server.base_url)
    with new_context(chromium, shared_watch, profiles.pointed_at(local.base_url)) as context:
        berth = BerthPage(context.new_page(), page_url).open_connected("#/connections")
        yield Hosted(berth, hosted_process).add_connected()


@pytest.fixture
def hosted(hosted_process: ServerProcess, docked: BerthPage, watch: Watch) -> Hosted:
    """The page with nothing added yet beside a local API without models, and the server without faults.

    Nothing is intercepted: where Playwright intercepts, it answers the browser's preflights itself.
    """
    if not hosted_process.running:
        hosted_process.start()
    hosted_process.set_faults({})
    hosted_process.forget_requests()
    watch.allow_host(hosted_process.base_url)
    docked.open_connected()
    return Hosted(docked, hosted_process)
