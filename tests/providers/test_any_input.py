"""No extractor and no provider ever fails on what a server sends: any JSON value, any bytes, any header."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.connections import Model
from app.core.deltas import Reply, Usage
from app.core.http import HttpReply
from app.core.problems import ApiError
from app.providers import extract
from app.providers.local_llm_api import LocalLlmApi

# fmt: off
KEYS = [
    "response", "text", "content", "result", "message", "choices", "delta", "candidates", "parts",
    "success", "error", "detail", "details", "errors", "code", "models", "data", "installed_models",
    "available_models", "cached_models", "id", "filename", "name", "model", "model_used",
    "model_info", "size", "size_mb", "modified", "created", "usage", "total_tokens", "token_count",
    "processing_time", "duration", "done", "refusal", "stack", "status", "service", "loc", "msg",
    "resetTime", "retryAfter", "requested_model",
]
# fmt: on
TEXTS = st.text(st.characters(codec=None)) | st.sampled_from(
    [
        "",
        " ",
        "tiny.gguf",
        "x (loaded)",
        "4.1 GB",
        "2.5s",
        "15 minutes",
        "\ud83d",
        "Model not found",
        "1e999",
        "'x'",
    ]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -(10**30), 2**53 + 1, 1e308])
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | TEXTS, inner, max_size=5)
    ),
    max_leaves=25,
)
MEDIA = st.sampled_from(
    ["", "application/json", "text/html", "text/plain", "application/problem+json", "\x00"]
)
STATUS = st.sampled_from([200, 201, 204, 302, 400, 401, 404, 405, 408, 409, 413, 415, 429, 500, 503, 599])
PATHS = st.sampled_from(
    ["", "/", "/api/v1/generate", "/api/v1/models", "/api/v1/models/a%2Fb%FF", "/cache/status"]
)
BODIES = (
    st.binary(max_size=200)
    | JSON.map(lambda value: json.dumps(value).encode())
    | st.text().map(lambda text: f"<title>{text}</title><p>{text}<![{text}".encode("utf-8", "surrogatepass"))
)


@st.composite
def replies(draw: st.DrawFn) -> HttpReply:
    headers = {"content-type": draw(MEDIA), "retry-after": draw(TEXTS), "x-ratelimit-reset": draw(TEXTS)}
    return HttpReply(draw(STATUS), headers, draw(BODIES), f"http://127.0.0.1:5000{draw(PATHS)}")


def is_storable(text: str) -> bool:
    return text.encode("utf-8").decode("utf-8") == text


@given(JSON)
def test_any_json_value_has_an_answer_or_none(value: Any) -> None:
    answer = extract.answer_text(value)
    assert answer is None or is_storable(answer)
    assert is_storable(extract.model_name(value) + extract.finish_reason(value))


@given(JSON)
def test_any_json_value_has_figures_or_none(value: Any) -> None:
    found = extract.usage(value)
    assert found is None or found != Usage()


@given(JSON)
def test_any_json_value_has_a_model_list_or_none(value: Any) -> None:
    models = extract.model_list(value)
    assert models is None or len({model.id for model in models}) == len(models)
    for model in models or ():
        assert model.id.strip()
        assert is_storable(model.id + model.label + model.size_text + model.modified)
        assert model.size is None or 0 <= model.size <= 2**53


@given(JSON)
def test_any_json_value_can_be_shown(value: Any) -> None:
    assert is_storable(extract.raw_text(value) + extract.error_message(value))
    extract.reports_failure(value)


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_read_as_a_page(page: str) -> None:
    assert len(extract.html_text(page)) <= 300


@given(st.text(), st.text())
def test_redacting_twice_changes_nothing_more(text: str, key: str) -> None:
    once = extract.redact(f"{text} sk-{key}")
    assert extract.redact(once) == once


@given(replies())
def test_any_reply_says_something_that_can_be_shown(reply: HttpReply) -> None:
    text = extract.error_text(reply)
    assert text
    assert len(text) <= 2000
    assert is_storable(extract.details(reply) + str(extract.status_problem(reply)))


@given(replies(), st.floats(0, 4e9))
def test_any_reply_names_a_moment_from_now_on_or_none(reply: HttpReply, now: float) -> None:
    moment = extract.reset_time(reply, now)
    assert moment is None or moment >= now


@given(replies())
def test_the_local_api_reads_any_reply_or_says_what_is_wrong_with_it(reply: HttpReply) -> None:
    api = LocalLlmApi()
    api.is_healthy(reply)
    for read in (api.reply, api.check, api.models, api.cached, api.uploaded):
        try:
            found = read(reply)
        except ApiError as error:
            assert error.problem.what
            assert error.problem.cause
            assert error.problem.fix
            assert is_storable(str(error.problem) + error.problem.details)
        else:
            assert found is None or isinstance(found, Reply | tuple | str)


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"a":' * 200_000, b"[" * 900 + b"]" * 900], ids=len)
def test_deeply_nested_json_is_survived(body: bytes) -> None:
    reply = HttpReply(200, {"content-type": "application/json"}, body)
    extract.raw_text(extract.read_value(reply))
    assert not LocalLlmApi().is_healthy(reply)
    assert Model("a", "a") not in (extract.model_list(extract.read_value(reply)) or ())
