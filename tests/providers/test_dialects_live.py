"""The providers of Anthropic, Gemini and Ollama against their reference servers, asked as a page would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.connections import Connection
from app.core.deltas import FinishDelta, Reply, TextDelta
from app.core.http import HttpFailure
from app.core.problems import ApiError
from app.providers import extract
from app.providers.anthropic import Anthropic
from app.providers.gemini import Gemini
from app.providers.ollama import Ollama
from tests.providers import wire
from tests.providers.asking import PARIS, QUESTION, SCHEMA, TOOLS, Asked, assistant, system, user
from tests.servers.process import running

KEY = "sk-ant-a-real-key-0123456789"
LONG = "capital of France " * 2000


@pytest.fixture(scope="module")
def anthropic() -> Iterator[Asked]:
    with running("tests.servers.anthropic", "--key", KEY, "--n-ctx", "512") as server:
        yield Asked(Anthropic(), server, KEY, "claude-tinker-1m")


@pytest.fixture(scope="module")
def gemini() -> Iterator[Asked]:
    with running("tests.servers.gemini", "--key", KEY, "--n-ctx", "512") as server:
        yield Asked(Gemini(), server, KEY, "gemini-tinker-1m")


@pytest.fixture(scope="module")
def ollama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    models = tmp_path_factory.mktemp("ollama")
    options = ("--models", models, "--n-ctx", "512", "--capability", "thinking", "--capability", "tools")
    with running("tests.servers.ollama", *options) as server:
        asked = Asked(Ollama(), server, model="tinker-1m-q8_0")
        pull(asked, asked.model)
        yield asked


@pytest.fixture(params=["anthropic", "gemini", "ollama"])
def asked(request: pytest.FixtureRequest) -> Asked:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Asked)
    found.server.set_faults({})
    return found


def pull(asked: Asked, model: str) -> list[str]:
    provider = Ollama()
    reply = wire.send_as_page(provider.pull_request(asked.connection, model))
    decoder = provider.pull_decoder()
    news = [*decoder.feed(reply.body), *decoder.finish()]
    if decoder.error:
        raise decoder.error
    assert decoder.done
    return [one.status for one in news]


def test_it_answers_piece_by_piece_and_says_when_it_is_done(asked: Asked) -> None:
    reply = asked.send()
    assert reply.media_type in {"text/event-stream", "application/x-ndjson"}
    deltas, error = asked.stream(reply)
    assert error is None
    answer = Reply.of(deltas)
    assert (answer.text, answer.finish) == (PARIS, "stop")
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 8


def test_it_reads_the_history_and_the_system_message(asked: Asked) -> None:
    answer = asked.ask(system("Be brief."), user("Hello"), assistant("Hello."), user(QUESTION))
    assert answer.text == PARIS
    sent = json.loads(asked.server.requests()[-1]["body"])
    assert "Be brief." in json.dumps(sent)
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens or 0) > 30


def test_its_models_are_listed_and_it_is_healthy(asked: Asked) -> None:
    provider = asked.provider
    models = provider.models(wire.send_as_page(provider.list_request(asked.connection)))  # type: ignore[attr-defined]
    assert asked.model in {model.id.removesuffix(":latest") for model in models}
    assert provider.is_healthy(wire.send_as_page(provider.health_request(asked.connection)))


def test_an_answer_follows_a_schema(asked: Asked) -> None:
    assert list(json.loads(asked.ask(json_schema=SCHEMA).text)) == ["city"]


def test_an_unknown_model_is_explained(asked: Asked) -> None:
    assert "does not have this model" in asked.problem(model="nope").what


@pytest.mark.parametrize("name", ["anthropic", "gemini"])
def test_a_conversation_that_is_too_long_is_explained(name: str, request: pytest.FixtureRequest) -> None:
    assert "too long" in request.getfixturevalue(name).problem(user(LONG)).what


@pytest.mark.parametrize("name", ["anthropic", "gemini"])
def test_a_wrong_key_and_none_are_explained(name: str, request: pytest.FixtureRequest) -> None:
    good = request.getfixturevalue(name)
    assert (
        "does not accept the key" in Asked(good.provider, good.server, "wrong-key", good.model).problem().what
    )
    assert "wants a key" in Asked(good.provider, good.server, "", good.model).problem().what


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("anthropic", {"thinking_budget": 1024}),
        ("anthropic", {"effort": "low"}),
        ("gemini", {"thinkingBudget": 512}),
        ("ollama", {"think": "true"}),
    ],
)
def test_thoughts_stand_apart_from_the_answer(
    name: str, parameters: dict[str, object], request: pytest.FixtureRequest
) -> None:
    answer = request.getfixturevalue(name).ask(**parameters)
    assert (answer.reasoning, answer.text) == (PARIS, PARIS)


def test_a_stream_in_small_pieces_says_the_same(asked: Asked) -> None:
    with asked.server.faulty(stream_split=3, stream_crlf=True):
        assert asked.ask().text == PARIS


def test_a_stream_that_ends_early_is_not_complete(asked: Asked) -> None:
    with asked.server.faulty(stream_end=4):
        deltas, error = asked.stream(asked.send())
    assert error is None
    assert not any(isinstance(delta, FinishDelta) for delta in deltas)
    assert PARIS.startswith(Reply.of(deltas).text)


def test_an_error_in_a_stream_keeps_what_came(asked: Asked) -> None:
    with asked.server.faulty(stream_error=4):
        deltas, error = asked.stream(asked.send())
    assert error is not None
    assert error.problem.fix
    assert any(isinstance(delta, TextDelta) for delta in deltas)


def test_an_event_that_is_damaged_is_passed_over(asked: Asked) -> None:
    with asked.server.faulty(stream_malformed=3):
        assert asked.ask().text == PARIS


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503, 529])
def test_any_status_is_explained(asked: Asked, status: int) -> None:
    with asked.server.faulty(status=f"chat:{status}"):
        problem = asked.problem()
    assert problem.what and problem.cause and problem.fix
    assert f"HTTP {status}" in problem.details


@pytest.mark.parametrize("kind", ["html", "truncated", "empty"])
def test_nonsense_with_status_200_is_an_error(asked: Asked, kind: str) -> None:
    with asked.server.faulty(garbage=f"chat:{kind}"):
        assert asked.problem().fix


def test_an_answer_of_unknown_shape_is_shown(asked: Asked) -> None:
    with asked.server.faulty(garbage="chat:shape"):
        assert '"value": 42' in asked.ask().raw


def test_an_answer_that_the_page_may_not_read_is_rejected(asked: Asked) -> None:
    with asked.server.faulty(no_cors=True), pytest.raises(HttpFailure) as caught:
        asked.send()
    assert asked.provider.rejected(caught.value.request).fix


def test_no_header_is_sent_that_the_server_does_not_need(asked: Asked) -> None:
    asked.ask()
    sent = {name.lower() for name in asked.server.requests(method="POST")[-1]["headers"]}
    plumbing = {"host", "origin", "content-length", "accept-encoding", "connection"}
    allowed = {
        "anthropic": {"x-api-key", "anthropic-version", "anthropic-dangerous-direct-browser-access"},
        "gemini": {"x-goog-api-key"},
        "ollama": set(),
    }
    assert sent - plumbing == {"content-type"} | allowed[asked.provider.id]


def test_tools_are_called() -> None:
    for module, provider, model in (
        ("tests.servers.anthropic", Anthropic(), "claude-tinker-1m"),
        ("tests.servers.gemini", Gemini(), "gemini-tinker-1m"),
    ):
        with running(module, "--calls-tools") as server:
            answer = Asked(provider, server, model=model).ask(tools=TOOLS)
        assert answer.finish == "tool_calls"
        assert answer.calls[0].name == "weather"
        assert list(json.loads("".join(call.arguments for call in answer.calls))) == ["city"]


def test_ollama_calls_tools(ollama: Asked) -> None:
    answer = ollama.ask(tools=TOOLS)
    assert (answer.finish, answer.calls[0].name) == ("tool_calls", "weather")
    assert list(json.loads(answer.calls[0].arguments)) == ["city"]


def test_limits_are_told_in_headers_and_explained_when_they_are_reached() -> None:
    with running("tests.servers.anthropic", "--requests", "3") as server:
        asked = Asked(Anthropic(), server, model="claude-tinker-1m")
        limits = extract.rate_limits(asked.send().headers, 0)
        assert limits is not None and limits.requests is not None
        assert (limits.requests.limit, limits.requests.used) == (3, 1)
        asked.send()
        asked.send()
        assert "no more requests" in asked.problem().what
    with running("tests.servers.gemini", "--requests", "1") as server:
        asked = Asked(Gemini(), server, model="gemini-tinker-1m")
        asked.ask()
        assert "asks to wait 34 s" in asked.problem().cause


def test_geminis_filter_is_explained(gemini: Asked) -> None:
    assert "refused to answer" in gemini.problem(user("BLOCKME")).what


def test_gemini_and_ollama_embed(gemini: Asked, ollama: Asked) -> None:
    for provider, asked, model in ((Gemini(), gemini, "embedding-tinker"), (Ollama(), ollama, ollama.model)):
        request = provider.embed_request(asked.connection, model, ["a", "b"])
        assert [len(vector) for vector in provider.vectors(wire.send_as_page(request))] == [128, 128]


def test_models_are_pulled_described_loaded_unloaded_and_deleted(tmp_path: Path) -> None:
    api = Ollama()
    with running("tests.servers.ollama", "--models", tmp_path) as server:
        asked = Asked(api, server, model="tinker-1m-q8_0")
        connection: Connection = asked.connection
        assert "does not have this model" in asked.problem().what
        statuses = pull(asked, asked.model)
        assert (statuses[0], statuses[-1]) == ("pulling manifest", "success")
        with pytest.raises(ApiError, match="library does not have"):
            pull(asked, "nope")
        assert (
            api.details(wire.send_as_page(api.details_request(connection, asked.model))).context_length
            == 1024
        )
        api.check(wire.send_as_page(api.load_request(connection, asked.model)))
        assert [one.id for one in api.loaded(wire.send_as_page(api.loaded_request(connection)))] == [
            "tinker-1m-q8_0:latest"
        ]
        assert len(server.loaded()) == 1
        api.check(wire.send_as_page(api.unload_request(connection, asked.model)))
        assert server.loaded() == []
        assert "cannot do that: thinking" in asked.problem(think="true").what
        api.check(wire.send_as_page(api.delete_request(connection, asked.model)))
        assert list(tmp_path.glob("*.gguf")) == []


def test_ollama_answers_pages_of_this_machine_and_those_it_was_told(tmp_path: Path) -> None:
    api = Ollama()
    with running("tests.servers.ollama", "--models", tmp_path, "--origin", "https://berth.example") as server:
        connection = Connection("o", "ollama", "Ollama", server.base_url)
        request = api.pull_request(connection, "tinker-1m-q8_0")
        for origin in ("http://localhost:8000", "http://127.0.0.1", "https://berth.example"):
            assert wire.send_as_page(request, origin).ok
        with pytest.raises(HttpFailure):
            wire.send_as_page(request, "https://other.example")
        with pytest.raises(HttpFailure):
            wire.send(api.health_request(connection), "https://other.example")
