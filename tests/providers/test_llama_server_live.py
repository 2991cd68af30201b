"""The real llama-server itself, with nothing between: every form that it speaks, with keys and with CORS refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.core.connections import Connection
from app.core.http import HttpFailure, HttpReply, HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.problems import ApiError
from app.providers.anthropic import Anthropic
from app.providers.openai import OpenAi
from tests.providers import wire
from tests.providers.asking import PARIS, QUESTION, Asked
from tests.servers.process import ServerProcess, running

KEY = "sk-a-real-key-0123456789"
WRONG = "sk-another-key-9876543210"
MODEL = "tinker-1m-q8_0.gguf"
OPENAI = OpenAi()
ANTHROPIC = Anthropic()
DOCUMENTS = ("Paris is the capital of France.", "A banana is yellow.", "London is large.")


@pytest.fixture(scope="module")
def answers() -> Iterator[ServerProcess]:
    with running("tests.servers.openai", "--direct", "--key", KEY) as server:
        yield server


@pytest.fixture(scope="module")
def embeddings() -> Iterator[ServerProcess]:
    with running("tests.servers.openai", "--direct", "--key", KEY, "--serves", "embeddings") as server:
        yield server


@pytest.fixture(scope="module")
def ranks() -> Iterator[ServerProcess]:
    with running("tests.servers.openai", "--direct", "--key", KEY, "--serves", "ranks") as server:
        yield server


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[ServerProcess]:
    """One that only pages of another origin may read."""
    with running("tests.servers.openai", "--direct", "--cors-origin", "http://localhost:1") as server:
        yield server


def at(server: ServerProcess, key: str = KEY) -> Connection:
    return Connection("one", OPENAI.id, "My server", server.base_url, key)


def requests(connection: Connection) -> dict[str, HttpRequest]:
    """One request of each form."""
    question = (PromptMessage(Role.USER, QUESTION),)
    return {
        "chat": OPENAI.chat_request(connection, MODEL, question, {}),
        "completions": OPENAI.complete_request(connection, MODEL, "Once upon", {"max_tokens": 3}),
        "embeddings": OPENAI.embed_request(connection, MODEL, DOCUMENTS),
        "rerank": OPENAI.rerank_request(connection, MODEL, QUESTION, DOCUMENTS),
        "messages": ANTHROPIC.chat_request(connection, MODEL, question, {}),
    }


FORMS = sorted(requests(Connection("one", "openai", "x", "http://x")))


def test_a_chat_is_answered(answers: ServerProcess) -> None:
    assert Asked(OPENAI, answers, KEY, MODEL).ask().text == PARIS


def test_a_text_is_completed(answers: ServerProcess) -> None:
    reply = wire.send_as_page(requests(at(answers))["completions"])
    deltas, error = Asked(OPENAI, answers, KEY).stream(reply)
    assert error is None
    assert deltas


def test_anthropics_messages_are_answered_and_streamed(answers: ServerProcess) -> None:
    asked = Asked(ANTHROPIC, answers, KEY, MODEL)
    assert asked.send().media_type == "text/event-stream"
    answer = asked.ask()
    assert (answer.text, answer.finish) == (PARIS, "stop")
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 8


def test_texts_become_vectors(embeddings: ServerProcess) -> None:
    vectors = OPENAI.vectors(wire.send_as_page(requests(at(embeddings))["embeddings"]))
    assert [len(vector) for vector in vectors] == [128] * 3


def test_documents_are_scored_in_the_order_in_which_they_were_sent(ranks: ServerProcess) -> None:
    def scores(*documents: str) -> tuple[float, ...]:
        return OPENAI.scores(wire.send_as_page(OPENAI.rerank_request(at(ranks), MODEL, QUESTION, documents)))

    forwards, backwards = scores(*DOCUMENTS), scores(*reversed(DOCUMENTS))
    assert len(set(forwards)) == 3
    assert [round(score, 2) for score in backwards] == [round(score, 2) for score in reversed(forwards)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", ["", WRONG], ids=["no key", "a wrong key"])
def test_a_wrong_key_is_explained_in_every_form(answers: ServerProcess, form: str, key: str) -> None:
    reply = wire.send_as_page(requests(at(answers, key))[form])
    provider = ANTHROPIC if form == "messages" else OPENAI
    assert reply.status == 401
    problem = provider.error(reply).problem
    assert "key" in problem.what
    assert WRONG not in str(problem)


@pytest.mark.parametrize("form", FORMS)
def test_a_page_that_is_not_allowed_reads_nothing(elsewhere: ServerProcess, form: str) -> None:
    with pytest.raises(HttpFailure):
        wire.send_as_page(requests(at(elsewhere, ""))[form])


@pytest.mark.parametrize(
    ("form", "read"),
    [("embeddings", OPENAI.vectors), ("rerank", OPENAI.scores)],
    ids=["embeddings", "rerank"],
)
def test_what_the_server_was_not_started_for_is_explained(
    answers: ServerProcess, form: str, read: type[HttpReply]
) -> None:
    with pytest.raises(ApiError) as caught:
        read(wire.send_as_page(requests(at(answers))[form]))  # type: ignore[arg-type]
    assert "does not offer that" in caught.value.problem.what
