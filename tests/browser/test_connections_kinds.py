"""Every kind of connection, added by hand beside each other as a user would: each answers, also after a reload."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.contexts import new_context
from tests.browser.local_apis import MODEL, LocalApis, Profiles
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch
from tests.servers.process import ServerProcess, running

KEY = "sk-kinds-5c2e8b7d41f09a63"
KEYED = ("--key", KEY)
QUEUED = (*KEYED, "--queued", "1")
"""The first request is put into the queue."""

FRANCE = ("What is the capital of France?", "The capital of France is Paris.")
JAPAN = ("What is the capital of Japan?", "The capital of Japan is Tokyo.")


@dataclass(frozen=True)
class Kind:
    """A service as the form offers it, the server that plays it, and one of its models by a part of its label.

    `path` is that of its base URL where the server's own is longer. `key_header` is the header that takes the key.
    """

    service: str
    module: str
    model: str
    options: tuple[str, ...] = KEYED
    path: str | None = None
    key_header: str = "Authorization"
    streams: bool = True

    def __str__(self) -> str:
        return self.service

    @property
    def is_seen(self) -> bool:
        """Whether its server tells what it was asked."""
        return "--direct" not in self.options

    def base_url(self, server: ServerProcess) -> str:
        """What is typed into the form."""
        return server.base_url if self.path is None else server.root_url + self.path


OPENAI = Kind("OpenAI", "openai", MODEL.name)
OLLAMA = Kind("Ollama", "ollama", "tinker", (), key_header="")
ROUTER = Kind("LLM Router", "llm_router", "Mock One", path="", streams=False)
KINDS = (
    OPENAI,
    Kind("llama.cpp server", "openai", MODEL.name, (*KEYED, "--direct")),
    Kind("Anthropic", "anthropic", "Tinker 1M", key_header="X-Api-Key"),
    Kind("Google Gemini", "gemini", "tinker", key_header="X-Goog-Api-Key"),
    OLLAMA,
    Kind("LLM Service", "llm_service", "medium", ("--profile", "doc"), "", key_header=""),
    ROUTER,
    Kind("Ollama Queue", "ollama_queue", "llama3.2:3b", QUEUED, key_header="X-Api-Key", streams=False),
)
STREAMING = [kind for kind in KINDS if kind.streams and kind.is_seen]


@dataclass(frozen=True)
class Docks:
    """The page, and the server of each kind."""

    berth: BerthPage
    servers: dict[Kind, ServerProcess]

    def add(self, kind: Kind) -> None:
        """Add a connection as a user does: choose the service, type its address and key, save."""
        form = self.berth.connections.form
        self.berth.connections.add_button.click()
        key = KEY if KEY in kind.options else ""
        form.fill("", kind.base_url(self.servers[kind]), key, kind.service)
        form.finish()
        expect(self.berth.connections.row(kind.service)).to_contain_text("Connected")

    def choose(self, kind: Kind) -> None:
        """Begin a conversation with one of its models."""
        self.berth.go("Chat")
        self.berth.page.get_by_role("button", name="New conversation").first.click()
        group = self.berth.chat.model.locator(f'optgroup[label="{kind.service}"]')
        value = group.locator("option").filter(has_text=kind.model).first.get_attribute("value")
        self.berth.chat.model.select_option(value=value)

    def ask(self, question: str) -> Locator:
        """Ask; gives the answer."""
        self.berth.chat.ask(question)
        return self.berth.chat.log.get_by_role("article").last


@pytest.fixture(scope="module")
def docks(
    chromium: Browser,
    page_url: str,
    local_apis: LocalApis,
    profiles: Profiles,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Docks]:
    """A page to which every kind was added."""
    models = tmp_path_factory.mktemp("ollama")
    shutil.copy(MODEL, models / Path(MODEL).name)
    local = local_apis.get("doc").server
    watch = Watch(page_url)
    watch.allow_host(local.base_url)
    with ExitStack() as stack:
        servers = {}
        for kind in KINDS:
            options = kind.options if kind.service != "Ollama" else ("--models", str(models))
            server = stack.enter_context(running(f"tests.servers.{kind.module}", "--threads", "1", *options))
            watch.allow_host(server.base_url)
            servers[kind] = server
        context = stack.enter_context(new_context(chromium, watch, profiles.pointed_at(local.base_url)))
        docks = Docks(BerthPage(context.new_page(), page_url).open("#/connections"), servers)
        for kind in KINDS:
            docks.add(kind)
        yield docks
    watch.check()


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_each_kind_answers_and_is_counted(docks: Docks, kind: Kind) -> None:
    docks.choose(kind)
    question, answer = FRANCE
    expect(docks.ask(question)).to_contain_text(answer)
    docks.berth.go("Connections")
    expect(docks.berth.connections.row(kind.service)).to_contain_text(re.compile("today: .* request"))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.is_seen], ids=str)
def test_its_key_is_sent_in_its_own_header(docks: Docks, kind: Kind) -> None:
    server = docks.servers[kind]

    def headers_with_the_key() -> set[str]:
        return {name for seen in server.requests() for name, value in seen["headers"].items() if KEY in value}

    server.forget_requests()
    docks.berth.go("Connections")
    docks.berth.connections.press("Test", kind.service)
    if kind.key_header:  # it may come after a look at the server's health, which needs none
        server.wait_until(lambda: headers_with_the_key() != set())
    else:
        server.wait_until(lambda: server.requests(method="GET") != [])
    assert headers_with_the_key() == ({kind.key_header} if kind.key_header else set())


@pytest.mark.parametrize("kind", STREAMING, ids=str)
def test_answers_flow_and_stop_ends_the_request(docks: Docks, kind: Kind) -> None:
    docks.choose(kind)
    server = docks.servers[kind]
    with server.faulty(stream_stall=5):
        answer = docks.ask(FRANCE[0])
        expect(answer).to_contain_text("The capital")
        expect(answer).not_to_contain_text("Paris")
        docks.berth.chat.stop.click()
        expect(answer).to_contain_text("Stopped")
        server.wait_until(lambda: [one["ended"] for one in server.streams()][-1:] == ["gone"])


def test_what_an_api_says_is_left_is_shown(docks: Docks) -> None:
    docks.choose(ROUTER)
    expect(docks.ask(FRANCE[0])).to_contain_text(FRANCE[1])
    docks.berth.go("Connections")
    row = docks.berth.connections.row(ROUTER.service)
    expect(row).to_contain_text(re.compile(r"99\d of 1000 requests left today"))


def test_a_model_that_is_not_there_is_named(docks: Docks) -> None:
    docks.berth.go("Connections")
    connections = docks.berth.connections
    connections.press("Edit", "Ollama")
    dialog = connections.form.dialog
    dialog.get_by_text("Models and prices").click()
    dialog.get_by_role("button", name="Add a model").click()
    dialog.get_by_role("textbox", name="Model", exact=True).fill("not-pulled")
    connections.form.finish()
    docks.choose(replace(OLLAMA, model="not-pulled"))
    question = "What is the capital of Norway?"
    said = docks.ask(question).get_by_role("alert")
    expect(said).to_contain_text("Ollama does not have this model.")
    expect(docks.berth.chat.questions.last).to_have_text(question)
    docks.berth.go("Connections")
    expect(connections.problem("Ollama")).to_contain_text("Ollama does not have this model.")


@pytest.fixture(scope="module")
def reloaded(docks: Docks) -> Docks:
    """The same after a reload."""
    docks.berth.reload()
    return docks


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_after_a_reload_each_kind_still_answers(reloaded: Docks, kind: Kind) -> None:
    reloaded.choose(kind)
    question, answer = JAPAN
    expect(reloaded.ask(question)).to_contain_text(answer)
