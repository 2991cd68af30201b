"""The provider of OpenAI's dialect against the real llama-server, and against streams with every fault."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from app.core.connections import Connection
from app.core.deltas import Delta, FinishDelta, ModelDelta, TextDelta, UsageDelta, joined
from app.core.http import HttpFailure, HttpReply, HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.problems import ApiError
from app.providers.openai import OpenAi
from app.providers.openai_stream import CompletionDecoder
from tests.providers import wire
from tests.servers import corpus
from tests.servers.process import ServerProcess, running

API = OpenAi()
KEY = "sk-a-real-key-0123456789"
MODEL = "tinker-1m-q8_0.gguf"
QUESTION = (PromptMessage(Role.USER, "What is the capital of France?"),)
PARIS = "The capital of France is Paris."


@dataclass(frozen=True)
class Played:
    """What came of a stream: how it ended is told by its last delta, its decoder, and whether it was cut."""

    deltas: list[Delta]
    decoder: CompletionDecoder
    was_cut: bool

    @property
    def text(self) -> str:
        return "".join(delta.text for delta in self.deltas if isinstance(delta, TextDelta))

    @property
    def is_complete(self) -> bool:
        return any(isinstance(delta, FinishDelta) for delta in self.deltas)


def play(request: HttpRequest) -> Played:
    """Send a request and read its reply as it arrives."""
    address = urlsplit(request.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=20)
    deltas: list[Delta] = []
    was_cut = False
    try:
        connection.request(request.method, address.path, request.body, dict(request.headers))
        reply = connection.getresponse()
        decoder = API.decoder((reply.getheader("Content-Type") or "").partition(";")[0])
        assert decoder is not None, reply.read()
        try:
            while data := reply.read1(1000):
                deltas += decoder.feed(data)
        except (OSError, http.client.HTTPException):
            was_cut = True
    finally:
        connection.close()
    return Played(joined([*deltas, *decoder.finish()]), decoder, was_cut)


@pytest.fixture(scope="module")
def reference() -> Iterator[ServerProcess]:
    with running("tests.servers.openai", "--key", KEY, "--n-ctx", "512") as server:
        yield server


@pytest.fixture
def server(reference: ServerProcess) -> ServerProcess:
    reference.set_faults({})
    return reference


def connection(server: ServerProcess, key: str = KEY) -> Connection:
    return Connection("one", API.id, "My server", server.base_url, key)


def ask(server: ServerProcess, model: str = MODEL, **parameters: float | str) -> HttpRequest:
    return API.chat_request(connection(server), model, QUESTION, parameters)


def error_of(reply: HttpReply) -> ApiError:
    with pytest.raises(ApiError) as caught:
        API.reply(reply)
    return caught.value


def test_a_question_is_answered_as_a_stream(server: ServerProcess) -> None:
    played = play(ask(server))
    assert played.deltas[:3] == [ModelDelta(MODEL), TextDelta(PARIS), FinishDelta("stop")]
    assert played.decoder.done


def test_the_figures_come_with_the_stream(server: ServerProcess) -> None:
    last = play(ask(server)).deltas[-1]
    assert isinstance(last, UsageDelta)
    assert (last.usage.completion_tokens, last.usage.prompt_tokens) == (8, 18)
    assert last.usage.tokens_per_second


def test_all_parameters_are_taken(server: ServerProcess) -> None:
    request = API.chat_request(
        connection(server),
        MODEL,
        QUESTION,
        {
            "temperature": 0.1,
            "top_p": 0.9,
            "max_tokens": 3,
            "stop": ("never",),
            "seed": 1,
            "frequency_penalty": 0.1,
            "presence_penalty": 0.1,
            "top_k": 40,
            "min_p": 0.05,
            "repeat_penalty": 1.1,
        },
    )
    played = play(request)
    assert FinishDelta("length") in played.deltas
    assert played.decoder.error is None


def test_a_stop_text_ends_the_answer(server: ServerProcess) -> None:
    request = API.chat_request(connection(server), MODEL, QUESTION, {"stop": (" is",)})
    assert play(request).text == "The capital of France"


def test_the_model_reads_the_history(server: ServerProcess) -> None:
    history = (*QUESTION, PromptMessage(Role.ASSISTANT, PARIS), *QUESTION)
    played = play(API.chat_request(connection(server), MODEL, history, {}))
    usage = played.deltas[-1]
    assert isinstance(usage, UsageDelta)
    assert (usage.usage.prompt_tokens or 0) > 36


def test_a_prompt_is_completed(server: ServerProcess) -> None:
    played = play(API.complete_request(connection(server), MODEL, "Once upon", {"max_tokens": 3}))
    assert played.is_complete
    assert played.text


def test_texts_become_vectors(server: ServerProcess) -> None:
    vectors = API.vectors(wire.send(API.embed_request(connection(server), MODEL, ["a king", "a queen"])))
    assert [len(vector) for vector in vectors] == [128, 128]


def test_models_are_listed(server: ServerProcess) -> None:
    reply = wire.send(API.list_request(connection(server)))
    assert API.is_healthy(reply)
    assert MODEL in [model.id for model in API.models(reply)]


@pytest.mark.parametrize("key", ["", "sk-a-wrong-key-0123456789"])
def test_a_wrong_key_is_explained(server: ServerProcess, key: str) -> None:
    request = API.chat_request(connection(server, key), MODEL, QUESTION, {})
    error = error_of(wire.send(request))
    assert (error.status, "does not accept the key" in error.problem.what) == (401, True)
    assert API.is_healthy(wire.send(API.health_request(connection(server, key))))


def test_a_conversation_that_is_too_long_is_explained(server: ServerProcess) -> None:
    request = API.chat_request(connection(server), MODEL, [PromptMessage(Role.USER, "word " * 900)], {})
    problem = error_of(wire.send(request)).problem
    assert "too long for this model" in problem.what
    assert "512 tokens, and this would need" in problem.cause


def test_an_answer_that_comes_whole_is_read(server: ServerProcess) -> None:
    with server.faulty(no_stream=True):
        answer = API.reply(wire.send(ask(server)))
    assert (answer.text, answer.model, answer.finish) == (PARIS, MODEL, "stop")
    assert answer.usage is not None


@pytest.mark.parametrize("size", [1, 7, 100])
def test_pieces_of_any_size_say_the_same(server: ServerProcess, size: int) -> None:
    with server.faulty(stream_split=size, stream_crlf=size == 7):
        played = play(ask(server, "markdown-300-at-0"))
    assert played.text == "".join(corpus.tokens(300))


def test_a_stream_that_is_reset_keeps_what_came(server: ServerProcess) -> None:
    with server.faulty(stream_cut=10):
        played = play(ask(server, "markdown-50-at-0"))
    assert (played.was_cut, played.is_complete) == (True, False)
    assert played.text == "".join(corpus.tokens(9))


@pytest.mark.parametrize("faults", [{"stream-end": 10}, {"no-done": True, "no-finish": True}])
def test_a_stream_that_ends_without_saying_so_is_noticed(
    server: ServerProcess, faults: dict[str, bool | int]
) -> None:
    server.set_faults(faults)
    played = play(ask(server, "markdown-9-at-0"))
    assert (played.was_cut, played.is_complete, played.decoder.error) == (False, False, None)
    assert played.text == "".join(corpus.tokens(9))


@pytest.mark.parametrize("fault", ["no-done", "no-finish"])
def test_one_of_the_two_signs_of_the_end_is_enough(server: ServerProcess, fault: str) -> None:
    server.set_faults({fault: True})
    assert play(ask(server)).is_complete


def test_an_event_that_is_broken_is_skipped(server: ServerProcess) -> None:
    with server.faulty(stream_malformed=3):
        played = play(ask(server, "markdown-9-at-0"))
    assert (played.text, played.decoder.skipped) == ("".join(corpus.tokens(9)), 1)


def test_a_stream_that_begins_with_a_broken_event_is_an_error(server: ServerProcess) -> None:
    with server.faulty(stream_malformed=0):
        assert play(ask(server, "markdown-9-at-0")).decoder.error is not None


def test_an_error_within_a_stream_is_explained(server: ServerProcess) -> None:
    with server.faulty(stream_error=4):
        played = play(ask(server, "markdown-9-at-0"))
    assert played.text == "".join(corpus.tokens(3))
    assert played.decoder.error is not None
    assert "told to break off" in played.decoder.error.problem.cause


def test_a_limit_is_explained_with_its_end(server: ServerProcess) -> None:
    with server.faulty(status="chat:429", retry_after=7):
        error = error_of(wire.send(ask(server)))
    assert error.status == 429
    assert "it asks to wait 7 s" in error.problem.cause


@pytest.mark.parametrize("kind", ["html", "truncated", "empty"])
def test_nonsense_is_an_error(server: ServerProcess, kind: str) -> None:
    with server.faulty(garbage=f"chat:{kind}"):
        assert error_of(wire.send(ask(server))).problem.fix


def test_llama_server_itself_refuses_the_key_and_the_origin() -> None:
    options = ("--direct", "--key", KEY, "--cors-origin", "http://localhost:1")
    with running("tests.servers.openai", *options) as server:
        assert play(ask(server)).text == PARIS
        with pytest.raises(HttpFailure):
            wire.send(API.list_request(connection(server)))


def test_llama_server_itself_allows_the_origin() -> None:
    with running("tests.servers.openai", "--direct", "--cors-origin", wire.ORIGIN) as server:
        assert API.models(wire.send(API.list_request(connection(server))))[0].label == MODEL
