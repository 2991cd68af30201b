"""What servers of OpenAI's dialect say when they fail, and what the user reads."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.http import HttpReply
from app.core.problems import ApiError, Problem
from app.providers.openai import OpenAi
from tests.providers.replies import json_reply, page_reply, text_reply

API = OpenAi()
PATH = "/chat/completions"


def problem_of(reply: HttpReply) -> Problem:
    with pytest.raises(ApiError) as caught:
        API.reply(reply)
    assert caught.value.status == reply.status
    return caught.value.problem


def said(message: str, status: int, kind: str = "", code: object = None) -> Problem:
    error = {"message": message, "type": kind, "code": code, "param": None}
    return problem_of(json_reply(json.dumps({"error": error}), status, PATH))


CASES = [
    # llama-server, recorded
    (401, "Invalid API Key", "authentication_error", 401, "does not accept the key"),
    (404, "File Not Found", "not_found_error", 404, "has nothing at"),
    (
        501,
        "This server does not support embeddings. Start it with `--embeddings`",
        "not_supported_error",
        501,
        "offer",
    ),
    (503, "Loading model", "unavailable_error", 503, "still loading"),
    # OpenAI
    (
        401,
        "Incorrect API key provided: sk-abcdefgh1234. You can find ...",
        "",
        "invalid_api_key",
        "not accept the key",
    ),
    (
        401,
        "You didn't provide an API key. You need to provide ...",
        "invalid_request_error",
        None,
        "wants a key",
    ),
    (
        403,
        "Country, region, or territory not supported",
        "",
        "unsupported_country_region_territory",
        "country",
    ),
    (
        404,
        "The model `gpt-9` does not exist or you do not have access to it.",
        "",
        "model_not_found",
        "this model",
    ),
    (
        429,
        "You exceeded your current quota, please check your plan",
        "insufficient_quota",
        "insufficient_quota",
        "quota",
    ),
    (
        429,
        "Rate limit reached for gpt-x in organization org-1 on tokens per min",
        "tokens",
        "rate_limit_exceeded",
        "more",
    ),
    (
        400,
        "Unsupported parameter: 'max_tokens' is not supported with this model.",
        "",
        "unsupported_parameter",
        "a part",
    ),
    (
        400,
        "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) is supported.",
        "invalid_request_error",
        "unsupported_value",
        "a part",
    ),
    (
        400,
        "Your request was rejected as a result of our safety system",
        "",
        "content_policy_violation",
        "refused",
    ),
    (503, "The engine is currently overloaded, please try again later", "server_error", None, "overloaded"),
    # others
    (402, "Insufficient Balance", "unknown_error", "invalid_request_error", "credit"),
    (402, "This request requires more credits, or fewer max_tokens.", "", 402, "credit"),
    (404, "model 'llama9' not found", "api_error", None, "this model"),
    (
        404,
        "No models loaded. Please load a model in the developer page",
        "",
        "model_not_found",
        "no model loaded",
    ),
    (400, "Model is not loaded", "", None, "no model loaded"),
    (401, "No auth credentials found", "", 401, "wants a key"),
    (529, "Overloaded", "overloaded_error", None, "overloaded"),
]


@pytest.mark.parametrize(("status", "message", "kind", "code", "what"), CASES, ids=lambda one: str(one)[:30])
def test_an_error_is_explained(status: int, message: str, kind: str, code: object, what: str) -> None:
    problem = said(message, status, kind, code)
    assert what in problem.what
    assert problem.cause
    assert problem.fix
    assert f"HTTP {status}" in problem.details


@pytest.mark.parametrize(
    ("message", "more", "cause"),
    [
        (
            "request (6012 tokens) exceeds the available context size (1024 tokens), try increasing it",
            {"type": "exceed_context_size_error", "n_prompt_tokens": 6012, "n_ctx": 1024},
            "1024 tokens, and this would need 6012",
        ),
        (
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
            {"code": "context_length_exceeded"},
            "8192 tokens, and this would need 9000",
        ),
        ("This model's maximum context length is 8192 tokens.", {}, "of 8192 tokens"),
        ("Input exceeds maximum context length", {}, "must fit into the model's context."),
    ],
)
def test_a_conversation_that_is_too_long_is_told_with_its_figures(
    message: str, more: dict[str, object], cause: str
) -> None:
    problem = problem_of(json_reply(json.dumps({"error": {"message": message, **more}}), 400, PATH))
    assert "too long for this model" in problem.what
    assert cause in problem.cause


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (
            '{"detail":[{"loc":["body","temperature"],"msg":"Input should be less than or equal to 2"}]}',
            "a part",
        ),
        ('{"object":"error","message":"Extra inputs are not permitted","code":400}', "a part"),
    ],
)
def test_errors_in_other_shapes_are_explained(body: str, what: str) -> None:
    problem = problem_of(json_reply(body, 422, PATH))
    assert what in problem.what


def test_the_time_to_wait_is_told_when_the_server_lets_it_be_read() -> None:
    reply = json_reply('{"error":{"message":"Too many requests"}}', 429)
    told = HttpReply(reply.status, {**reply.headers, "retry-after": "7"}, reply.body, reply.url)
    assert "it asks to wait 7 s" in problem_of(told).cause
    assert "asks to wait" not in problem_of(reply).cause


def test_a_page_instead_of_the_api_is_told_with_its_words() -> None:
    problem = problem_of(page_reply("<title>Sign in</title><p>to the hotel network</p>", 200))
    assert "A web page answered" in problem.what
    assert "Sign in: to the hotel network" in problem.cause


@pytest.mark.parametrize(
    ("reply", "what"),
    [
        (page_reply("<title>404 Not Found</title>", 404, PATH), "has nothing at /api/v1/chat/completions"),
        (json_reply('{"detail":"Not Found"}', 404, PATH), "has nothing at"),
        (json_reply('{"detail":"Method Not Allowed"}', 405, PATH), "has nothing at"),
        (page_reply("<title>401</title>", 401), "does not accept the key"),
        (page_reply("<title>502 Bad Gateway</title>", 502), "front server"),
        (text_reply("Internal Server Error", 500), "failed on this request"),
        (json_reply('{"error":{"message":"boom"}}', 200), "failed on this request"),
        (json_reply('{"choices": [', 200), "cannot be read"),
        (HttpReply(200, {"content-type": "application/json"}), "answered with nothing"),
    ],
    ids=lambda one: one if isinstance(one, str) else f"{one.status} {one.text[:20]}",
)
def test_what_is_no_answer_is_explained(reply: HttpReply, what: str) -> None:
    problem = problem_of(reply)
    assert what in problem.what
    assert problem.cause
    assert problem.fix


@given(st.sampled_from(CASES))
def test_no_text_shows_a_key(case: tuple[int, str, str, object, str]) -> None:
    status, message, kind, code, _ = case
    problem = said(f"{message} Bearer sk-live-0123456789 sk-live-0123456789", status, kind, code)
    assert "0123456789" not in repr(problem)


@given(st.text(max_size=300), st.sampled_from([200, 400, 401, 403, 404, 422, 429, 500, 503]))
def test_every_error_says_what_happened_why_and_what_to_do(message: str, status: int) -> None:
    error = API.error(json_reply(json.dumps({"error": {"message": message}}), status))
    assert error.problem.what
    assert error.problem.cause
    assert error.problem.fix
