"""The reference servers of Anthropic, Gemini, Ollama, the LLM Service, the LLM Router and the Ollama Queue.

What providers make of them is tested with the providers; here it is that each of them is as its product: keys, CORS,
errors in their own words, and the real llama.cpp behind.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.servers.client import ORIGIN, Reply, ask
from tests.servers.process import ServerFailedError, ServerProcess, running

SAID = [{"role": "user", "content": "What is the capital of France?"}]
PARIS = "The capital of France is Paris."
BROWSER = "anthropic-dangerous-direct-browser-access"
ANTHROPIC = {"x-api-key": "key-1", "anthropic-version": "2023-06-01", BROWSER: "true"}
NAMES = ("anthropic", "gemini", "ollama", "llm_service", "llm_router", "ollama_queue")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ServerProcess]]:
    options: dict[str, tuple[str | Path, ...]] = {
        "anthropic": ("--key", "key-1"),
        "gemini": ("--key", "key-1"),
        "ollama": ("--models", tmp_path_factory.mktemp("models")),
        "llm_service": ("--profile", "observed"),
        "llm_router": ("--key", "llm_1.2"),
        "ollama_queue": ("--key", "key-1"),
    }
    started = {name: ServerProcess(f"tests.servers.{name}", *options[name]) for name in NAMES}
    for server in started.values():
        server.start()
    yield started
    for server in started.values():
        server.stop()


def preflight(server: ServerProcess, path: str, headers: str, origin: str = ORIGIN) -> Reply:
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": headers}
    return ask(server, "OPTIONS", path, headers={"Origin": origin, **asking})


def values(reply: Reply) -> list[Any]:
    """The JSON of each event or line."""
    rows = reply.body.decode().splitlines()
    return [json.loads(row.removeprefix("data: ")) for row in rows if row.startswith(("data: {", "{"))]


def test_each_has_a_real_model_behind_it(servers: Mapping[str, ServerProcess]) -> None:
    ask(servers["ollama"], "POST", "/api/pull", {"model": "tinker-1m-q8_0"})
    asked = {
        "anthropic": (
            "/messages",
            {"model": "claude-tinker-1m", "max_tokens": 50, "messages": SAID},
            ANTHROPIC,
        ),
        "gemini": (
            "/models/gemini-tinker-1m:generateContent",
            {"contents": [{"role": "user", "parts": [{"text": SAID[0]["content"]}]}]},
            {"x-goog-api-key": "key-1"},
        ),
        "ollama": ("/api/chat", {"model": "tinker-1m-q8_0", "messages": SAID, "stream": False}, {}),
        "llm_service": ("/chat/completions", {"model": "light", "messages": SAID}, {}),
        "llm_router": ("/chat", {"messages": SAID}, {"X-API-Key": "llm_1.2"}),
        "ollama_queue": ("/generate", {"model": "m", "prompt": SAID[0]["content"]}, {"X-API-Key": "key-1"}),
    }
    for name, (path, body, headers) in asked.items():
        reply = ask(servers[name], "POST", path, body, headers)
        assert (reply.status, PARIS in reply.body.decode()) == (200, True), name
        assert len(servers[name].loaded()) == 1, name


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_that_does_not_exist_ends_it(name: str, tmp_path: Path) -> None:
    folder = ("--models", tmp_path) if name == "ollama" else ()
    with (
        pytest.raises(ServerFailedError, match="there is no fault"),
        running(f"tests.servers.{name}", *folder, "--fault", "nonsense"),
    ):
        pass


def test_anthropic_answers_pages_only_with_its_header(servers: Mapping[str, ServerProcess]) -> None:
    server = servers["anthropic"]
    headers = {name: value for name, value in ANTHROPIC.items() if name != BROWSER}
    reply = ask(server, "GET", "/models", headers=headers)
    assert (reply.status, reply.json["error"]["type"]) == (401, "authentication_error")
    assert BROWSER in reply.json["error"]["message"]
    assert "access-control-allow-headers" not in preflight(server, "/messages", "x-api-key").headers
    allowed = preflight(server, "/messages", f"content-type,{BROWSER}").headers[
        "access-control-allow-headers"
    ]
    assert BROWSER in allowed


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"max_tokens": None}, "max_tokens: Field required"),
        ({"messages": []}, "at least one message"),
        ({"messages": [{"role": "system", "content": "x"}]}, 'Unexpected role "system"'),
        ({"messages": [{"role": "user", "content": ""}]}, "non-empty content"),
        ({"messages": [*SAID, {"role": "assistant", "content": "So "}]}, "trailing whitespace"),
        ({"messages": [{"role": "assistant", "content": "So"}]}, 'must use the "user" role'),
        ({"min_p": 1}, "Extra inputs are not permitted"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "must be greater than"),
        ({"thinking": {"type": "enabled", "budget_tokens": 5}, "temperature": 0.5}, "may only be set to 1"),
    ],
)
def test_anthropic_refuses_what_it_does_not_take(
    servers: Mapping[str, ServerProcess], change: dict[str, Any], message: str
) -> None:
    body = {"model": "claude-tinker-1m", "max_tokens": 20, "messages": SAID, **change}
    sent = {name: value for name, value in body.items() if value is not None}
    reply = ask(servers["anthropic"], "POST", "/messages", sent, ANTHROPIC)
    assert (reply.status, reply.json["type"]) == (400, "error")
    assert message in reply.json["error"]["message"]


def test_anthropics_events_are_those_of_the_document(servers: Mapping[str, ServerProcess]) -> None:
    body = {"model": "claude-tinker-1m", "max_tokens": 20, "messages": SAID, "stream": True}
    thinking = {"type": "enabled", "budget_tokens": 5}
    reply = ask(servers["anthropic"], "POST", "/messages", body | {"thinking": thinking}, ANTHROPIC)
    kinds = [value["type"] for value in values(reply)]
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")
    blocks = [value["content_block"]["type"] for value in values(reply) if "content_block" in value]
    assert blocks == ["thinking", "text"]
    assert "ping" in kinds
    indexes = {value["index"] for value in values(reply) if "index" in value}
    assert indexes == {0, 1}


def test_gemini_refuses_preflights_with_other_headers(servers: Mapping[str, ServerProcess]) -> None:
    path = "/models/gemini-tinker-1m:generateContent"
    assert preflight(servers["gemini"], path, "content-type,x-goog-api-key").status == 200
    refused = preflight(servers["gemini"], path, "content-type,x-stainless-os")
    assert (refused.status, refused.allowed_origin) == (403, None)


def test_geminis_stream_is_an_array_without_alt_sse(servers: Mapping[str, ServerProcess]) -> None:
    body = {"contents": [{"role": "user", "parts": [{"text": SAID[0]["content"]}]}]}
    path = "/models/gemini-tinker-1m:streamGenerateContent"
    key = {"x-goog-api-key": "key-1"}
    array = ask(servers["gemini"], "POST", path, body, key).json
    assert array[-1]["candidates"][0]["finishReason"] == "STOP"
    events = ask(servers["gemini"], "POST", f"{path}?alt=sse", body, key)
    assert events.headers["content-type"].startswith("text/event-stream")
    assert len(values(events)) == len(array)
    assert b"[DONE]" not in events.body


def test_gemini_names_the_field_that_it_does_not_know(servers: Mapping[str, ServerProcess]) -> None:
    path, key = "/models/gemini-tinker-1m:generateContent", {"x-goog-api-key": "key-1"}
    reply = ask(servers["gemini"], "POST", path, {"messages": SAID}, key)
    assert (reply.status, reply.json["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert 'Unknown name "messages"' in reply.json["error"]["message"]


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8000", 204),
        ("https://127.0.0.1", 204),
        ("http://0.0.0.0:3000", 204),
        ("tauri://localhost", 204),
        ("https://berth.example", 403),
        ("http://localhost.evil.example", 403),
    ],
)
def test_ollama_answers_pages_of_this_machine(
    servers: Mapping[str, ServerProcess], origin: str, status: int
) -> None:
    reply = preflight(servers["ollama"], "/api/chat", "content-type", origin)
    assert (reply.status, reply.allowed_origin) == (status, origin if status == 204 else None)
    assert ask(servers["ollama"], "GET", "/api/tags", headers={"Origin": origin}).status in {200, 403}


def test_ollama_streams_lines(servers: Mapping[str, ServerProcess]) -> None:
    server = servers["ollama"]
    ask(server, "POST", "/api/pull", {"model": "tinker-1m-q8_0"})
    reply = ask(server, "POST", "/api/chat", {"model": "tinker-1m-q8_0:latest", "messages": SAID})
    assert reply.headers["content-type"] == "application/x-ndjson"
    *pieces, last = values(reply)
    assert "".join(piece["message"]["content"] for piece in pieces) == PARIS
    assert (last["done"], last["done_reason"]) == (True, "stop")
    assert ask(server, "POST", "/api/chat", {"model": "no", "messages": SAID}).json == {
        "error": "model 'no' not found"
    }


def test_the_service_in_use_does_not_stream_and_fails_without_cors(
    servers: Mapping[str, ServerProcess],
) -> None:
    server = servers["llm_service"]
    body = {"model": "medium", "messages": SAID, "stream": True}
    reply = ask(server, "POST", "/chat/completions", body)
    assert reply.json["choices"][0]["message"]["content"] == f" {PARIS}"
    assert reply.headers["access-control-allow-credentials"] == "true"
    failed = ask(server, "POST", "/chat/completions", body | {"model": "heavy"})
    assert (failed.status, failed.body, failed.allowed_origin) == (500, b"Internal Server Error", None)
    broken = ask(server, "POST", "/chat/completions", b"{bad", {"Content-Type": "application/json"})
    assert (broken.status, broken.json["detail"][0]["type"]) == (422, "json_invalid")


@pytest.mark.parametrize(
    ("model", "tier"),
    [
        ("MEDIUM", 200),
        ("tiny-1b", 200),
        ("11b", 200),
        ("anything", 200),
        ("bge-reranker", 500),
        ("70b-large", 500),
    ],
)
def test_the_service_in_use_routes_any_name(
    servers: Mapping[str, ServerProcess], model: str, tier: int
) -> None:
    body = {"model": model, "messages": SAID, "max_tokens": 3}
    assert ask(servers["llm_service"], "POST", "/chat/completions", body).status == tier


def test_the_documented_service_streams_and_knows_its_models() -> None:
    with running("tests.servers.llm_service", "--profile", "doc") as server:
        body = {"model": "light", "messages": SAID, "stream": True}
        reply = ask(server, "POST", "/chat/completions", body)
        text = "".join(value["choices"][0]["delta"].get("content", "") for value in values(reply))
        assert text == PARIS
        assert reply.body.endswith(b"data: [DONE]\n\n")
        missing = ask(server, "POST", "/chat/completions", body | {"model": "x"})
        assert (missing.status, missing.json["error"]["code"]) == (404, "model_not_found")
        wrong = ask(server, "POST", "/chat/completions", body | {"temperature": 3})
        assert (wrong.status, wrong.json["error"]["type"]) == (400, "invalid_request_error")


def test_the_router_counts_by_the_key_and_exposes_two_of_three(servers: Mapping[str, ServerProcess]) -> None:
    server = servers["llm_router"]
    counted = ask(server, "GET", "/models", headers={"Authorization": "Bearer llm_1.2"})
    exposed = counted.headers["access-control-expose-headers"]
    assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-used"} <= counted.headers.keys()
    assert "X-RateLimit-Used" not in exposed
    assert "x-ratelimit-limit" not in ask(server, "GET", "/health").headers
    assert "x-ratelimit-limit" not in ask(server, "GET", "/models").headers


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "Provide API key via"),
        ({"Authorization": "Bearer bad"}, "Invalid key format"),
        ({"X-API-Key": "llm_x.y"}, "Key not found"),
        ({"Authorization": "Bearer bad", "X-API-Key": "llm_1.2"}, "Invalid key format"),
    ],
)
def test_the_routers_refusals_have_its_words(
    servers: Mapping[str, ServerProcess], headers: dict[str, str], message: str
) -> None:
    reply = ask(servers["llm_router"], "GET", "/models", headers=headers)
    assert (reply.status, reply.allowed_origin) == (401, "*")
    assert message in reply.json["message"]


def test_broken_json_reaches_the_router_before_its_cors(servers: Mapping[str, ServerProcess]) -> None:
    headers = {"Content-Type": "application/json", "Authorization": "Bearer llm_1.2"}
    reply = ask(servers["llm_router"], "POST", "/chat", b"{bad", headers)
    assert (reply.status, reply.allowed_origin) == (500, None)


def test_the_queue_takes_one_header_only(servers: Mapping[str, ServerProcess]) -> None:
    server = servers["ollama_queue"]
    assert ask(server, "GET", "/status", headers={"X-API-Key": "key-1"}).status == 200
    refused = ask(server, "GET", "/status", headers={"Authorization": "Bearer key-1"})
    assert (refused.status, refused.json["message"]) == (401, "Invalid or missing Bearer token")
    nowhere = ask(server, "GET", "/invalid", headers={"X-API-Key": "key-1"})
    assert (nowhere.status, nowhere.json["message"]) == (404, "Endpoint not found: /invalid")


def test_a_stream_that_is_cut_ends_in_a_reset(servers: Mapping[str, ServerProcess]) -> None:
    server = servers["ollama"]
    ask(server, "POST", "/api/pull", {"model": "tinker-1m-q8_0"})
    broken = (ConnectionError, http.client.IncompleteRead)
    with server.faulty(stream_cut=3), pytest.raises(broken):
        ask(server, "POST", "/api/chat", {"model": "tinker-1m-q8_0", "messages": SAID})
    assert server.requests("/api/chat")[-1]["status"] == 200
