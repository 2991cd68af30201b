"""What the user reads for each error of the Local LLM API, whichever generation sends it."""

import pytest

from app.core.http import HttpReply
from app.core.problems import Problem
from app.core.text.en.api import TEXTS
from app.providers import local_llm_problems
from app.providers.local_llm_api import LocalLlmApi
from tests.providers import exchanges
from tests.providers.replies import json_reply, page_reply, text_reply

API = LocalLlmApi()

ERRORS = [
    # documented
    (json_reply('{ "error": "Request body is required" }', 400), "without contents"),
    (json_reply('{ "error": "Question is required" }', 400), "no question"),
    (json_reply('{ "error": "Model name is required" }', 400), "no model name"),
    (json_reply('{ "error": "Model not found" }', 404), "does not find the model"),
    (
        json_reply('{ "success": false, "error": "Failed to generate response: boom" }', 500),
        "could not generate",
    ),
    (json_reply('{ "error": "No file part in the request" }', 400, "/models"), "found no file in the upload"),
    (json_reply('{ "error": "No file selected" }', 400, "/models"), "no file name"),
    (
        json_reply('{ "error": "Invalid file type. Only gguf files are allowed" }', 400, "/models"),
        "only GGUF files",
    ),
    (json_reply('{ "error": "File already exists" }', 409, "/models"), "already has a model of this name"),
    (
        json_reply('{"error": "Failed to list models: [Errno 5] I/O"}', 500, "/models"),
        "could not list its models",
    ),
    (
        json_reply('{"error": "Model not found"}', 404, "/models/nope.gguf"),
        "does not find the model “nope.gguf”",
    ),
    (json_reply('{"error": "Failed to get cache status: x"}', 500, "/cache/status"), "in memory"),
    # first generation
    (json_reply(exchanges.TEMPLATE_NAME_G1, 500), "cannot fill in: {other}"),
    (json_reply(exchanges.UNLOADABLE_G1, 500), "could not load the model “notreally.gguf”"),
    (json_reply(exchanges.CONTEXT_G1, 500), "too long for this model"),
    (
        json_reply('{"error": "Failed to delete model: x"}', 500, "/models/a%20b.gguf"),
        "could not delete the model “a b",
    ),
    (
        json_reply('{"error": "Failed to sync models: x"}', 500, "/models/sync"),
        "could not read its models folder",
    ),
    (
        json_reply('{"error": "Failed to save file: [Errno 28] No space left on device"}', 500, "/models"),
        "disk is full",
    ),
    (
        json_reply('{"error": "Failed to save file: [Errno 5] I/O"}', 500, "/models"),
        "could not store the file",
    ),
    (
        json_reply(
            '{"error": "Failed to delete model: [Errno 13] Permission denied"}', 500, "/models/a.gguf"
        ),
        "may not change this file",
    ),
    (
        json_reply('{"error": "Failed to delete model: [Errno 2] No such file"}', 500, "/models/a.gguf"),
        "no longer has",
    ),
    (page_reply(exchanges.NOT_FOUND_PAGE, 404, "/models/a%2Fb"), "slash in its name"),
    (page_reply(exchanges.NOT_FOUND_PAGE, 404, "/nosuch"), "has nothing at /api/v1/nosuch"),
    (page_reply(exchanges.WRONG_METHOD_PAGE, 405), "does not take this kind of request"),
    (page_reply(exchanges.TOO_LARGE_PAGE, 413, "/models"), "larger than the server accepts"),
    (page_reply(exchanges.MEDIA_PAGE, 415), "does not take the form"),
    (page_reply(exchanges.BAD_JSON_PAGE, 400), "could not read the request"),
    (page_reply(exchanges.INTERNAL_ERROR_PAGE, 500), "without saying why"),
    # second generation
    (json_reply(exchanges.NOT_FOUND_G2, 404), "does not find the model “x”"),
    (json_reply(exchanges.TIMEOUT_G2, 408), "gave up before the answer was ready"),
    # others that were seen in such servers
    (json_reply('{"error": "Failed to generate response: \'other\'"}', 500), "cannot fill in: {other}"),
    (json_reply("""{"error": "Single '}' encountered in format string"}""", 500), "cannot read the braces"),
    (json_reply('{"error": "CUDA error: out of memory"}', 500), "ran out of memory"),
    (json_reply('{"error": "Model path does not exist: ./models/x.gguf"}', 500), "no longer has the file"),
    (json_reply('{"error": "boom"}', 500, "/models"), "could not store the file"),
    (json_reply('{"success": false, "error": "boom"}', 200), "could not generate"),
    (json_reply('{"error": "temperature must be below 2"}', 400), "could not use this request"),
    (json_reply('{"error": "boom"}', 503), "is not ready"),
    (page_reply("<title>502 Bad Gateway</title>", 502), "front server"),
    (text_reply("upstream request timeout", 504), "gave up"),
    # successes that are none
    (page_reply("<title>Log in</title>", 200, "/models"), "not a reply of the local API"),
    (json_reply('{"models": [{"name": "a.gg', 200, "/models"), "cannot be read"),
    (HttpReply(200, {"content-type": "application/json"}), "answered with nothing"),
]


KEYS = {
    *local_llm_problems._WORDS,
    *local_llm_problems._BY_STATUS.values(),
    *local_llm_problems._PAGES.values(),
}


@pytest.mark.parametrize("key", sorted((KEYS | set(local_llm_problems._BY_TASK.values())) - {"hidden"}))
def test_every_problem_has_its_three_texts(key: str) -> None:
    assert {f"local.{key}.what", f"local.{key}.cause", f"local.{key}.fix"} <= set(TEXTS)


def problem(reply: HttpReply) -> Problem:
    return API.error(reply).problem


@pytest.mark.parametrize(
    ("reply", "what"), ERRORS, ids=lambda value: value if isinstance(value, str) else None
)
def test_says_what_happened(reply: HttpReply, what: str) -> None:
    assert what in problem(reply).what


@pytest.mark.parametrize(
    "reply", [reply for reply, _ in ERRORS], ids=lambda reply: f"{reply.status} {reply.text[:50]}"
)
def test_says_why_and_what_to_do_and_keeps_the_servers_word(reply: HttpReply) -> None:
    found = problem(reply)
    assert " " in found.cause
    assert " " in found.fix
    assert found.details.startswith(f"HTTP {reply.status}")
    assert "<" not in str(found) + found.details


def test_the_status_comes_with_the_error() -> None:
    assert API.error(json_reply('{"error": "File already exists"}', 409)).status == 409


@pytest.mark.parametrize(
    ("said", "window"),
    [
        ("Requested tokens (700) exceed context window of 512", "of 512 tokens, and this one needs 700"),
        (
            "request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it",
            "of 4096 tokens, and this one needs 5000",
        ),
        ("Prompt exceeds n_ctx: 600 > 512", "of 512 tokens, and this one needs 600"),
        ("exceeds the context window", "context window."),
    ],
)
def test_a_question_that_is_too_long_names_the_window(said: str, window: str) -> None:
    assert window in problem(json_reply(f'{{"error": "Failed to generate response: {said}"}}', 500)).cause


def test_a_wrong_placeholder_is_answered_with_the_right_one() -> None:
    found = problem(json_reply(exchanges.TEMPLATE_NAME_G1, 500))
    assert "{question}" in found.cause
    assert "{{ }}" in found.fix


@pytest.mark.parametrize(
    ("request_", "cause"),
    [
        ("POST /api/v1/generate", "unknown model"),
        ("POST /api/v1/models", "already there"),
        ("DELETE /api/v1/models/nope.gguf", "already gone"),
        ("GET /api/v1/models", "call log"),
        ("POST /api/v1/cache/clear", "call log"),
        ("", "call log"),
    ],
)
def test_a_rejected_request_is_explained_by_what_it_was_for(request_: str, cause: str) -> None:
    found = API.rejected(request_)
    assert found.what == "The local API is up, but gave no readable answer to this request."
    assert cause in found.cause
    assert found.snippet == "LOG_API_CALLS=false"


def test_a_page_in_place_of_a_reason_names_the_setting_that_reveals_it() -> None:
    found = problem(page_reply(exchanges.INTERNAL_ERROR_PAGE, 500))
    assert "512 tokens" in found.cause
    assert found.snippet == "LOG_API_CALLS=false"
