"""What error replies say, in words that can be shown."""

import pytest

from app.core.http import HttpReply
from app.providers.extract import (
    details,
    error_message,
    error_text,
    html_text,
    redact,
    reports_failure,
    status_problem,
)
from tests.providers import exchanges
from tests.providers.replies import json_reply, page_reply, text_reply


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"error": "File already exists"}, "File already exists"),
        ({"error": "Invalid API key", "message": "Key not found"}, "Invalid API key: Key not found"),
        ({"error": "Not found", "message": "Not found"}, "Not found"),
        (
            {"error": {"message": "Model not found: x", "code": "model_not_found"}},
            "Model not found: x (model_not_found)",
        ),
        ({"error": {"message": "No models", "type": "model_error"}}, "No models"),
        ({"message": "Quota"}, "Quota"),
        ({"detail": "'embedding'"}, "'embedding'"),
        (
            {
                "detail": [
                    {"loc": ["body", "messages", 0, "role"], "msg": "Wrong"},
                    {"loc": ["body", 1], "msg": "Bad"},
                ]
            },
            "body.messages.0.role: Wrong\nbody.1: Bad",
        ),
        ({"errors": [{"message": "One"}, {"message": "Two"}]}, "One\nTwo"),
        ({"details": "At position 1"}, "At position 1"),
        ({"error": ""}, ""),
        ({"code": 3}, ""),
        (None, ""),
    ],
    ids=str,
)
def test_finds_the_message_in_every_known_shape(value: object, message: str) -> None:
    assert error_message(value) == message


def test_a_stack_trace_is_never_shown() -> None:
    known = json_reply('{"error":"Internal server error","details":"x","stack":"at /home/secret.js:3"}', 500)
    unknown = json_reply('{"reason":{"code":7,"stack":"at /home/secret.js:3"}}', 500)
    broken = json_reply('{"error":"Internal server error","stack":"at /home/secret.js:3', 500)
    assert "secret" not in details(known) + details(unknown) + details(broken)
    assert "7" in error_text(unknown)


def test_a_page_gives_its_title_and_first_paragraph() -> None:
    assert error_text(page_reply(exchanges.WRONG_METHOD_PAGE, 405)) == (
        "405 Method Not Allowed: The method is not allowed for the requested URL."
    )


def test_json_that_is_labelled_as_a_page_is_read_as_json() -> None:
    assert error_text(page_reply('{"error": "Unauthorized"}', 401)) == "Unauthorized"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<h1>Internal Server Error</h1>", "Internal Server Error"),
        ("<title>Error</title><pre>Cannot GET /api/nosuch</pre>", "Error: Cannot GET /api/nosuch"),
        ("<title>A &amp; B</title><p>x<b>y</b>  z</p><p>second</p>", "A & B: xy z"),
        ("<html><body>Too big</body></html>", "Too big"),
        ("<title>Open<p>Never closed", "Open"),
        ("<script>alert(1)</script><style>p{}</style><h1>Down</h1>", "Down"),
        ("<p>one<![broken", "one"),
        ("<", "<"),
        ("", ""),
    ],
)
def test_broken_pages_give_what_they_have(page: str, text: str) -> None:
    assert html_text(page).startswith(text)


def test_a_page_never_comes_back_as_markup() -> None:
    text = html_text("<title>Oops</title><p><img src=x onerror=alert(1)><script>alert(2)</script>Down")
    assert text == "Oops: Down"


def test_a_long_page_is_cut() -> None:
    reply = page_reply("<title>Error</title><p>" + "word " * 1_000_000, 500)
    assert len(error_text(reply)) == 300


def test_what_is_called_json_and_is_none_is_quoted() -> None:
    assert error_text(json_reply("upstream is down", 502)) == "upstream is down"


def test_plain_text_is_cut() -> None:
    assert len(error_text(text_reply("word " * 1000, 500))) == 300


@pytest.mark.parametrize(("status", "text"), [(503, "Service Unavailable"), (599, "HTTP 599")])
def test_an_empty_reply_says_its_status(status: int, text: str) -> None:
    assert error_text(HttpReply(status)) == text


def test_details_name_status_and_path_but_no_query() -> None:
    reply = HttpReply(404, {}, b"", "http://host/v1/models?key=AIzaSyA1234567890")
    assert details(reply) == "HTTP 404 /v1/models\nNot Found"


@pytest.mark.parametrize(
    "key",
    [
        "sk-proj-Abc123_def456",
        "sk-ant-api03-abcdefgh",
        "gsk_abcdefgh12345678",
        "llm_0123456789abcdef0123456789abcdef.00112233",
        "hf_abcdefghijklmnop",
        "AIzaSyA1234567890abcdef",
        "Bearer my-own-secret-key",
        "bearer abc.def.ghi",
        '"api_key": "hunter2hunter2"',
        "X-API-Key: hunter2hunter2",
        "https://host/x?key=hunter2hunter2",
    ],
)
def test_keys_are_taken_out(key: str) -> None:
    text = redact(f"Incorrect API key provided: {key}. See the docs.")
    assert "[key removed]" in text
    assert text.endswith("See the docs.")
    assert key.rsplit(maxsplit=1)[-1].strip('"') not in text


@pytest.mark.parametrize(
    "text",
    [
        "Invalid or missing Bearer token",
        "Provide API key via Authorization: Bearer <key> or X-API-Key header",
        "Model not found: llm_7b_instruct.gguf",
        "The task-based risk-free model",
    ],
)
def test_what_is_no_key_stays(text: str) -> None:
    assert redact(text) == text


def test_a_known_key_is_taken_out_whatever_it_looks_like() -> None:
    assert redact("no such user: swordfish", "swordfish", "") == "no such user: [key removed]"


def test_a_key_in_an_error_is_taken_out_before_it_is_cut() -> None:
    reply = json_reply('{"error": "' + "x" * 1990 + ' sk-abcdefghijklmnopqrstuvwxyz"}', 401)
    assert "sk-" not in error_text(reply)


@pytest.mark.parametrize(
    ("value", "failed"),
    [
        ({"success": False}, True),
        ({"error": "x"}, True),
        ({"error": {"message": "x"}}, True),
        ({"error": "x", "response": ""}, True),
        ({"status": "error", "message": "x"}, True),
        ({"status": "healthy", "error": None}, False),
        ({"response": "x", "error": "trimmed the prompt"}, False),
        ({"success": True}, False),
        (["error"], False),
        (None, False),
    ],
    ids=str,
)
def test_tells_a_reported_failure_from_a_success(value: object, failed: bool) -> None:
    assert reports_failure(value) is failed


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 405, 408, 409, 413, 415, 418, 422, 429, 500, 502, 503, 504]
)
def test_every_status_says_what_happened_why_and_what_to_do(status: int) -> None:
    problem = status_problem(json_reply('{"error": "Because {it} is so"}', status))
    assert str(status) in problem.what
    assert problem.cause
    assert problem.fix
    assert "Because {it} is so" in problem.details
    assert not str(problem).startswith("api.")
