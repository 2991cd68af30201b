"""The dialect of Gemini: what is sent, and what is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.core.connections import Connection, Model
from app.core.deltas import Reply, Usage
from app.core.messages import PromptMessage
from app.core.problems import ApiError, InvalidInput
from app.providers.gemini import Gemini
from tests.providers.asking import PIXEL, SCHEMA, TOOLS, assistant, body_of, system, user
from tests.providers.replies import json_reply, page_reply

API = Gemini()
CONNECTION = Connection(
    "g", "gemini", "Gemini", "https://generativelanguage.googleapis.com/v1beta", "AIza-key"
)


def body(*messages: PromptMessage, **parameters: Any) -> dict[str, Any]:
    sent: dict[str, Any] = body_of(
        API.chat_request(CONNECTION, "gemini-x", messages or (user(),), parameters)
    )
    return sent


def error(code: int, status: str, message: str, **detail: str) -> ApiError:
    said = {"error": {"code": code, "message": message, "status": status, "details": [detail]}}
    return API.error(json_reply(json.dumps(said), code))


def test_the_key_is_in_its_header_and_not_in_the_url() -> None:
    request = API.chat_request(CONNECTION, "gemini-x", [user()], {})
    assert request.headers == {"Content-Type": "application/json", "x-goog-api-key": "AIza-key"}
    assert request.url == f"{CONNECTION.base_url}/models/gemini-x:streamGenerateContent?alt=sse"


def test_a_model_of_a_collection_keeps_it_and_odd_names_stay_in_the_path() -> None:
    assert (
        "/tunedModels/mine-1:stream" in API.chat_request(CONNECTION, "tunedModels/mine-1", [user()], {}).url
    )
    assert "/models/a%3Fb%23c:stream" in API.chat_request(CONNECTION, "a?b#c", [user()], {}).url


def test_the_plainest_request_holds_the_turns_only() -> None:
    assert body(user("Hi"), assistant("Hello"), user("More")) == {
        "contents": [
            {"role": "user", "parts": [{"text": "Hi"}]},
            {"role": "model", "parts": [{"text": "Hello"}]},
            {"role": "user", "parts": [{"text": "More"}]},
        ]
    }


def test_system_messages_stand_apart() -> None:
    assert body(system("Be brief."), user("Hi"))["systemInstruction"] == {"parts": [{"text": "Be brief."}]}


def test_images_are_parts() -> None:
    image = {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}
    assert body(user("What?", PIXEL))["contents"] == [{"role": "user", "parts": [image, {"text": "What?"}]}]
    assert body(user("", PIXEL))["contents"] == [{"role": "user", "parts": [image]}]


def test_parameters_stand_in_the_configuration() -> None:
    sent = body(temperature=0.5, topK=3, maxOutputTokens=9, stopSequences=("a",), thinkingBudget=512, seed=1)
    assert sent["generationConfig"] == {
        "temperature": 0.5,
        "topK": 3,
        "maxOutputTokens": 9,
        "stopSequences": ["a"],
        "seed": 1,
        "thinkingConfig": {"thinkingBudget": 512, "includeThoughts": True},
    }


def test_no_thinking_shows_no_thoughts() -> None:
    config = body(thinkingBudget=0)["generationConfig"]
    assert config == {"thinkingConfig": {"thinkingBudget": 0, "includeThoughts": False}}


def test_a_schema_and_tools_have_geminis_form() -> None:
    sent = body(json_schema=SCHEMA, tools=TOOLS)
    schema = json.loads(SCHEMA)
    assert sent["generationConfig"] == {"responseMimeType": "application/json", "responseJsonSchema": schema}
    declared = {"name": "weather", "description": "Tells the weather.", "parametersJsonSchema": schema}
    assert sent["tools"] == [{"functionDeclarations": [declared]}]


def test_without_a_question_or_a_model_nothing_is_sent() -> None:
    with pytest.raises(InvalidInput, match="nothing to ask"):
        API.chat_request(CONNECTION, "gemini-x", [system("Be brief.")], {})
    with pytest.raises(InvalidInput, match="No model"):
        API.chat_request(CONNECTION, " ", [user()], {})


def test_texts_to_embed_are_one_request_each() -> None:
    request = API.embed_request(CONNECTION, "embed-x", ["a", "b"])
    assert request.url.endswith("/models/embed-x:batchEmbedContents")
    assert [one["content"]["parts"][0]["text"] for one in body_of(request)["requests"]] == ["a", "b"]
    assert API.vectors(json_reply('{"embeddings": [{"values": [1, 2]}, {"values": [0.5, 3]}]}')) == (
        (1.0, 2.0),
        (0.5, 3.0),
    )
    with pytest.raises(ApiError, match="no vectors"):
        API.vectors(json_reply('{"embeddings": [{"values": ["x"]}]}'))


def test_a_whole_reply_is_read() -> None:
    reply = {
        "candidates": [
            {
                "content": {"parts": [{"text": "Hm", "thought": True}, {"text": "Hello"}]},
                "finishReason": "MAX_TOKENS",
            }
        ],
        "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 4, "totalTokenCount": 7},
        "modelVersion": "gemini-x-001",
    }
    read = Reply("Hello", reasoning="Hm", model="gemini-x-001", usage=Usage(3, 4, 7), finish="length")
    assert API.reply(json_reply(json.dumps(reply))) == read


def test_a_stream_as_an_array_is_read() -> None:
    pieces = [{"candidates": [{"content": {"parts": [{"text": text}]}}]} for text in ("Hel", "lo")]
    assert API.reply(json_reply(json.dumps(pieces))).text == "Hello"


def test_an_answer_that_was_filtered_says_so() -> None:
    reply = '{"candidates": [{"content": {"parts": [{"text": "So"}]}, "finishReason": "SAFETY"}]}'
    assert API.reply(json_reply(reply)).finish == "content_filter"


def test_a_blocked_prompt_is_an_error() -> None:
    with pytest.raises(ApiError, match="It says: PROHIBITED_CONTENT"):
        API.reply(json_reply('{"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}'))


def test_models_that_neither_answer_nor_embed_are_left_out() -> None:
    listed = {
        "models": [
            {"name": "models/a", "displayName": "A", "supportedGenerationMethods": ["generateContent"]},
            {"name": "models/b", "supportedGenerationMethods": ["predict"]},
            {"name": "models/c"},
        ]
    }
    assert API.models(json_reply(json.dumps(listed))) == (Model("a", "A"), Model("c", "c"))
    with pytest.raises(ApiError, match="gave no model list"):
        API.models(json_reply('{"data": 1}'))


@pytest.mark.parametrize(
    ("code", "status", "message", "what"),
    [
        (
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.",
            "does not accept the key",
        ),
        (400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", "does not accept the key"),
        (403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.", "wants a key"),
        (400, "FAILED_PRECONDITION", "User location is not supported for the API use.", "country or region"),
        (404, "NOT_FOUND", "models/x is not found for API version v1beta", "does not have this model"),
        (
            400,
            "INVALID_ARGUMENT",
            "Budget 0 is invalid. This model only works in thinking mode.",
            "thinking budget",
        ),
        (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota", "limit of this key"),
        (503, "UNAVAILABLE", "The model is overloaded.", "overloaded"),
        (400, "INVALID_ARGUMENT", "The input token count (9) exceeds the maximum", "too long"),
        (500, "INTERNAL", "An internal error has occurred.", "failed on this request"),
    ],
)
def test_errors_say_what_the_user_can_do(code: int, status: str, message: str, what: str) -> None:
    assert what in error(code, status, message).problem.what


def test_the_time_to_wait_is_told() -> None:
    assert "asks to wait 34 s" in error(429, "RESOURCE_EXHAUSTED", "quota", retryDelay="34.07s").problem.cause


def test_an_error_in_an_array_is_read() -> None:
    said = '[{"error": {"code": 404, "message": "models/x is not found", "status": "NOT_FOUND"}}]'
    assert "does not have this model" in API.error(json_reply(said, 404)).problem.what


def test_health_is_a_model_list_or_the_apis_own_refusal() -> None:
    refusal = '{"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}'
    assert API.is_healthy(json_reply('{"models": []}'))
    assert API.is_healthy(json_reply(refusal, 400))
    assert not API.is_healthy(json_reply('{"error": "no"}', 400))
    assert not API.is_healthy(page_reply("<title>Router</title>", 200))


def test_what_a_proxy_needs_is_told() -> None:
    assert "x-goog-api-key" in API.cors_fix(CONNECTION, "https://berth.example")
    assert API.rejected("GET /v1beta/models").fix
