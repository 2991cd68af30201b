"""LiteLLM's proxy, a second implementation of OpenAI's dialect: through the provider's code, and in the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from app.core.connections import Connection
from app.core.deltas import Reply
from app.core.http import HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.problems import ApiError
from app.providers.openai import OpenAi
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch
from tests.providers.wire import send, send_as_page
from tests.servers import litellm

API = OpenAi()
PARIS = "The capital of France is Paris."
QUESTION = (PromptMessage(Role.USER, "What is the capital of France?"),)
NAME = "My LiteLLM"


@pytest.fixture(scope="module")
def proxy() -> Iterator[str]:
    with litellm.running() as base_url:
        yield base_url


def connection(proxy: str, key: str = litellm.KEY) -> Connection:
    return Connection("one", API.id, NAME, proxy, key)


def streamed(request: HttpRequest) -> Reply:
    """The answer of a stream, which has to be one that came to its end."""
    reply = send_as_page(request)
    decoder = API.decoder(reply.media_type)
    assert decoder is not None, reply.text
    deltas = decoder.feed(reply.body) + decoder.finish()
    assert (decoder.done, decoder.error, decoder.skipped) == (True, None, 0)
    return Reply.of(deltas)


def test_a_question_is_answered_as_a_stream(proxy: str) -> None:
    answer = streamed(API.chat_request(connection(proxy), litellm.NAME, QUESTION, {"temperature": 0.1}))
    assert (answer.text, answer.finish) == (PARIS, "stop")
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (18, 8)


def test_its_models_are_listed(proxy: str) -> None:
    reply = send_as_page(API.list_request(connection(proxy)))
    assert [model.id for model in API.models(reply)] == [litellm.NAME]
    assert API.is_healthy(reply)


@pytest.mark.parametrize("key", ["sk-berth-wrong-0000", "no-such-key"])
def test_a_wrong_key_is_told_as_one(proxy: str, key: str) -> None:
    reply = send(API.health_request(connection(proxy, key)))
    error = API.error(reply)
    assert API.is_healthy(reply), "it is the API that answers"
    assert error.status == 401
    assert "key" in error.problem.what


def test_a_model_that_it_does_not_offer_is_told(proxy: str) -> None:
    with pytest.raises(ApiError, match="model"):
        API.reply(send(API.chat_request(connection(proxy), "nobody", QUESTION, {})))


def test_it_answers_in_the_page_and_tells_a_wrong_key(proxy: str, docked: BerthPage, watch: Watch) -> None:
    watch.allow_host(proxy)
    watch.expect_error("400")  # its answer to a key that it does not know
    docked.open_connected()
    docked.go("Connections")
    connections = docked.connections
    connections.add(NAME, proxy, "sk-berth-wrong-0000")
    expect(connections.row(NAME)).to_contain_text("Key refused")
    connections.press("Edit", NAME)
    connections.form.key.fill(litellm.KEY)
    connections.form.finish()
    expect(connections.row(NAME)).to_contain_text("Connected, one model")
    docked.go("Chat")
    docked.chat.model.select_option(label=litellm.NAME)
    docked.chat.ask(QUESTION[0].text)
    expect(docked.chat.answers(litellm.NAME)).to_contain_text(PARIS)
