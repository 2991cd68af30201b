"""The dialect of Anthropic: what is sent, and what is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.core.connections import Connection, Model
from app.core.deltas import Reply, ToolCallDelta, Usage
from app.core.messages import PromptMessage
from app.core.problems import ApiError, InvalidInput
from app.providers.anthropic import DEFAULT_MAX_TOKENS, Anthropic
from tests.providers.asking import PIXEL, SCHEMA, TOOLS, assistant, body_of, system, user
from tests.providers.replies import json_reply, page_reply, text_reply

API = Anthropic()
CONNECTION = Connection("a", "anthropic", "Anthropic", "https://api.anthropic.com/v1", "sk-ant-key")


def body(*messages: PromptMessage, **parameters: Any) -> dict[str, Any]:
    sent: dict[str, Any] = body_of(API.chat_request(CONNECTION, "claude", messages or (user(),), parameters))
    return sent


def problem(status: int, kind: str, message: str) -> str:
    error = {"type": "error", "error": {"type": kind, "message": message}}
    return API.error(json_reply(json.dumps(error), status)).problem.what


def test_only_its_three_headers_are_sent() -> None:
    request = API.chat_request(CONNECTION, "claude", [user()], {})
    assert request.url == "https://api.anthropic.com/v1/messages"
    assert request.headers == {
        "Content-Type": "application/json",
        "x-api-key": "sk-ant-key",
        "anthropic-version": "2023-06-01",
        "anthropic-dangerous-direct-browser-access": "true",
    }


def test_the_plainest_request_has_a_limit_and_is_streamed() -> None:
    assert body() == {
        "model": "claude",
        "max_tokens": DEFAULT_MAX_TOKENS,
        "messages": [{"role": "user", "content": "What is the capital of France?"}],
        "stream": True,
    }


def test_system_messages_stand_apart() -> None:
    sent = body(system("Be brief."), user("Hi"), system("In French."))
    assert sent["system"] == "Be brief.\n\nIn French."
    assert sent["messages"] == [{"role": "user", "content": "Hi"}]


def test_turns_alternate_and_begin_with_the_user() -> None:
    sent = body(
        assistant("Cut off"), user("One"), user("Two"), assistant("  "), assistant("Yes"), user("Three")
    )
    assert sent["messages"] == [
        {"role": "user", "content": "One\n\nTwo"},
        {"role": "assistant", "content": "Yes"},
        {"role": "user", "content": "Three"},
    ]


def test_an_answer_to_be_continued_ends_without_white_space() -> None:
    assert body(user("Hi"), assistant("Hello \n"))["messages"][-1] == {
        "role": "assistant",
        "content": "Hello",
    }


def test_images_come_before_the_text() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
    assert body(user("What is it?", PIXEL))["messages"][0]["content"] == [
        {"type": "image", "source": source},
        {"type": "text", "text": "What is it?"},
    ]
    assert body(user("", PIXEL))["messages"][0]["content"] == [{"type": "image", "source": source}]


def test_parameters_go_along_by_their_names() -> None:
    sent = body(temperature=0.5, top_k=5, max_tokens=7, stop_sequences=("a", "b"), unknown=1)
    assert (sent["temperature"], sent["top_k"], sent["max_tokens"]) == (0.5, 5, 7)
    assert sent["stop_sequences"] == ["a", "b"]
    assert "unknown" not in sent


def test_effort_asks_newer_models_to_think_and_to_show_it() -> None:
    sent = body(effort=" high ", json_schema=SCHEMA)
    assert sent["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert sent["output_config"] == {
        "effort": "high",
        "format": {"type": "json_schema", "schema": json.loads(SCHEMA)},
    }


def test_a_thinking_budget_makes_room_for_the_answer() -> None:
    sent = body(thinking_budget=10_000)
    assert sent["thinking"] == {"type": "enabled", "budget_tokens": 10_000}
    assert sent["max_tokens"] == 14_096


def test_a_budget_above_the_limit_is_not_sent() -> None:
    with pytest.raises(InvalidInput, match="no room for an answer"):
        body(thinking_budget=2000, max_tokens=2000)


def test_tools_have_anthropics_form() -> None:
    assert body(tools=TOOLS)["tools"] == [
        {"name": "weather", "description": "Tells the weather.", "input_schema": json.loads(SCHEMA)}
    ]


@pytest.mark.parametrize("messages", [(), (user("  "),), (system("Be brief."),), (assistant("Hi"),)])
def test_without_a_question_nothing_is_sent(messages: tuple[PromptMessage, ...]) -> None:
    with pytest.raises(InvalidInput, match="nothing to ask"):
        API.chat_request(CONNECTION, "claude", messages, {})


def test_a_whole_message_is_read() -> None:
    message = {
        "type": "message",
        "model": "claude-x",
        "content": [
            {"type": "thinking", "thinking": "Hm.", "signature": "x"},
            {"type": "text", "text": "Hello "},
            {"type": "text", "text": "there."},
            {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Köln"}},
        ],
        "stop_reason": "tool_use",
        "usage": {"input_tokens": 3, "output_tokens": 4},
    }
    assert API.reply(json_reply(json.dumps(message))) == Reply(
        "Hello there.",
        reasoning="Hm.",
        model="claude-x",
        usage=Usage(3, 4, 7),
        finish="tool_calls",
        calls=(ToolCallDelta(0, "t1", "weather", '{"city": "Köln"}'),),
    )


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("refusal", "content_filter"),
        ("pause_turn", "pause_turn"),
    ],
)
def test_the_reason_of_the_end_is_told_in_common_words(reason: str, finish: str) -> None:
    message = {"type": "message", "content": [{"type": "text", "text": "x"}], "stop_reason": reason}
    assert API.reply(json_reply(json.dumps(message))).finish == finish


def test_an_answer_of_unknown_shape_is_shown() -> None:
    assert '"answer": 42' in API.reply(json_reply('{"answer": 42}')).raw


def test_models_are_labelled_as_anthropic_names_them() -> None:
    listed = '{"data": [{"type": "model", "id": "claude-x", "display_name": "Claude X"}], "has_more": false}'
    assert API.models(json_reply(listed)) == (Model("claude-x", "Claude X"),)


def test_a_reply_without_a_list_is_an_error() -> None:
    with pytest.raises(ApiError, match="gave no model list"):
        API.models(json_reply('{"ok": true}'))


@pytest.mark.parametrize(
    ("status", "kind", "message", "what"),
    [
        (401, "authentication_error", "invalid x-api-key", "does not accept the key"),
        (401, "authentication_error", "x-api-key header is required", "wants a key"),
        (
            401,
            "authentication_error",
            "CORS requests must set 'anthropic-dangerous-direct-browser-access' header",
            "does not let this key be used from a page",
        ),
        (404, "not_found_error", "model: claude-0", "does not have this model"),
        (404, "not_found_error", "Not Found", "has nothing at"),
        (
            400,
            "invalid_request_error",
            "prompt is too long: 201000 tokens > 200000 maximum",
            "too long for this",
        ),
        (
            400,
            "invalid_request_error",
            "`temperature` may only be set to 1 when thinking is enabled",
            "thinking",
        ),
        (400, "invalid_request_error", "Your credit balance is too low to access the API", "credit or quota"),
        (429, "rate_limit_error", "This request would exceed your rate limit", "no more requests"),
        (529, "overloaded_error", "Overloaded", "overloaded"),
        (413, "request_too_large", "Request exceeds the maximum size", "larger than the server accepts"),
    ],
)
def test_errors_say_what_the_user_can_do(status: int, kind: str, message: str, what: str) -> None:
    assert what in problem(status, kind, message)


def test_the_length_of_a_conversation_that_is_too_long_is_told() -> None:
    message = "prompt is too long: 201000 tokens > 200000 maximum"
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": message}}
    cause = API.error(json_reply(json.dumps(error), 400)).problem.cause
    assert "200000 tokens, and this would need 201000" in cause


def test_an_error_with_status_200_is_an_error() -> None:
    error = '{"type": "error", "error": {"type": "api_error", "message": "Internal server error"}}'
    with pytest.raises(ApiError):
        API.reply(json_reply(error))


def test_a_page_is_no_answer() -> None:
    with pytest.raises(ApiError, match="web page answered"):
        API.reply(page_reply("<title>Welcome</title>", 200))


def test_health_is_a_model_list_or_the_apis_own_refusal() -> None:
    assert API.is_healthy(json_reply('{"data": []}'))
    assert API.is_healthy(json_reply('{"type": "error", "error": {"type": "authentication_error"}}', 401))
    assert not API.is_healthy(page_reply("<title>Router</title>", 200))
    assert not API.is_healthy(text_reply("Not Found", 404))


def test_the_key_is_in_no_url_and_what_servers_need_is_told() -> None:
    assert "sk-ant" not in API.list_request(CONNECTION).url
    assert "anthropic-dangerous-direct-browser-access" in API.cors_fix(CONNECTION, "https://berth.example")
    assert "GET /v1/models" in API.rejected("GET /v1/models").details
