"""Custom connections, built by hand to an API that nobody foresaw: the preview, the test, the chat, and the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.pages import BerthPage
from tests.browser.pages.custom import CustomForm
from tests.browser.watch import Watch
from tests.servers.process import ServerProcess, running

KEY: Final = "odd-pass-5d1e90aa"
NAME: Final = "Odd one"
PARIS: Final = "The capital of France is Paris."
QUESTION: Final = "What is the capital of France?"
STREAM: Final = "How the answer comes"
METER: Final = {"Tokens sent": "meter.read", "Tokens received": "meter.wrote", "Error": "fault.say"}


@dataclass(frozen=True)
class Way:
    """How one of the server's dialects is told to the form."""

    path: str
    request: Mapping[str, str]
    reply: Mapping[str, str]
    is_cumulative: bool = False


WAYS: Final = {
    "feed": Way(
        "/feed",
        {
            STREAM: "As server-sent events",
            "Headers": "X-Odd-Pass: {{key}}",
            "Body": '{"mind": {{model}}, "turns": {{messages}}, "heat": {{temperature}}}',
        },
        {"Answer": "news[*].bit", "End": "because", "Last event": "<over>", **METER},
    ),
    "lines": Way(
        "/lines",
        {
            STREAM: "As lines of JSON",
            "Headers": "X-Odd-Pass: {{key}}",
            "Body": '{"mind": {{model}}, "talk": {{prompt}}}',
        },
        {"Answer": "so_far", "End": "ready", "Last event": "", **METER},
        is_cumulative=True,
    ),
    "once": Way(
        "/once",
        {
            STREAM: "In one piece",
            "Method": "PUT",
            "Headers": "X-Odd-Pass: {{key}}",
            "Body": '{"mind": {{model}}, "ask": {{prompt}}}',
        },
        {"Answer": "out[*].words", **METER},
    ),
    "talk": Way(
        "/talk",
        {STREAM: "Through a WebSocket", "Body": '{"pass": {{key}}, "mind": {{model}}, "ask": {{prompt}}}'},
        {"Answer": "bit", "End": "because", "Last event": "", **METER},
    ),
}


@dataclass(frozen=True)
class Odd:
    """The page of a person who builds a connection, and the server that it leads to."""

    berth: BerthPage
    server: ServerProcess
    custom: CustomForm

    def begin(self, key: str = KEY) -> Odd:
        """Open the form for a custom connection to the server."""
        self.berth.go("Connections")
        self.berth.connections.add_button.click()
        self.custom.form.fill(NAME, self.server.base_url, key, "Custom")
        self.custom.form.name.fill(NAME)
        return self

    def write(self, way: Way) -> Odd:
        """Write a dialect into the form."""
        self.custom.fill_request({**way.request, "Path": way.path})
        self.custom.fill_reply(way.reply)
        if way.is_cumulative:
            self.custom.dialog.get_by_role("checkbox", name="Each event brings the whole text").check()
        self.custom.name_models("tinker-one", "nobody", "drill-600-at-200")
        return self

    def ask(self, model: str = "tinker-one", text: str = QUESTION) -> None:
        """Ask in the chat."""
        self.berth.go("Chat")
        self.berth.chat.model.select_option(label=model)
        self.berth.chat.ask(text)


@pytest.fixture(scope="module")
def odd_process() -> Iterator[ServerProcess]:
    with running("tests.servers.odd", "--threads", "1", "--key", KEY) as server:
        yield server


@pytest.fixture
def odd(odd_process: ServerProcess, docked: BerthPage, watch: Watch) -> Odd:
    """The page beside a local API without models, and the odd server without faults."""
    odd_process.set_faults({})
    odd_process.forget_requests()
    watch.allow_host(odd_process.base_url)
    docked.open_connected()
    return Odd(docked, odd_process, CustomForm(docked.connections.form))


def expect_previewed(custom: CustomForm, server: ServerProcess, way: Way) -> None:
    """The preview shows the address and the question, and not the key."""
    scheme = "ws" if way.path == "/talk" else "http"
    host = server.base_url.partition("://")[2]
    expect(custom.request).to_contain_text(f"{scheme}://{host}{way.path}")
    expect(custom.request).to_contain_text(QUESTION)
    expect(custom.request).to_contain_text("[your-key]")
    expect(custom.request).not_to_contain_text(KEY)


@pytest.mark.parametrize("name", WAYS)
def test_a_connection_is_built_by_hand_previewed_tested_and_answers(odd: Odd, name: str) -> None:
    way = WAYS[name]
    odd.begin().write(way)
    expect_previewed(odd.custom, odd.server, way)
    odd.custom.form.test.click()
    expect(odd.custom.read).to_contain_text(PARIS)
    expect(odd.custom.read).to_contain_text("Tokens received")
    expect(odd.custom.raw).to_contain_text('"wrote":')
    expect(odd.custom.dialog.locator("section.trial")).not_to_contain_text(KEY)
    odd.custom.form.finish()
    odd.ask()
    expect(odd.berth.chat.answers("tinker-one")).to_contain_text(PARIS)
