"""The LLM Service, the LLM Router, the Ollama Queue and custom ones against their reference servers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.core.connections import Connection
from app.core.deltas import Reply
from app.core.http import HttpFailure, HttpRequest
from app.core.problems import ApiError
from app.providers.custom import Custom
from app.providers.custom_dialect import OPTION, CustomDialect
from app.providers.llm_router import AUTO, LlmRouter
from app.providers.llm_service import LlmService
from app.providers.ollama_queue import OllamaQueue
from tests.providers import wire
from tests.providers.asking import PARIS, QUESTION, SCHEMA, Asked, assistant, user
from tests.servers.process import running

KEY = "llm_0123456789abcdef0123456789abcdef.fedcba9876543210"
SERVICE = LlmService()
ROUTER = LlmRouter()
QUEUE = OllamaQueue()


@pytest.fixture(scope="module", params=["doc", "observed"])
def service(request: pytest.FixtureRequest) -> Iterator[Asked]:
    with running("tests.servers.llm_service", "--profile", request.param, "--n-ctx", "512") as server:
        yield Asked(SERVICE, server, model="medium", path="")


@pytest.fixture(scope="module")
def observed() -> Iterator[Asked]:
    with running("tests.servers.llm_service", "--profile", "observed") as server:
        yield Asked(SERVICE, server, model="medium", path="")


@pytest.fixture(scope="module")
def router() -> Iterator[Asked]:
    with running("tests.servers.llm_router", "--key", KEY) as server:
        yield Asked(ROUTER, server, KEY, AUTO, path="")


def test_the_service_answers_with_and_without_streaming(service: Asked) -> None:
    answer = service.ask(max_tokens=20)
    assert (answer.text, answer.finish) == (PARIS, "stop")
    assert service.ask(user("Hello"), assistant("Hello."), user(QUESTION)).text == PARIS


def test_the_service_follows_a_schema(service: Asked) -> None:
    assert "city" in service.ask(json_schema=SCHEMA, model="light").text


def test_the_models_of_the_service_are_its_tiers(service: Asked) -> None:
    service.ask(model="light/qwen-0.5b")
    models = SERVICE.models(wire.send_as_page(SERVICE.list_request(service.connection)))
    assert [model.id for model in models][:2] == ["light/qwen-0.5b", "medium/gemma-4b"]
    assert SERVICE.is_healthy(wire.send(SERVICE.health_request(service.connection)))


def test_a_temperature_out_of_range_is_explained(service: Asked) -> None:
    assert (
        "does not" in service.problem(temperature=3).what
        or "could not use" in service.problem(temperature=3).what
    )


def test_a_tier_that_is_not_configured_is_explained_by_the_document() -> None:
    with running("tests.servers.llm_service", "--profile", "doc") as server:
        asked = Asked(SERVICE, server, path="")
        assert "no model for this tier" in asked.problem(model="heavy").what
        assert "does not have this model" in asked.problem(model="unknown-model").what


def test_a_tier_that_is_not_configured_cannot_be_read_in_reality(observed: Asked) -> None:
    with pytest.raises(HttpFailure) as caught:
        observed.send(model="heavy")
    assert "tier" in SERVICE.rejected(caught.value.request).cause
    assert observed.ask(model="unknown-model").model == "unknown-model"


def test_the_service_keeps_an_answer_until_the_seed_changes(observed: Asked) -> None:
    first, again = observed.send(), observed.send()
    assert first.body == again.body
    assert observed.send(seed=7).body != first.body or observed.ask(seed=7).text == PARIS
    assert len({observed.send(seed=seed).json()["id"] for seed in (1, 2)}) == 1


def test_a_service_that_is_loading_says_so() -> None:
    for profile in ("doc", "observed"):
        with running("tests.servers.llm_service", "--profile", profile, "--loading", "1") as server:
            asked = Asked(SERVICE, server, model="light", path="")
            assert "still loading" in asked.problem().what
            assert asked.ask().text == PARIS


def test_the_router_answers(router: Asked) -> None:
    answer = router.ask(maxTokens=50)
    assert (answer.text, answer.model) == (PARIS, "mock-1")
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 8
    assert router.ask(user("Hello"), assistant("Hello."), user(QUESTION), model="mock-1").text == PARIS


def test_the_routers_models_and_limits_are_read(router: Asked) -> None:
    reply = wire.send_as_page(ROUTER.list_request(router.connection))
    assert [model.id for model in ROUTER.models(reply)] == [AUTO, "mock-1"]
    limits = ROUTER.limits(reply.headers, 0)
    assert limits is not None and limits.requests is not None
    assert (limits.requests.limit, limits.period) == (1000, "day")
    assert ROUTER.is_healthy(wire.send(ROUTER.health_request(router.connection)))


def test_the_routers_answer_to_quick_is_read(router: Asked) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    request = HttpRequest.post_json(f"{router.server.base_url}/quick", {"prompt": QUESTION}, headers)
    reply = ROUTER.reply(wire.send_as_page(request))
    assert reply.text == PARIS
    assert reply.usage is not None


def test_the_router_refuses_headers_that_it_does_not_know(router: Asked) -> None:
    request = replace(ROUTER.list_request(router.connection), headers={"x-stainless-os": "Linux"})
    with pytest.raises(HttpFailure):
        wire.send_as_page(request)


def test_what_the_router_refuses_is_explained(router: Asked) -> None:
    assert "does not accept the key" in Asked(ROUTER, router.server, "x", AUTO, "").problem().what
    assert "wants a key" in Asked(ROUTER, router.server, "", AUTO, "").problem().what
    broken = HttpRequest(
        "POST", f"{router.server.base_url}/chat", {"Content-Type": "application/json"}, b"{bad"
    )
    with pytest.raises(HttpFailure):
        wire.send(broken)


def test_the_limit_of_a_day_says_when_it_ends() -> None:
    with running("tests.servers.llm_router", "--key", KEY, "--requests", "1", "--starting", "1") as server:
        asked = Asked(ROUTER, server, KEY, AUTO, "")
        assert "still loading" in asked.problem().what
        asked.ask()
        assert "anew from 2100-01-01" in asked.problem().cause
    with running("tests.servers.llm_router", "--key", KEY, "--no-models") as server:
        assert "no model loaded" in Asked(ROUTER, server, KEY, AUTO, "").problem().what


def test_the_limit_of_an_address_cannot_be_read() -> None:
    with running("tests.servers.llm_router", "--key", KEY, "--address-limit", "0") as server:
        with pytest.raises(HttpFailure) as caught:
            Asked(ROUTER, server, KEY, AUTO, "").send()
        assert "1,000 requests" in ROUTER.rejected(caught.value.request).cause


def test_the_queue_answers_and_lists() -> None:
    with running("tests.servers.ollama_queue", "--key", "token") as server:
        asked = Asked(QUEUE, server, "token", "llama3.2:1b")
        assert asked.ask(max_tokens=50).text == PARIS
        assert asked.ask(user("Hi"), assistant("Hello."), user(QUESTION)).text
        models = QUEUE.models(wire.send_as_page(QUEUE.list_request(asked.connection)))
        assert len(models) == 6
        assert QUEUE.is_healthy(wire.send_as_page(QUEUE.health_request(asked.connection)))
        assert "does not accept the key" in Asked(QUEUE, server, "wrong", "m").problem().what


def test_the_queue_may_want_its_key_as_a_bearer_token() -> None:
    with running("tests.servers.ollama_queue", "--key", "token", "--header", "bearer") as server:
        asked = Asked(QUEUE, server, "token", "llama3.2:1b")
        again = QUEUE.retried(asked.connection, asked.send())
        assert again is not None
        assert replace(asked, options=dict(again.options)).ask().text == PARIS


@pytest.mark.parametrize("status", ["200", "202"])
def test_a_queued_request_is_known_and_answered_later(status: str) -> None:
    options = ("--queued", "1", "--queued-status", status, "--readable")
    with running("tests.servers.ollama_queue", *options) as server:
        asked = Asked(QUEUE, server, model="llama3.2:1b")
        reply = asked.send()
        place = QUEUE.queued(reply)
        assert place is not None
        assert (place.position, place.length) == (2, 3)
        with pytest.raises(ApiError, match="put in the queue"):
            QUEUE.reply(reply)
        state = QUEUE.queue(wire.send_as_page(QUEUE.queue_request(asked.connection)))
        assert not state.is_idle
        assert state.answers is not None
        assert state.answers[place.request].text == PARIS
        assert QUEUE.queue(wire.send_as_page(QUEUE.queue_request(asked.connection))).is_idle
        assert asked.ask().text == PARIS


def test_a_queue_that_wants_a_key_for_preflights_cannot_be_asked() -> None:
    with running("tests.servers.ollama_queue", "--key", "token", "--options-need-key") as server:
        with pytest.raises(HttpFailure) as caught:
            Asked(QUEUE, server, "token", "m").send()
        assert "without the key" in QUEUE.rejected(caught.value.request).cause


def test_a_queue_without_its_ollama_says_so() -> None:
    for status in ("200", "500"):
        with running("tests.servers.ollama_queue", "--stopped", "--failure-status", status) as server:
            assert "Ollama does not run" in Asked(QUEUE, server, model="m").problem().what


STREAM = '{"model": {{model}}, "messages": {{messages}}, "stream": true}'
OPENAI_BY_HAND = CustomDialect(
    path="/chat/completions",
    body=STREAM,
    stream="sse",
    answer="choices[0].delta.content",
    finish="choices[0].finish_reason",
    list_path="/models",
    models="data",
    model_id="id",
)
OLLAMA_BY_HAND = CustomDialect(
    path="/api/chat",
    headers=(),
    body=STREAM,
    stream="ndjson",
    answer="message.content",
    error="error",
    finish="done",
    end="",
    prompt_tokens="prompt_eval_count",
    completion_tokens="eval_count",
    list_path="/api/tags",
)
QUEUE_BY_HAND = CustomDialect(
    path="/generate", headers=(("X-API-Key", "{{key}}"),), body='{"model": {{model}}, "prompt": {{prompt}}}'
)


def by_hand(dialect: CustomDialect) -> Custom:
    """The provider as it comes out of a stored connection."""
    record = json.loads(json.dumps(dialect.to_record()))
    return Custom().bound(Connection("x", "custom", "X", "http://127.0.0.1", options={OPTION: record}))


def test_a_custom_provider_speaks_to_the_real_llama_server() -> None:
    with running("tests.servers.openai", "--key", "sk-1234567") as server:
        asked = Asked(by_hand(OPENAI_BY_HAND), server, "sk-1234567", "tinker-1m-q8_0.gguf")
        answer = asked.ask()
        assert (answer.text, answer.finish) == (PARIS, "stop")
        provider = by_hand(OPENAI_BY_HAND)
        assert asked.model in [
            model.id for model in provider.models(wire.send_as_page(provider.list_request(asked.connection)))
        ]
        wrong = Asked(provider, server, "sk-wrong-key", asked.model)
        assert "does not accept the key" in wrong.problem().what
        reading = provider.explain(wrong.send())
        assert reading.problem is not None
        assert "Invalid API Key" in reading.raw


def test_a_custom_provider_reads_lines(tmp_path_factory: pytest.TempPathFactory) -> None:
    models = tmp_path_factory.mktemp("models")
    with running("tests.servers.ollama", "--models", models) as server:
        asked = Asked(by_hand(OLLAMA_BY_HAND), server, model="tinker-1m-q8_0")
        assert "not found" in asked.problem().details
        pull = HttpRequest.post_json(f"{server.base_url}/api/pull", {"model": "tinker-1m-q8_0"})
        wire.send_as_page(pull)
        deltas, error = asked.stream(asked.send())
        answer = Reply.of(deltas)
        assert error is None
        assert (answer.text, answer.finish) == (PARIS, "stop")
        assert answer.usage is not None
        assert answer.usage.total_tokens == 26


def test_a_custom_provider_reads_a_whole_answer() -> None:
    with running("tests.servers.ollama_queue", "--key", "token") as server:
        asked = Asked(by_hand(QUEUE_BY_HAND), server, "token", "m")
        assert asked.ask().text == PARIS
        request = by_hand(QUEUE_BY_HAND).preview(asked.connection, "m", [user()], {})
        assert request.headers["X-API-Key"] == "[your-key]"


def test_the_service_scores_documents_in_the_order_in_which_they_were_sent(service: Asked) -> None:
    documents = ("Paris is the capital of France.", "A banana is yellow.")
    orders = (documents, tuple(reversed(documents)))
    scores = [
        SERVICE.scores(
            wire.send_as_page(SERVICE.rerank_request(service.connection, "reranker", QUESTION, one))
        )
        for one in orders
    ]
    assert [round(score, 2) for score in scores[0]] == [round(score, 2) for score in reversed(scores[1])]
    assert len(set(scores[0])) == 2
