"""The provider of the Local LLM API against the real reference server, in each of its variants."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.connections import LOCAL_API_ID, Connection
from app.core.deltas import Reply
from app.core.filenames import stored_name
from app.core.http import HttpFailure, HttpReply, HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.parameters import ParameterValue
from app.core.problems import ApiError, Problem
from app.providers.local_llm_api import LocalLlmApi
from tests.providers import wire
from tests.servers.process import ServerProcess, running

API = LocalLlmApi()
TINKER = Path(__file__).parents[2] / "static" / "models" / "tinker-1m-q8_0.gguf"
MODEL = "tinker-1m-q8_0.gguf"
VARIANTS = ("doc", "g1", "g1-shipped", "g2")
READABLE = ("doc", "g1", "g2")
"""The variants whose errors a page may read."""

QUESTION = "What is the capital of France?"


class LocalApi:
    """One reference server and the provider's conversation with it."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self.connection = Connection(LOCAL_API_ID, API.id, "Local API", server.base_url)

    def upload(self, name: str, content: bytes) -> HttpReply:
        return wire.upload(API.upload_request(self.connection, stored_name(name)), content)

    def models(self) -> list[str]:
        return [model.id for model in API.models(wire.send(API.list_request(self.connection)))]

    def delete(self, model: str) -> HttpReply:
        return wire.send(API.delete_request(self.connection, model))

    def generate(
        self, question: str = QUESTION, model: str = MODEL, **parameters: ParameterValue
    ) -> HttpReply:
        messages = [PromptMessage(Role.USER, question)]
        return wire.send(API.chat_request(self.connection, model, messages, parameters))

    def ask(self, question: str = QUESTION, model: str = MODEL, **parameters: ParameterValue) -> Reply:
        return API.reply(self.generate(question, model, **parameters))

    def cached(self) -> tuple[str, ...]:
        return API.cached(wire.send(API.cache_status_request(self.connection)))

    def clear_cache(self) -> None:
        API.check(wire.send(API.cache_clear_request(self.connection)))


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], LocalApi]]:
    """Gives the running server of a variant; each is started once, with an empty folder."""
    started: dict[str, LocalApi] = {}
    contexts = []

    def of(variant: str) -> LocalApi:
        if variant not in started:
            folder = tmp_path_factory.mktemp(variant)
            context = running("tests.servers.local_llm_api", "--models", folder, "--variant", variant)
            started[variant] = LocalApi(context.__enter__())
            contexts.append(context)
        return started[variant]

    yield of
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.fixture
def api(servers: Callable[[str], LocalApi], request: pytest.FixtureRequest) -> LocalApi:
    """The server of the variant that the test names, holding the tinker model alone, with an empty cache."""
    api = servers(getattr(request, "param", "doc"))
    api.server.set_faults({})
    api.clear_cache()
    for model in api.models():
        API.check(api.delete(model))
    API.check(api.upload(MODEL, TINKER.read_bytes()))
    return api


every_variant = pytest.mark.parametrize("api", VARIANTS, indirect=True)
every_readable_variant = pytest.mark.parametrize("api", READABLE, indirect=True)


def problem_of(reply: HttpReply) -> Problem:
    with pytest.raises(ApiError) as caught:
        API.reply(reply)
    return caught.value.problem


@every_variant
def test_the_server_is_healthy(api: LocalApi) -> None:
    assert API.is_healthy(wire.send(API.health_request(api.connection)))


@every_variant
def test_an_uploaded_model_is_listed_under_the_id_that_the_upload_told(api: LocalApi) -> None:
    stored = API.uploaded(api.upload("my model (1).GGUF", TINKER.read_bytes()))
    assert stored == stored_name("my model (1).GGUF")
    assert sorted(api.models()) == ["my_model_1.gguf", MODEL]


@every_variant
def test_a_listed_model_has_a_size_and_a_date(api: LocalApi) -> None:
    (model,) = API.models(wire.send(API.list_request(api.connection)))
    assert model.size == TINKER.stat().st_size or model.size_text == "1.0 MB"
    assert model.modified.startswith("20")


@every_variant
def test_a_question_is_answered(api: LocalApi) -> None:
    reply = api.ask()
    assert reply.text == "The capital of France is Paris."
    assert reply.model == MODEL
    assert reply.raw == ""


@pytest.mark.parametrize("api", ["doc", "g2"], indirect=True)
def test_the_figures_of_an_answer_give_tokens_per_second(api: LocalApi) -> None:
    usage = api.ask().usage
    assert usage is not None
    assert usage.completion_tokens
    assert usage.tokens_per_second


@every_variant
def test_all_parameters_are_taken(api: LocalApi) -> None:
    reply = api.ask(
        template="{question}", n_gpu_layers=0, n_batch=64, temperature=0.1, max_tokens=3, n_ctx=128
    )
    assert reply.raw == ""


@pytest.mark.parametrize("api", ["g2"], indirect=True)
def test_newer_servers_keep_to_max_tokens(api: LocalApi) -> None:
    usage = api.ask(max_tokens=3).usage
    assert usage is not None
    assert usage.completion_tokens == 3


@every_variant
def test_a_model_that_answered_is_cached_until_the_cache_is_cleared(api: LocalApi) -> None:
    assert api.cached() == ()
    api.ask()
    (entry,) = api.cached()
    assert MODEL in entry
    api.clear_cache()
    assert api.cached() == ()


@every_variant
def test_a_sync_lists_the_models(api: LocalApi) -> None:
    models = API.models(wire.send(API.sync_request(api.connection)))
    assert [model.id for model in models] == [MODEL]


@every_variant
def test_a_deleted_model_is_gone(api: LocalApi) -> None:
    API.check(api.delete(MODEL))
    assert api.models() == []


@every_readable_variant
def test_a_duplicate_is_explained(api: LocalApi) -> None:
    reply = api.upload(MODEL, TINKER.read_bytes())
    assert reply.status == 409
    assert "already has a model of this name" in problem_of(reply).what


@every_readable_variant
def test_an_upload_without_a_file_is_explained(api: LocalApi) -> None:
    reply = wire.send(HttpRequest("POST", f"{api.server.base_url}/models"))
    assert "found no file" in problem_of(reply).what


@every_readable_variant
def test_a_wrong_extension_is_explained(api: LocalApi) -> None:
    reply = wire.upload(API.upload_request(api.connection, "model.bin"), b"GGUF")
    assert "only GGUF" in problem_of(reply).what


@every_readable_variant
def test_an_upload_without_a_name_is_explained(api: LocalApi) -> None:
    reply = wire.upload(API.upload_request(api.connection, ""), b"GGUF")
    assert "no file" in problem_of(reply).what


@every_readable_variant
def test_a_file_that_is_too_large_is_explained(api: LocalApi) -> None:
    with api.server.faulty(too_large=1000):
        reply = api.upload("large.gguf", TINKER.read_bytes())
    problem = problem_of(reply)
    assert "larger than the server accepts" in problem.what
    assert "MAX_CONTENT_LENGTH" in problem.fix


@every_readable_variant
def test_a_full_disk_is_explained(api: LocalApi) -> None:
    with api.server.faulty(disk_full=1000):
        reply = api.upload("large.gguf", TINKER.read_bytes())
    assert problem_of(reply).what == "The server's disk is full."


@every_readable_variant
def test_an_unknown_model_is_explained(api: LocalApi) -> None:
    assert "does not find the model" in problem_of(api.generate(model="nope.gguf")).what
    assert "“nope.gguf”" in problem_of(api.delete("nope.gguf")).what


@every_readable_variant
def test_a_slash_in_a_name_is_explained(api: LocalApi) -> None:
    assert "slash" in problem_of(api.delete("a/b")).what


@every_readable_variant
def test_a_file_that_is_no_model_is_explained(api: LocalApi) -> None:
    API.check(api.upload("notreally.gguf", b"NOPE"))
    problem = problem_of(api.generate(model="notreally.gguf"))
    assert "could not load the model" in problem.what
    assert "not a working GGUF" in problem.cause


@every_readable_variant
def test_a_wrong_placeholder_is_explained(api: LocalApi) -> None:
    problem = problem_of(api.generate(template="{question} {other}"))
    assert "cannot fill in: {other}" in problem.what


@every_readable_variant
def test_braces_that_do_not_match_are_explained(api: LocalApi) -> None:
    assert "braces" in problem_of(api.generate(template="{question} }")).what


@pytest.mark.parametrize("api", ["g1"], indirect=True)
def test_a_question_that_is_too_long_names_the_window_of_512_tokens(api: LocalApi) -> None:
    problem = problem_of(api.generate("capital of France " * 400))
    assert "too long" in problem.what
    assert "512 tokens, and this one needs" in problem.cause


@pytest.mark.parametrize("body", ['{"question": "hi"}', '{"model_name": "x"}', "{}"])
@every_readable_variant
def test_a_request_that_lacks_something_is_explained(api: LocalApi, body: str) -> None:
    reply = wire.send(HttpRequest.post_json(f"{api.server.base_url}/generate", json.loads(body)))
    assert reply.status == 400
    assert "The local API " in problem_of(reply).what


@pytest.mark.parametrize("api", ["g1"], indirect=True)
@pytest.mark.parametrize(
    ("media", "what"), [("application/json", "read the request"), ("text/plain", "the form")]
)
def test_a_damaged_request_is_explained(api: LocalApi, media: str, what: str) -> None:
    request = HttpRequest("POST", f"{api.server.base_url}/generate", {"Content-Type": media}, b"{bad")
    assert what in problem_of(wire.send(request)).what


@every_readable_variant
def test_a_wrong_address_is_explained(api: LocalApi) -> None:
    reply = wire.send(HttpRequest.get(f"{api.server.base_url}/nosuch"))
    assert "has nothing at /api/v1/nosuch" in problem_of(reply).what
    reply = wire.send(HttpRequest.get(f"{api.server.base_url}/generate"))
    assert "does not take this kind of request" in problem_of(reply).what


@pytest.mark.parametrize("api", ["g2"], indirect=True)
def test_an_answer_that_takes_too_long_is_explained(api: LocalApi, tmp_path: Path) -> None:
    (tmp_path / MODEL).write_bytes(TINKER.read_bytes())
    options = (
        "--models",
        tmp_path,
        "--variant",
        "g2",
        "--request-timeout",
        "0.2",
        "--fault",
        "generate-stall",
    )
    with running("tests.servers.local_llm_api", *options) as server:
        reply = LocalApi(server).generate()
    assert reply.status == 408
    assert "gave up" in problem_of(reply).what


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503, 504])
@every_readable_variant
def test_any_other_status_is_explained(api: LocalApi, status: int) -> None:
    with api.server.faulty(status=f"generate:{status}"):
        problem = problem_of(api.generate())
    assert problem.what
    assert problem.cause
    assert problem.fix
    assert f"HTTP {status}" in problem.details


@pytest.mark.parametrize("kind", ["html", "truncated", "empty"])
@every_readable_variant
def test_nonsense_with_status_200_is_an_error(api: LocalApi, kind: str) -> None:
    with api.server.faulty(garbage=kind):
        assert not API.is_healthy(wire.send(API.health_request(api.connection)))
        for request in (API.list_request(api.connection), API.cache_status_request(api.connection)):
            assert problem_of(wire.send(request)).fix
        assert problem_of(api.generate()).fix


def test_an_endless_answer_of_nothing_is_an_error(api: LocalApi) -> None:
    with api.server.faulty(garbage="generate:huge"):
        assert "answered with nothing" in problem_of(api.generate()).what


@every_readable_variant
def test_an_answer_of_unknown_shape_is_shown(api: LocalApi) -> None:
    with api.server.faulty(garbage="generate:shape"):
        reply = api.ask()
    assert reply.text == ""
    assert '"value": 42' in reply.raw


@every_readable_variant
def test_what_is_called_json_and_is_none_is_quoted(api: LocalApi) -> None:
    with api.server.faulty(garbage="generate:text"):
        reply = api.generate()
    assert reply.text in problem_of(reply).details


@pytest.mark.parametrize("api", ["g1-shipped"], indirect=True)
@pytest.mark.parametrize(
    ("act", "cause"),
    [
        (lambda api: api.generate(model="nope.gguf"), "unknown model"),
        (lambda api: api.generate(template="{other}"), "template"),
        (lambda api: api.upload(MODEL, b"GGUF"), "already there"),
        (lambda api: api.delete("nope.gguf"), "already gone"),
    ],
    ids=["unknown model", "template", "duplicate", "delete"],
)
def test_an_error_that_the_page_may_not_read_is_explained(
    api: LocalApi, act: Callable[[LocalApi], HttpReply], cause: str
) -> None:
    with pytest.raises(HttpFailure) as caught:
        act(api)
    problem = API.rejected(caught.value.request)
    assert "is up, but gave no readable answer" in problem.what
    assert cause in problem.cause
    assert API.is_healthy(wire.send(API.health_request(api.connection)))
