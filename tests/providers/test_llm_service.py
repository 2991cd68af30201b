"""The LLM Service: what is sent, and what is read, as documented and as observed."""

from __future__ import annotations

import pytest

from app.core.connections import Connection
from app.core.problems import ApiError, InvalidInput
from app.providers.llm_service import LlmService
from tests.providers.asking import SCHEMA, assistant, body_of, system, user
from tests.providers.replies import json_reply, page_reply, text_reply

API = LlmService()
CONNECTION = Connection("s", "llm-service", "Service", "http://localhost:8000")

OBSERVED = (
    '{"id":"chatcmpl-215b6483","object":"chat.completion","created":1795169945,"model":"medium","choices":[{"index":0,'
    '"message":{"role":"assistant","content":" Hello there.","refusal":null},"finish_reason":"stop"}],'
    '"usage":{"prompt_tokens":3,"completion_tokens":3,"total_tokens":6},"system_fingerprint":null}'
)
LOADED = (
    '{"object":"list","data":[{"id":"light/qwen-0.5b (loaded)","object":"model","root":"light/qwen-0.5b (loaded)"},'
    '{"id":"embedding/bge-m3","object":"model"}]}'
)


@pytest.mark.parametrize("base", ["http://localhost:8000", "http://localhost:8000/v1"])
def test_paths_are_right_with_and_without_the_prefix(base: str) -> None:
    connection = Connection("s", "llm-service", "Service", base)
    assert (
        API.chat_request(connection, "light", [user()], {}).url == "http://localhost:8000/v1/chat/completions"
    )
    assert API.health_request(connection).url == "http://localhost:8000/health"
    assert API.list_request(connection).url == "http://localhost:8000/v1/models"
    assert API.embed_request(connection, "embedding", ["a"]).url == "http://localhost:8000/v1/embeddings"
    assert API.complete_request(connection, "light", "a", {}).url == "http://localhost:8000/v1/completions"


def test_a_request_holds_only_what_is_documented() -> None:
    request = API.chat_request(
        CONNECTION, "medium", [system("Be brief."), user("Hi"), assistant(" ")], {"top_k": 5}
    )
    assert request.headers == {"Content-Type": "application/json"}
    assert body_of(request) == {
        "model": "medium",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
        "top_k": 5,
        "stream": True,
    }


@pytest.mark.parametrize(
    ("chosen", "sent"), [("light/qwen-0.5b", "light"), ("heavy", "heavy"), ("my/model", "my/model")]
)
def test_the_name_of_the_tier_is_sent(chosen: str, sent: str) -> None:
    assert body_of(API.chat_request(CONNECTION, chosen, [user()], {}))["model"] == sent


def test_a_schema_goes_along() -> None:
    sent = body_of(API.chat_request(CONNECTION, "light", [user()], {"json_schema": SCHEMA}))
    assert sent["response_format"]["type"] == "json_schema"


def test_nothing_to_ask_is_not_sent() -> None:
    with pytest.raises(InvalidInput):
        API.chat_request(CONNECTION, "light", [user(" ")], {})


def test_json_is_read_although_a_stream_was_asked_for() -> None:
    reply = API.reply(json_reply(OBSERVED))
    assert (reply.text, reply.model, reply.finish) == ("Hello there.", "medium", "stop")


def test_the_mark_of_a_loaded_model_is_no_part_of_its_name() -> None:
    assert [model.id for model in API.models(json_reply(LOADED))] == ["light/qwen-0.5b", "embedding/bge-m3"]


@pytest.mark.parametrize(
    ("body", "status", "what"),
    [
        (
            '{"error": {"message": "Model not found: x", "code": "model_not_found"}}',
            404,
            "does not have this model",
        ),
        ('{"error": {"message": "No models available for tier: heavy"}}', 500, "no model for this tier"),
        ('{"error": {"message": "Input exceeds maximum context length"}}', 400, "too long"),
        ('{"error": {"message": "Model is loading"}}', 503, "still loading"),
        (
            '{"detail":[{"loc":["body","temperature"],"msg":"Input should be less than or equal to 2"}]}',
            422,
            "does not take a part",
        ),
        ('{"detail": "Not Found"}', 404, "has nothing at"),
        ('{"detail": "\'embedding\'"}', 500, "failed on this request"),
    ],
)
def test_errors_of_both_kinds_say_what_the_user_can_do(body: str, status: int, what: str) -> None:
    assert what in API.error(json_reply(body, status)).problem.what


def test_a_success_with_an_error_in_it_is_one() -> None:
    with pytest.raises(ApiError):
        API.reply(json_reply('{"detail": "x", "status": "error"}'))


def test_an_unreadable_failure_names_the_tier() -> None:
    assert "tier" in API.rejected("POST /v1/chat/completions").cause


def test_health_is_a_status() -> None:
    assert API.is_healthy(json_reply('{"status": "healthy", "timestamp": "2024-01-01T00:00:00"}'))
    assert not API.is_healthy(page_reply("<title>Welcome</title>", 200))
    assert not API.is_healthy(text_reply("Internal Server Error", 500))


def test_the_origin_can_be_allowed() -> None:
    assert 'allow_origins=["https://berth.example"]' in API.cors_fix(CONNECTION, "https://berth.example")
