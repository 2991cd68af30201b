"""No provider ever fails on what a server sends: any JSON, any bytes, any status; and all its requests are sound."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.connections import Connection
from app.core.http import HttpReply
from app.core.messages import PromptMessage, Role
from app.core.problems import ApiError, InvalidInput
from app.providers import abilities, base, extract
from app.providers.base import Provider
from app.providers.custom import Custom
from app.providers.custom_dialect import CustomDialect
from app.providers.registry import PROVIDERS
from tests.providers.asking import calm
from tests.providers.test_any_input import NUMBERS, TEXTS, is_storable, replies

DIALECT_KEYS = [
    "type", "error", "message", "content", "delta", "index", "usage", "text", "thinking", "input", "partial_json",
    "content_block", "stop_reason", "input_tokens", "output_tokens", "candidates", "parts", "thought", "functionCall",
    "args", "name", "finishReason", "usageMetadata", "promptFeedback", "blockReason", "promptTokenCount", "embeddings",
    "values", "models", "supportedGenerationMethods", "displayName", "details", "retryDelay", "reason", "done",
    "done_reason", "eval_count", "eval_duration", "tool_calls", "function", "arguments", "digest", "total", "completed",
    "status", "model_info", "capabilities", "expires_at", "size_vram", "success", "queue_position", "queue_length",
    "results", "request_id", "ollama_running", "data", "embedding", "response", "choices", "id", "display_name",
]  # fmt: skip
WORDS = [
    "error", "message_start", "message_delta", "message_stop", "content_block_start", "content_block_delta", "text",
    "text_delta", "thinking", "thinking_delta", "tool_use", "input_json_delta", "STOP", "success", "34s",
    "overloaded_error", "Request queued", "1e999",
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(DIALECT_KEYS), inner, max_size=6)
    ),
    max_leaves=20,
)
CUSTOM = Custom(
    CustomDialect(
        stream="sse",
        answer="content[*].text",
        error="error",
        reasoning="thinking",
        finish="done",
        prompt_tokens="usage.input_tokens",
        list_path="/models",
        models="models",
        model_id="name",
    )
)
ALL: tuple[Provider, ...] = (*PROVIDERS.values(), CUSTOM)
every_provider = pytest.mark.parametrize("provider", ALL, ids=[*PROVIDERS, "custom with paths"])

MESSAGES = st.lists(
    st.builds(PromptMessage, st.sampled_from(Role), st.text(st.characters(codec=None), max_size=20)),
    max_size=5,
)


def reads(provider: Provider) -> Iterator[Callable[[HttpReply], Any]]:
    """All that a provider reads replies with."""
    yield from (provider.reply, provider.check)
    if isinstance(provider, base.ListsModels):
        yield provider.models
    if isinstance(provider, base.Embeds):
        yield provider.vectors
    if isinstance(provider, abilities.LoadsModels):
        yield provider.loaded
    if isinstance(provider, abilities.DescribesModels):
        yield provider.details
    if isinstance(provider, abilities.Queues):
        yield from (provider.queue, provider.queued)


def survives(provider: Provider, reply: HttpReply) -> None:
    provider.is_healthy(reply)
    for read in reads(provider):
        try:
            read(reply)
        except ApiError as error:
            problem = error.problem
            assert problem.what and problem.cause and problem.fix
            assert is_storable(str(problem) + problem.details)
    assert provider.error(reply).problem.what
    if isinstance(provider, abilities.TakesAnotherHeader):
        provider.retried(Connection("a", provider.id, "A", "http://127.0.0.1"), reply)


@every_provider
@calm
@given(reply=replies())
def test_any_reply_is_read_or_explained(provider: Provider, reply: HttpReply) -> None:
    survives(provider, reply)


@every_provider
@calm
@given(value=VALUES, status=st.sampled_from([200, 400, 401, 404, 429, 500]))
def test_any_json_in_the_words_of_the_dialects_is_read_or_explained(
    provider: Provider, value: Any, status: int
) -> None:
    survives(provider, HttpReply(status, {"content-type": "application/json"}, json.dumps(value).encode()))


@every_provider
@calm
@given(values=st.lists(VALUES, max_size=5))
def test_any_events_are_read_or_explained(provider: Provider, values: list[Any]) -> None:
    if not isinstance(provider, base.Streams):
        return
    for media_type, form in (("text/event-stream", "data: {}\n\n"), ("application/x-ndjson", "{}\n")):
        decoder = provider.decoder(media_type)
        if decoder is not None:
            body = "".join(form.format(json.dumps(value)) for value in values)
            decoder.feed(body.encode())
            decoder.finish()
            assert decoder.error is None or decoder.error.problem.fix


@every_provider
@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"error":' * 900 + b"1" + b"}" * 900, b"[" * 900 + b"]" * 900]
)
def test_deep_json_is_read_or_explained(provider: Provider, body: bytes) -> None:
    survives(provider, HttpReply(400, {"content-type": "application/json"}, body))
    survives(provider, HttpReply(200, {"content-type": "application/json"}, body))


@every_provider
@calm
@given(messages=MESSAGES, model=st.text(st.characters(codec=None), max_size=12), key=st.text(max_size=12))
def test_any_prompt_gives_a_sound_request_or_says_what_is_wrong(
    provider: Provider, messages: list[PromptMessage], model: str, key: str
) -> None:
    connection = Connection("a", provider.id, "A", "http://127.0.0.1:8000/base", key)
    try:
        request = provider.chat_request(connection, model, messages, {})
    except InvalidInput as error:
        assert error.problem.fix
        return
    assert request.origin == "http://127.0.0.1:8000"
    assert request.body is not None
    assert isinstance(json.loads(request.body), dict)
    assert all(text.isascii() and text.isprintable() for text in request.headers.values())
    if len(key.strip()) > 8:
        assert key.strip() not in request.url


@calm
@given(st.dictionaries(st.text(max_size=30), st.text(max_size=30), max_size=4), st.floats(0, 4e9))
def test_any_headers_have_limits_or_none(headers: dict[str, str], now: float) -> None:
    names = ["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"]
    values = [*headers.values(), "", "", ""]
    extract.rate_limits({**headers, **dict(zip(names, values, strict=False))}, now)
