"""The reference server of OpenAI's dialect keeps its contract, and has the faults that it is told to have."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import corpus
from tests.servers.client import ORIGIN, Reply, ask
from tests.servers.process import ServerProcess, running

MODEL = "tinker-1m-q8_0.gguf"


@pytest.fixture(scope="module")
def reference() -> Iterator[ServerProcess]:
    with running("tests.servers.openai") as server:
        yield server


@pytest.fixture
def server(reference: ServerProcess) -> ServerProcess:
    reference.set_faults({})
    return reference


def chat(server: ServerProcess, model: str, **more: Any) -> Reply:
    messages = [{"role": "user", "content": "What is the capital of France?"}]
    return ask(
        server, "POST", "/chat/completions", {"model": model, "messages": messages, "stream": True, **more}
    )


def events(reply: Reply) -> list[Any]:
    """The events of a stream as JSON, without the end mark."""
    lines = [line.removeprefix("data: ") for line in reply.body.decode().split("\n\n") if line]
    return [json.loads(line) for line in lines if line != "[DONE]"]


def text(reply: Reply) -> str:
    choices = [event["choices"][0] for event in events(reply) if event["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def test_the_real_model_answers_as_a_stream(server: ServerProcess) -> None:
    reply = chat(server, MODEL)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.allowed_origin == ORIGIN
    assert text(reply) == "The capital of France is Paris."
    assert reply.body.endswith(b"data: [DONE]\n\n")


def test_scripted_streams_have_exactly_their_tokens(server: ServerProcess) -> None:
    reply = chat(server, "markdown-500-at-0")
    assert len(events(reply)) == 1 + 500 + 2
    assert text(reply) == "".join(corpus.tokens(500))
    assert events(reply)[-1]["usage"]["completion_tokens"] == 500


def test_the_corpus_is_the_same_each_time_and_has_everything() -> None:
    whole = "".join(corpus.tokens(8000))
    assert whole == "".join(corpus.tokens(8000))
    for mark in ("## ", "```python\n", "|---|", "> ", "$$", "   - ", "- [ ]", "**", "](https://", "模型"):
        assert mark in whole


def test_a_scripted_stream_keeps_its_rate(server: ServerProcess) -> None:
    began = time.monotonic()
    chat(server, "markdown-100-at-200")
    assert time.monotonic() - began > 0.4


def test_a_recorded_stream_is_played_byte_by_byte(tmp_path: Path) -> None:
    recorded = tmp_path / "stream.txt"
    recorded.write_bytes(b": hello\r\n\r\ndata: {}\n\ndata: [DONE]")
    with running("tests.servers.openai", "--script", recorded) as server:
        assert chat(server, "recorded").body == recorded.read_bytes()


def test_keys_are_checked_in_the_words_of_llama_server() -> None:
    with running("tests.servers.openai", "--key", "sk-right") as server:
        right, wrong = {"Authorization": "Bearer sk-right"}, {"Authorization": "Bearer sk-wrong"}
        assert ask(server, "GET", "/models", headers=right).status == 200
        refused = ask(server, "GET", "/models", headers=wrong)
        real = ask(server, "POST", "/completions", {"prompt": "x"}, wrong)
        assert (refused.status, json.loads(refused.body)) == (real.status, json.loads(real.body))
        assert real.status == 401


@pytest.mark.parametrize("fault", ["stream-cut", "stream-stall"])
def test_how_a_stream_ended_is_recorded(server: ServerProcess, fault: str) -> None:
    server.set_faults({fault: 5})
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    body = json.dumps({"model": "markdown-50-at-0"})
    connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
    connection.getresponse().read(100)
    connection.close()
    expected = {"stream-cut": "cut", "stream-stall": "gone"}[fault]
    server.wait_until(lambda: server.streams()[-1]["ended"] in {expected, "gone"}, seconds=0.5)
    assert server.streams()[-1]["sent"] <= 5


def test_the_client_that_leaves_a_slow_stream_is_noticed(server: ServerProcess) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    body = json.dumps({"model": "markdown-50-at-2"})
    connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
    connection.getresponse().read(100)
    connection.close()
    server.wait_until(lambda: server.streams()[-1]["ended"] == "gone", seconds=0.5)


def test_the_end_of_a_limit_may_be_read(server: ServerProcess) -> None:
    with server.faulty(status="chat:429", retry_after=7):
        reply = chat(server, MODEL)
    assert (reply.status, reply.headers["retry-after"]) == (429, "7")
    assert reply.headers["access-control-expose-headers"] == "Retry-After"


def test_no_stream_gives_the_whole_answer(server: ServerProcess) -> None:
    with server.faulty(no_stream=True):
        reply = chat(server, MODEL, stream_options={"include_usage": True})
    assert json.loads(reply.body)["choices"][0]["message"]["content"] == "The capital of France is Paris."
