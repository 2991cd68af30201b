"""The provider of the Local LLM API: what it asks, and how it reads what every generation answers."""

import json
from typing import Any

import pytest

from app.core.connections import LOCAL_API_ID, Connection, Model
from app.core.deltas import Usage
from app.core.http import FileRequest, HttpReply, HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.parameters import Parameters, read_all
from app.core.problems import ApiError, InvalidInput
from app.providers.base import CachesModels, Capability, KeepsModels, ListsModels, Provider, Streams
from app.providers.local_llm_api import LocalLlmApi
from tests.providers import exchanges
from tests.providers.replies import BASE, json_reply, page_reply, text_reply

API = LocalLlmApi()
CONNECTION = Connection(LOCAL_API_ID, API.id, "Local API", BASE)


def asked(
    *messages: PromptMessage, model: str = "tiny.gguf", parameters: Parameters | None = None
) -> dict[str, Any]:
    request = API.chat_request(CONNECTION, model, messages, parameters or {})
    assert request.body is not None
    body: dict[str, Any] = json.loads(request.body)
    return body


def user(text: str) -> PromptMessage:
    return PromptMessage(Role.USER, text)


def test_it_is_a_provider_and_shows_what_it_can_do() -> None:
    provider: Provider = API
    assert isinstance(provider, ListsModels)
    assert isinstance(provider, KeepsModels)
    assert isinstance(provider, CachesModels)
    assert not isinstance(provider, Streams)
    assert Capability.STREAM not in provider.capabilities


@pytest.mark.parametrize(
    ("request_", "method", "path"),
    [
        (API.health_request(CONNECTION), "GET", "/health"),
        (API.list_request(CONNECTION), "GET", "/models"),
        (API.sync_request(CONNECTION), "POST", "/models/sync"),
        (API.delete_request(CONNECTION, "tiny.gguf"), "DELETE", "/models/tiny.gguf"),
        (API.cache_status_request(CONNECTION), "GET", "/cache/status"),
        (API.cache_clear_request(CONNECTION), "POST", "/cache/clear"),
    ],
)
def test_requests_without_a_body_carry_no_headers(request_: HttpRequest, method: str, path: str) -> None:
    assert request_ == HttpRequest(method, BASE + path)


def test_the_question_is_the_last_message_of_the_user() -> None:
    history = (
        PromptMessage(Role.SYSTEM, "Be brief."),
        user("Hello"),
        PromptMessage(Role.ASSISTANT, "Hi"),
        user("Capital of France?"),
    )
    assert asked(*history) == {"question": "Capital of France?", "model_name": "tiny.gguf"}


def test_a_prompt_is_posted_as_json_with_one_header() -> None:
    request = API.chat_request(CONNECTION, "tiny.gguf", [user("où ?")], {})
    assert (request.method, request.url) == ("POST", f"{BASE}/generate")
    assert request.headers == {"Content-Type": "application/json"}
    assert request.body == '{"question":"où ?","model_name":"tiny.gguf"}'.encode()


def test_parameters_are_sent_under_their_names_and_only_when_set() -> None:
    typed = {"template": "Q: {question}", "n_gpu_layers": "0", "n_batch": "", "temperature": "0,5"}
    body = asked(user("hi"), parameters=read_all(API.parameters, typed))
    assert body == {
        "question": "hi",
        "model_name": "tiny.gguf",
        "template": "Q: {question}",
        "n_gpu_layers": 0,
        "temperature": 0.5,
    }


def test_an_empty_template_and_parameters_of_other_apis_are_left_out() -> None:
    assert asked(user("hi"), parameters={"template": "", "top_p": 0.9, "n_ctx": 2048}) == {
        "question": "hi",
        "model_name": "tiny.gguf",
        "n_ctx": 2048,
    }


def test_the_documented_defaults_are_shown() -> None:
    shown = {parameter.name: parameter.default for parameter in API.parameters}
    assert shown == {
        "template": None,
        "n_gpu_layers": 40,
        "n_batch": 512,
        "temperature": 0.6,
        "max_tokens": None,
        "n_ctx": None,
    }


def test_every_parameter_has_a_label_and_a_help_text() -> None:
    for parameter in API.parameters:
        assert not parameter.label.startswith("parameter.")
        assert not parameter.help.startswith("parameter.")


@pytest.mark.parametrize("name", ["max_tokens", "n_ctx"])
def test_parameters_of_newer_servers_are_labelled_so(name: str) -> None:
    parameter = next(one for one in API.parameters if one.name == name)
    assert "newer servers only" in parameter.label


@pytest.mark.parametrize("messages", [[], [user(" \n")], [PromptMessage(Role.SYSTEM, "Be brief.")]], ids=str)
def test_an_empty_question_is_not_sent(messages: list[PromptMessage]) -> None:
    with pytest.raises(InvalidInput, match="nothing to ask"):
        API.chat_request(CONNECTION, "tiny.gguf", messages, {})


def test_a_prompt_without_a_model_is_not_sent() -> None:
    with pytest.raises(InvalidInput, match="No model is chosen"):
        API.chat_request(CONNECTION, "", [user("hi")], {})


@pytest.mark.parametrize(
    ("model", "segment"),
    [
        ("my model (1).gguf", "my%20model%20(1).gguf"),
        ("a/b", "a%2Fb"),
        ("50%?#.gguf", "50%25%3F%23.gguf"),
        ("모델.gguf", "%EB%AA%A8%EB%8D%B8.gguf"),
        ("!~*'()-_.gguf", "!~*'()-_.gguf"),
    ],
)
def test_model_names_are_encoded_as_browsers_encode_a_component(model: str, segment: str) -> None:
    assert API.delete_request(CONNECTION, model).url == f"{BASE}/models/{segment}"


def test_an_upload_goes_into_the_part_file() -> None:
    request = API.upload_request(CONNECTION, "my_model.gguf")
    assert request == FileRequest(f"{BASE}/models", "file", "my_model.gguf")


@pytest.mark.parametrize(
    "body", [exchanges.HEALTH_DOC, exchanges.HEALTH_G1, '{"status": "ok"}', '{"service": "x"}']
)
def test_health_is_recognised(body: str) -> None:
    assert API.is_healthy(json_reply(body, path="/health"))


@pytest.mark.parametrize(
    "reply",
    [
        page_reply("<!doctype html><title>Another server</title>", 200, "/health"),
        page_reply(exchanges.NOT_FOUND_PAGE, 404, "/health"),
        json_reply('{"status": "healthy"}', 503, "/health"),
        json_reply('{"success": false, "status": "x"}', path="/health"),
        json_reply('["status"]', path="/health"),
        json_reply('{"models": []}', path="/health"),
        text_reply("healthy", path="/health"),
        HttpReply(200),
    ],
    ids=lambda reply: reply.text[:40],
)
def test_something_else_at_the_address_is_not_healthy(reply: HttpReply) -> None:
    assert not API.is_healthy(reply)


def test_reads_a_documented_list() -> None:
    assert API.models(json_reply(exchanges.MODELS_DOC, path="/models"))[1] == Model(
        "Llama-3.2-3B-Instruct-Q4_0.gguf",
        "Llama-3.2-3B-Instruct-Q4_0.gguf",
        None,
        "2.8 GB",
        "2024-01-10T14:25:00Z",
    )


def test_reads_an_observed_list_and_calls_models_by_their_files() -> None:
    assert API.models(json_reply(exchanges.MODELS_G1, path="/models")) == (
        Model("my_model_1.gguf", "my_model_1.gguf", 2048, "", "2026-11-20T10:15:37.399781"),
    )


def test_an_empty_list_is_a_list() -> None:
    assert API.models(json_reply(exchanges.MODELS_G1_EMPTY, path="/models")) == ()


def test_a_name_without_extension_gets_it_and_stands_in_the_list_once() -> None:
    body = '{"models": [{"name": "a.gguf"}, {"name": "tiny"}, {"name": "tiny.gguf"}, {"name": "a"}]}'
    assert [model.id for model in API.models(json_reply(body, path="/models"))] == ["a.gguf", "tiny.gguf"]


def test_the_reply_to_a_sync_is_a_list() -> None:
    models = API.models(json_reply(exchanges.SYNC_DOC, path="/models/sync"))
    assert [model.id for model in models] == ["gpt4all-falcon-newbpe-q4_0.gguf"]


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        (exchanges.UPLOADED_DOC, "model.gguf"),
        (exchanges.UPLOADED_G1, "my_model_1.gguf"),
        ('{"message": "ok", "model_info": {"name": "tiny"}}', "tiny.gguf"),
        ('{"message": "File uploaded successfully"}', ""),
    ],
)
def test_an_upload_tells_the_id_in_the_list(body: str, stored: str) -> None:
    assert API.uploaded(json_reply(body, path="/models")) == stored


def test_reads_a_documented_answer_with_its_figures() -> None:
    reply = API.reply(json_reply(exchanges.ANSWER_DOC))
    assert reply.text.startswith("Artificial intelligence (AI)")
    assert reply.model == "Llama-3.2-3B-Instruct-Q4_0.gguf"
    assert reply.usage == Usage(completion_tokens=156, seconds=2.45)
    assert reply.raw == ""


def test_reads_an_answer_in_an_object() -> None:
    reply = API.reply(json_reply(exchanges.ANSWER_G1))
    assert (reply.text, reply.model, reply.usage) == ("Hello there.", "tiny.gguf", None)


def test_reads_an_answer_of_the_second_generation() -> None:
    reply = API.reply(json_reply(exchanges.ANSWER_G2))
    assert (reply.text, reply.usage) == ("Paris.", Usage(completion_tokens=4, total_tokens=20, seconds=0.5))


def test_a_plain_text_is_an_answer() -> None:
    assert API.reply(text_reply("Paris.")).text == "Paris."


def test_an_empty_answer_is_an_answer() -> None:
    reply = API.reply(json_reply('{"success": true, "response": ""}'))
    assert (reply.text, reply.raw) == ("", "")


def test_an_answer_of_unknown_shape_is_kept_to_be_shown() -> None:
    reply = API.reply(json_reply('{"success": true, "output": ["Paris."], "stack": "secret"}'))
    assert reply.text == ""
    assert json.loads(reply.raw) == {"success": True, "output": ["Paris."]}


def test_a_failure_with_status_200_is_an_error() -> None:
    with pytest.raises(ApiError) as caught:
        API.reply(json_reply('{"success": false, "error": "Failed to generate response: boom"}'))
    assert "boom" in caught.value.problem.details


@pytest.mark.parametrize(
    ("body", "entries"),
    [
        (exchanges.CACHE_DOC, ("Llama-3.2-3B-Instruct-Q4_0.gguf", "gpt4all-falcon-newbpe-q4_0.gguf")),
        (exchanges.CACHE_G1, ("tiny.gguf_-7471644823449872010",)),
        ('{"cached_models": ["/srv/models/tiny.gguf"]}', ("/srv/models/tiny.gguf",)),
        ('{"cached_models": {"tiny.gguf": {"uses": 3}}}', ("tiny.gguf",)),
        (exchanges.CACHE_EMPTY, ()),
    ],
)
def test_cache_entries_are_shown_as_the_server_names_them(body: str, entries: tuple[str, ...]) -> None:
    assert API.cached(json_reply(body, path="/cache/status")) == entries


def test_a_success_without_contents_of_interest_passes_the_check() -> None:
    API.check(json_reply(exchanges.DELETED_DOC, path="/models/model.gguf"))
    API.check(json_reply(exchanges.CACHE_CLEARED, path="/cache/clear"))


@pytest.mark.parametrize("read", [API.reply, API.check, API.models, API.cached, API.uploaded])
@pytest.mark.parametrize(
    "reply",
    [
        json_reply('{"error": "x"}', 500),
        json_reply('{"success": false}'),
        page_reply("<title>Login</title>", 200),
        HttpReply(204),
    ],
    ids=lambda reply: f"{reply.status} {reply.text}",
)
def test_nothing_that_is_an_error_is_read_as_a_success(read: Any, reply: HttpReply) -> None:
    with pytest.raises(ApiError):
        read(reply)


def test_the_cors_fix_names_the_origin_in_a_line_to_copy() -> None:
    lines = API.cors_fix(CONNECTION, "http://localhost:8000").splitlines()
    assert lines == ["from flask_cors import CORS", 'CORS(app, origins=["http://localhost:8000"])']
    compile("\n".join(lines), "fix", "exec")
