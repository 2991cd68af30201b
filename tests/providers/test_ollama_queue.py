"""The Ollama Queue: what is sent, and what is read. Known from its document only."""

from __future__ import annotations

import pytest

from app.core.connections import Connection
from app.core.http import HttpReply
from app.core.problems import ApiError, InvalidInput
from app.providers.abilities import QueuePlace
from app.providers.ollama_queue import AUTH, OllamaQueue
from tests.providers.asking import assistant, body_of, system, user
from tests.providers.replies import json_reply, page_reply

API = OllamaQueue()
CONNECTION = Connection("q", "ollama-queue", "Queue", "https://host.example/api/v1/llm", "the-token")

ANSWER = (
    '{"success": true, "request_id": "req_6789abcdef", "response": "Quantum computing is a type of computing...",'
    '"model": "llama3.2:3b", "done": true, "queue_length": 0}'
)
QUEUED = (
    '{"success": true, "message": "Request queued", "request_id": "req_6789abcdef", "queue_position": 2,'
    '"queue_length": 3}'
)
STATUS = (
    '{"success": true, "ollama_running": true, "current_model": "llama3.2:3b", "queue_length": 0,'
    '"is_processing": false, "available_models": ["llama3.2:3b"], "installed_models": []}'
)
UNAUTHORIZED = '{"success": false, "error": "Unauthorized", "message": "Invalid or missing Bearer token"}'


def test_the_key_is_in_one_header_only() -> None:
    request = API.chat_request(CONNECTION, "m", [user()], {})
    assert request.url == "https://host.example/api/v1/llm/generate"
    assert request.headers == {"Content-Type": "application/json", "X-API-Key": "the-token"}


def test_a_refusal_that_asks_for_a_bearer_token_is_answered_with_one_once() -> None:
    again = API.retried(CONNECTION, json_reply(UNAUTHORIZED, 401))
    assert again is not None
    assert again.options == {AUTH: "bearer"}
    assert API.list_request(again).headers == {"Authorization": "Bearer the-token"}
    assert API.retried(again, json_reply(UNAUTHORIZED, 401)) is None


def test_any_other_refusal_is_final() -> None:
    assert API.retried(CONNECTION, json_reply('{"success": false, "error": "Unauthorized"}', 401)) is None
    assert API.retried(CONNECTION, json_reply(UNAUTHORIZED, 400)) is None


def test_one_question_is_the_prompt() -> None:
    assert body_of(API.chat_request(CONNECTION, "m", [user("Hi")], {"max_tokens": 9, "other": 1})) == {
        "model": "m",
        "prompt": "Hi",
        "options": {"max_tokens": 9},
    }


def test_a_conversation_becomes_one_prompt() -> None:
    said = [system("Be brief."), user("Hi"), assistant("Hello"), user("More")]
    assert body_of(API.chat_request(CONNECTION, "m", said, {})) == {
        "model": "m",
        "prompt": "system: Be brief.\nuser: Hi\nassistant: Hello\nuser: More\nassistant:",
    }


def test_nothing_to_ask_is_not_sent() -> None:
    with pytest.raises(InvalidInput, match="nothing to ask"):
        API.chat_request(CONNECTION, "m", [], {})


def test_an_answer_is_read() -> None:
    reply = API.reply(json_reply(ANSWER))
    assert (reply.text, reply.model) == ("Quantum computing is a type of computing...", "llama3.2:3b")
    assert API.queued(json_reply(ANSWER)) is None


@pytest.mark.parametrize("status", [200, 202])
def test_a_place_in_the_queue_is_no_answer(status: int) -> None:
    assert API.queued(json_reply(QUEUED, status)) == QueuePlace("req_6789abcdef", 2, 3)
    with pytest.raises(ApiError, match="at place 2 of 3"):
        API.reply(json_reply(QUEUED, status))


def test_a_queued_request_is_known_by_its_message_alone() -> None:
    assert API.queued(json_reply('{"success": true, "message": "Your request is queued"}')) == QueuePlace()


def test_an_error_is_no_place_in_the_queue() -> None:
    assert API.queued(json_reply(UNAUTHORIZED, 401)) is None
    assert API.queued(json_reply('{"success": false, "queue_position": 1}')) is None


def test_the_state_of_the_queue_is_read() -> None:
    state = API.queue(json_reply(STATUS))
    assert (state.length, state.is_processing, state.is_running, state.current_model) == (
        0,
        False,
        True,
        "llama3.2:3b",
    )
    assert state.is_idle
    assert not API.queue(json_reply(STATUS.replace('"queue_length": 0', '"queue_length": 1'))).is_idle


def test_answers_that_a_version_may_give_are_found() -> None:
    results = STATUS.replace('"success"', f'"results": {{"req_1": {ANSWER}}}, "success"')
    answers = API.queue(json_reply(results)).answers
    assert answers is not None
    assert answers["req_1"].text.startswith("Quantum")


def test_models_are_an_object_of_names_and_descriptions() -> None:
    listed = '{"success": true, "models": {"llama3.2:1b": "Ultra-light / Summarization"}}'
    (model,) = API.models(json_reply(listed))
    assert (model.id, model.label) == ("llama3.2:1b", "llama3.2:1b – Ultra-light / Summarization")
    with pytest.raises(ApiError, match="gave no model list"):
        API.models(json_reply('{"success": true}'))


@pytest.mark.parametrize(
    ("body", "status", "what"),
    [
        (UNAUTHORIZED, 401, "does not accept the key"),
        (
            '{"success": false, "error": "Bad Request", "message": "model and prompt are required"}',
            400,
            "could not use",
        ),
        (
            '{"success": false, "error": "Not Found", "message": "Endpoint not found: /x"}',
            404,
            "has nothing at",
        ),
        ('{"success": false, "error": "down", "ollama_running": false}', 200, "Ollama does not run"),
    ],
)
def test_errors_say_what_the_user_can_do(body: str, status: int, what: str) -> None:
    assert what in API.error(json_reply(body, status)).problem.what


def test_a_failure_is_an_error_with_any_status() -> None:
    with pytest.raises(ApiError):
        API.reply(json_reply('{"success": false, "error": "Ollama failed"}'))


def test_health_is_the_state_or_the_services_own_refusal() -> None:
    assert API.is_healthy(json_reply(STATUS))
    assert API.is_healthy(json_reply(UNAUTHORIZED, 401))
    assert not API.is_healthy(page_reply("<title>Welcome</title>", 200))
    assert not API.is_healthy(HttpReply(401))


def test_the_preflight_that_has_no_key_is_explained() -> None:
    assert "without the key" in API.rejected("POST /generate").cause
    assert "OPTIONS" in API.cors_fix(CONNECTION, "https://berth.example")
