"""The LLM Router: what is sent, and what is read."""

from __future__ import annotations

import pytest

from app.core.connections import Connection
from app.core.deltas import Usage
from app.core.http import HttpReply
from app.core.limits import RateLimit, RateLimits
from app.core.problems import ApiError, InvalidInput
from app.providers.llm_router import AUTO, LlmRouter
from tests.providers.asking import body_of, user
from tests.providers.replies import json_reply, page_reply

API = LlmRouter()
KEY = "llm_0123456789abcdef0123456789abcdef.fedcba"
CONNECTION = Connection("r", "llm-router", "Router", "http://127.0.0.1:3006", KEY)


@pytest.mark.parametrize("base", ["http://127.0.0.1:3006", "http://127.0.0.1:3006/api"])
def test_paths_are_right_with_and_without_the_prefix(base: str) -> None:
    connection = Connection("r", "llm-router", "Router", base, KEY)
    assert API.chat_request(connection, AUTO, [user()], {}).url == "http://127.0.0.1:3006/api/chat"
    assert API.health_request(connection).url == "http://127.0.0.1:3006/api/health"
    assert API.list_request(connection).url == "http://127.0.0.1:3006/api/models"


def test_only_the_headers_that_it_allows_are_sent() -> None:
    headers = API.chat_request(CONNECTION, AUTO, [user()], {}).headers
    assert headers == {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
    assert API.health_request(CONNECTION).headers == {}


@pytest.mark.parametrize("model", [AUTO, ""])
def test_the_router_chooses_when_no_model_is_named(model: str) -> None:
    sent = body_of(API.chat_request(CONNECTION, model, [user("Hi")], {"maxTokens": 9, "temperature": 0.1}))
    assert sent == {"messages": [{"role": "user", "content": "Hi"}], "maxTokens": 9, "temperature": 0.1}


def test_a_model_that_is_chosen_is_named() -> None:
    assert body_of(API.chat_request(CONNECTION, "mock-1", [user()], {}))["model"] == "mock-1"


def test_nothing_to_ask_is_not_sent() -> None:
    with pytest.raises(InvalidInput, match="nothing to ask"):
        API.chat_request(CONNECTION, AUTO, [], {})


@pytest.mark.parametrize(
    "body",
    [
        '{"response":"Hello.","model":"mock-1","usage":{"promptTokens":3,"completionTokens":4,"totalTokens":7}}',
        (
            '{"prompt":"Hi","response":{"text":"Hello.","model":"mock-1","usage":{"promptTokens":3,"completionTokens":4,'
            '"totalTokens":7}},"model":"mock-1"}'
        ),
    ],
)
def test_the_answers_of_chat_and_quick_are_read(body: str) -> None:
    reply = API.reply(json_reply(body))
    assert (reply.text, reply.model, reply.usage) == ("Hello.", "mock-1", Usage(3, 4, 7))


def test_an_answer_of_unknown_shape_is_shown() -> None:
    assert '"reply": 1' in API.reply(json_reply('{"reply": 1}')).raw


def test_the_choice_of_the_router_is_offered_first() -> None:
    listed = '{"count":1,"models":[{"id":"mock-1","name":"Mock One","format":"gguf","loaded":true}]}'
    models = API.models(json_reply(listed))
    assert [(model.id, model.label) for model in models] == [
        (AUTO, "Automatic (the router chooses)"),
        ("mock-1", "Mock One"),
    ]
    with pytest.raises(ApiError, match="gave no model list"):
        API.models(json_reply("{}"))


def test_requests_are_counted_by_the_day() -> None:
    headers = {"x-ratelimit-limit": "1000", "x-ratelimit-remaining": "899"}
    limits = API.limits(headers, 0)
    assert limits == RateLimits(RateLimit(1000, 899), period="day")
    assert limits.requests is not None
    assert limits.requests.used == 101
    assert API.limits({}, 0) is None


@pytest.mark.parametrize(
    ("body", "headers", "cause"),
    [
        (
            '{"error":"Rate limit exceeded","resetTime":"2025-08-22T00:00:00.000Z"}',
            {},
            "from 2025-08-22 00:00 UTC",
        ),
        ('{"error":"Rate limit exceeded"}', {"x-ratelimit-reset": "1755820800"}, "from 2025-08-22 00:00 UTC"),
        ('{"error":"Too many requests from this IP","retryAfter":"15 minutes"}', {}, "wait 15 minutes"),
        ('{"error":"Rate limit exceeded"}', {}, "counted by the day. The router"),
        ('{"error":"Rate limit exceeded"}', {"x-ratelimit-reset": "1e99"}, "counted by the day. The router"),
    ],
)
def test_the_end_of_a_limit_is_told(body: str, headers: dict[str, str], cause: str) -> None:
    reply = HttpReply(429, {"content-type": "application/json", **headers}, body.encode())
    assert cause in API.error(reply).problem.cause


@pytest.mark.parametrize(
    ("body", "status", "what"),
    [
        ('{"error":"API key required","message":"Provide API key via Authorization"}', 401, "wants a key"),
        ('{"error":"Invalid API key","message":"Key deactivated"}', 401, "does not accept the key"),
        ('{"error":"No models loaded. Cannot process request without AI models."}', 500, "no model loaded"),
        ('{"error":"Server initializing"}', 503, "still loading"),
        ('{"error":"No message provided"}', 400, "could not use this request"),
    ],
)
def test_errors_say_what_the_user_can_do(body: str, status: int, what: str) -> None:
    assert what in API.error(json_reply(body, status)).problem.what


def test_a_wrong_path_is_told() -> None:
    assert "has nothing at" in API.error(page_reply("<pre>Cannot GET /api/nosuch</pre>", 404)).problem.what


def test_health_needs_a_status() -> None:
    assert API.is_healthy(json_reply('{"status":"healthy","initialized":false}'))
    assert not API.is_healthy(page_reply("<title>Welcome</title>", 200))


def test_what_cannot_be_read_is_explained() -> None:
    assert "1,000 requests" in API.rejected("POST /api/chat").cause
    assert 'origin: "https://berth.example"' in API.cors_fix(CONNECTION, "https://berth.example")
