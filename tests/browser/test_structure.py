"""Answers of a given structure, and calls of tools, from the field in the page to what the model makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.pages import BerthPage
from tests.browser.watch import Watch
from tests.providers.openai_streams import OPENAI_TOOLS
from tests.servers.process import ServerProcess, running

MODEL = "tinker-1m-q8_0.gguf"
SCHEMA = {
    "type": "object",
    "properties": {"city": {"enum": ["Paris", "Tokyo"]}},
    "required": ["city"],
    "additionalProperties": False,
}
TOOLS = [{"name": "weather", "description": "Tells it", "parameters": {"type": "object", "properties": {}}}]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A real llama-server, and a recorded stream with a tool call."""
    script = tmp_path_factory.mktemp("script") / "tools.txt"
    script.write_bytes(OPENAI_TOOLS.body)
    with running("tests.servers.openai", "--threads", "1", "--script", script) as server:
        yield server


@pytest.fixture
def chat(server: ServerProcess, docked: BerthPage, watch: Watch) -> BerthPage:
    """The chat of a person who has added the server and opened the parameters."""
    watch.allow_host(server.base_url)
    server.forget_requests()
    docked.open_connected()
    docked.go("Connections")
    docked.connections.add("Structured", server.base_url)
    expect(docked.connections.row("Structured")).to_contain_text("Connected")
    docked.go("Chat")
    return docked


def test_an_answer_follows_the_schema_that_is_typed(chat: BerthPage, server: ServerProcess) -> None:
    chat.chat.model.select_option(label=MODEL)
    chat.chat.open_parameters()
    chat.chat.set_parameter("Answer as JSON", json.dumps(SCHEMA))
    chat.chat.ask("What is the capital of France?")
    answer = chat.chat.answers(MODEL.removesuffix(".gguf"))
    expect(answer).to_contain_text('"city"')
    (seen,) = server.requests("/chat/completions", "POST")
    assert json.loads(seen["body"])["response_format"]["json_schema"]["schema"] == SCHEMA


def test_a_schema_that_is_no_json_is_marked_and_nothing_is_sent(
    chat: BerthPage, server: ServerProcess
) -> None:
    chat.chat.model.select_option(label=MODEL)
    chat.chat.open_parameters()
    field = chat.chat.set_parameter("Answer as JSON", '{"type": ')
    expect(field).to_have_attribute("aria-invalid", "true")
    chat.chat.ask("Hello")
    expect(chat.chat.message).to_have_value("Hello")
    assert server.requests("/chat/completions", "POST") == []


def test_a_call_of_a_tool_is_shown_and_kept(chat: BerthPage, server: ServerProcess) -> None:
    chat.chat.model.select_option(label="recorded")
    chat.chat.open_parameters()
    chat.chat.set_parameter("Tools", json.dumps(TOOLS))
    chat.chat.ask("How is the weather?")
    answer = chat.chat.answers("recorded")
    expect(answer).to_contain_text("Wants to call weather with")
    expect(answer).to_contain_text('"city": "Köln"')
    (seen,) = server.requests("/chat/completions", "POST")
    assert json.loads(seen["body"])["tools"][0]["function"]["name"] == "weather"
    chat.reload()
    expect(answer).to_contain_text('"city": "Köln"')
