"""The provider of OpenAI's dialect: what it asks of which server, and how it reads whole replies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.core.connections import Connection, Model
from app.core.deltas import Reply, ToolCallDelta, Usage
from app.core.http import HttpReply, HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.parameters import Parameters, read_all
from app.core.problems import ApiError, InvalidInput
from app.providers.base import Capability, Completes, Embeds, ListsModels, Provider, Streams
from app.providers.openai import OpenAi
from app.providers.openai_parameters import LOCAL, STANDARD
from tests.providers.openai_streams import LLAMA_SERVER
from tests.providers.replies import json_reply, page_reply, text_reply

API = OpenAi()
KEY = "sk-0123456789abcdef"
HERE = "http://127.0.0.1:8080/v1"
CONNECTION = Connection("one", API.id, "My server", HERE, KEY)


def connection(base_url: str, key: str = KEY) -> Connection:
    return Connection("one", API.id, "My server", base_url, key)


def user(text: str) -> PromptMessage:
    return PromptMessage(Role.USER, text)


def body_of(request: HttpRequest) -> dict[str, Any]:
    assert request.body is not None
    body: dict[str, Any] = json.loads(request.body)
    return body


def asked(base_url: str = HERE, parameters: Parameters | None = None) -> dict[str, Any]:
    return body_of(API.chat_request(connection(base_url), "m", [user("Hi")], parameters or {}))


def completion(message: str, more: str = "") -> HttpReply:
    return json_reply(f'{{"choices":[{{"index":0,"message":{message},"finish_reason":"stop"}}]{more}}}')


def test_it_is_a_provider_and_shows_what_it_can_do() -> None:
    provider: Provider = API
    assert isinstance(provider, Streams)
    assert isinstance(provider, Completes)
    assert isinstance(provider, Embeds)
    assert isinstance(provider, ListsModels)
    assert Capability.STREAM in provider.capabilities
    assert provider.reads_history


def test_the_whole_history_is_sent_with_its_system_message() -> None:
    history = (
        PromptMessage(Role.SYSTEM, "Be brief."),
        user("Hello"),
        PromptMessage(Role.ASSISTANT, "Hi"),
        user("où ?"),
    )
    request = API.chat_request(CONNECTION, "tinker", history, {})
    assert (request.method, request.url) == ("POST", f"{HERE}/chat/completions")
    assert body_of(request) == {
        "model": "tinker",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Hi"},
            {"role": "user", "content": "où ?"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_only_the_type_and_the_key_are_sent_as_headers() -> None:
    request = API.chat_request(CONNECTION, "m", [user("Hi")], {})
    assert request.headers == {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
    assert API.list_request(CONNECTION).headers == {"Authorization": f"Bearer {KEY}"}


def test_without_a_key_the_list_needs_no_preflight() -> None:
    assert API.list_request(connection(HERE, "")) == HttpRequest.get(f"{HERE}/models")


def test_white_space_around_a_pasted_key_is_dropped() -> None:
    assert API.list_request(connection(HERE, f" {KEY}\n")).headers == {"Authorization": f"Bearer {KEY}"}


@pytest.mark.parametrize("key", ["sk-a b", "sk-ä", "sk-a\nb", "sk-\x00"])
def test_a_key_that_no_header_can_carry_is_not_sent(key: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be sent") as caught:
        API.chat_request(connection(HERE, key), "m", [user("Hi")], {})
    assert key not in str(caught.value)


def test_blank_messages_are_left_out() -> None:
    request = API.chat_request(CONNECTION, "m", [user("Hi"), PromptMessage(Role.ASSISTANT, " \n")], {})
    assert body_of(request)["messages"] == [{"role": "user", "content": "Hi"}]


@pytest.mark.parametrize("messages", [[], [user(" ")]])
def test_nothing_is_not_asked(messages: list[PromptMessage]) -> None:
    with pytest.raises(InvalidInput, match="nothing to ask"):
        API.chat_request(CONNECTION, "m", messages, {})


def test_a_prompt_without_a_model_is_not_sent() -> None:
    with pytest.raises(InvalidInput, match="No model is chosen"):
        API.chat_request(CONNECTION, " ", [user("Hi")], {})


def test_parameters_are_sent_under_their_names_and_only_when_set() -> None:
    typed = {
        "temperature": "0,5",
        "top_p": "",
        "max_tokens": "99",
        "stop": "END\n\n\\n\\n",
        "seed": "0",
        "min_p": "0.1",
    }
    body = asked(parameters={**read_all(API.parameters, typed), "n_gpu_layers": 40})
    chosen = {
        name: body[name] for name in body if name not in {"model", "messages", "stream", "stream_options"}
    }
    assert chosen == {"temperature": 0.5, "max_tokens": 99, "stop": ["END", "\n\n"], "seed": 0, "min_p": 0.1}


def test_the_parameters_of_local_servers_are_told_from_those_of_the_document() -> None:
    assert {one.name for one in LOCAL} == {"top_k", "min_p", "repeat_penalty"}
    assert not {one.name for one in LOCAL} & {one.name for one in STANDARD}


@pytest.mark.parametrize("parameter", API.parameters, ids=lambda one: one.name)
def test_every_parameter_has_a_label_and_a_help_text(parameter: Any) -> None:
    assert not parameter.label.startswith("parameter.")
    assert not parameter.help.startswith("parameter.")
    assert "local API" not in parameter.help


def test_openai_itself_gets_the_newer_name_of_the_longest_answer() -> None:
    body = asked("https://api.openai.com/v1", {"max_tokens": 5})
    assert body["max_completion_tokens"] == 5
    assert "max_tokens" not in body


def test_mistral_gets_nothing_that_it_refuses() -> None:
    body = asked("https://api.mistral.ai/v1", {"seed": 7})
    assert "stream_options" not in body
    assert (body["random_seed"], "seed" in body) == (7, False)


def test_the_quirks_of_a_host_hold_for_its_subdomains_only() -> None:
    assert "stream_options" not in asked("https://adb-1.azuredatabricks.net/serving-endpoints")
    assert "stream_options" in asked("https://notdatabricks.com/v1")


def test_a_completion_continues_a_prompt() -> None:
    request = API.complete_request(CONNECTION, "m", "Once upon", {"max_tokens": 9})
    assert request.url == f"{HERE}/completions"
    assert body_of(request) == {
        "model": "m",
        "prompt": "Once upon",
        "max_tokens": 9,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_vectors_are_asked_for_as_numbers() -> None:
    request = API.embed_request(CONNECTION, "m", ["a", "b"])
    assert request.url == f"{HERE}/embeddings"
    assert body_of(request) == {"model": "m", "input": ["a", "b"], "encoding_format": "float"}


def test_vectors_are_read_in_the_order_of_the_texts() -> None:
    reply = json_reply('{"data":[{"index":1,"embedding":[3,4.5]},{"index":0,"embedding":[1,2]}]}')
    assert API.vectors(reply) == ((1.0, 2.0), (3.0, 4.5))


@pytest.mark.parametrize(
    "body",
    ['{"data":[]}', '{"data":[{"embedding":"AAAA"}]}', '{"data":[{"embedding":[true]}]}', '{"data":7}', "[]"],
)
def test_a_reply_without_vectors_is_an_error(body: str) -> None:
    with pytest.raises(ApiError, match="no vectors"):
        API.vectors(json_reply(body))


def test_only_a_stream_of_events_is_read_as_one() -> None:
    assert API.decoder("text/event-stream") is not None
    for media_type in ("application/json", "text/html", ""):
        assert API.decoder(media_type) is None


def test_a_whole_reply_is_read_although_a_stream_was_asked_for() -> None:
    more = ',"model":"tinker","usage":{"prompt_tokens":18,"completion_tokens":8,"total_tokens":26}'
    answer = API.reply(completion('{"role":"assistant","content":" Paris."}', more))
    assert answer == Reply("Paris.", model="tinker", usage=Usage(18, 8, 26), finish="stop")


def test_the_reasoning_of_a_whole_reply_is_told_from_its_answer() -> None:
    assert API.reply(completion('{"content":"<think>Hm.</think>4"}')) == Reply("4", "Hm.")
    assert API.reply(completion('{"content":"4","reasoning_content":"Hm."}')) == Reply("4", "Hm.")


def test_a_refusal_is_the_answer() -> None:
    assert API.reply(completion('{"content":null,"refusal":"No."}')).text == "No."


def test_the_tool_calls_of_a_whole_reply_are_kept() -> None:
    call = '{"id":"x","type":"function","function":{"name":"f","arguments":"{}"}}'
    answer = API.reply(completion(f'{{"content":null,"tool_calls":[{call}]}}'))
    assert answer.calls == (ToolCallDelta(0, "x", "f", "{}"),)
    assert answer.raw == ""


def test_a_legacy_completion_is_read() -> None:
    assert API.reply(json_reply('{"choices":[{"text":" there","finish_reason":"length"}]}')) == Reply(
        "there", finish="length"
    )


def test_an_empty_answer_is_an_answer() -> None:
    assert API.reply(completion('{"content":""}')) == Reply("")


def test_an_answer_of_unknown_shape_is_shown() -> None:
    answer = API.reply(json_reply('{"choices":[{"words":["a"]}]}'))
    assert (answer.text, '"words"' in answer.raw) == ("", True)
    assert '"payload"' in API.reply(json_reply('{"payload":1}')).raw


def test_answers_in_the_shapes_of_other_apis_are_read() -> None:
    assert API.reply(json_reply('{"message":{"content":"Hi"},"done":true}')).text == "Hi"


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", ""])
def test_a_stream_under_another_name_is_read_as_a_whole(media_type: str) -> None:
    answer = API.reply(HttpReply(200, {"content-type": media_type}, LLAMA_SERVER.body))
    assert answer == Reply("The capital of France is Paris.", usage=Usage(18, 8, 26, 2.0))


def test_an_error_in_a_stream_under_another_name_is_an_error() -> None:
    with pytest.raises(ApiError, match="boom"):
        API.reply(text_reply('data: {"error":{"message":"boom"}}\n\n'))


def test_health_is_a_model_list() -> None:
    assert API.health_request(CONNECTION) == API.list_request(CONNECTION)
    assert API.is_healthy(json_reply('{"object":"list","data":[]}'))


@pytest.mark.parametrize("status", [401, 403, 429])
def test_an_api_that_refuses_the_key_is_there(status: int) -> None:
    assert API.is_healthy(json_reply('{"error":{"message":"no"}}', status))
    assert not API.is_healthy(page_reply("<title>Sign in</title>", status))


@pytest.mark.parametrize(
    "reply",
    [
        page_reply("<title>Hello</title>", 200),
        json_reply('{"status":"healthy"}'),
        json_reply('{"error":"x"}'),
        json_reply('{"detail":"Not Found"}', 404),
        json_reply('{"data":[]}', 500),
        HttpReply(200),
    ],
    ids=lambda reply: f"{reply.status} {reply.text[:20]}",
)
def test_something_else_at_the_address_is_not_healthy(reply: HttpReply) -> None:
    assert not API.is_healthy(reply)


def test_models_are_listed() -> None:
    reply = json_reply(
        '{"object":"list","data":[{"id":"gpt-x","created":1686935002},{"id":"light/q (loaded)"}]}'
    )
    assert API.models(reply) == (
        Model("gpt-x", "gpt-x", modified="2023-06-16T17:03:22Z"),
        Model("light/q", "light/q"),
    )


def test_of_two_lists_the_one_of_this_dialect_is_read() -> None:
    """llama-server gives both, the other one in Ollama's form."""
    reply = json_reply('{"models":[{"name":"x","size":""}],"data":[{"id":"/models/tinker.gguf"}]}')
    assert API.models(reply) == (Model("/models/tinker.gguf", "tinker.gguf"),)


@pytest.mark.parametrize(
    ("model_id", "label"),
    [("C:\\m\\a.gguf", "a.gguf"), ("./m/a.gguf", "a.gguf"), ("meta/llama-3", "meta/llama-3")],
)
def test_a_model_whose_id_is_a_path_is_labelled_by_its_file(model_id: str, label: str) -> None:
    (model,) = API.models(json_reply(json.dumps({"data": [{"id": model_id}]})))
    assert (model.id, model.label) == (model_id, label)


def test_a_bare_list_and_an_empty_one_are_lists() -> None:
    assert API.models(json_reply('[{"id":"a"}]')) == (Model("a", "a"),)
    assert API.models(json_reply('{"data":[]}')) == ()


def test_a_reply_without_a_list_is_an_error() -> None:
    with pytest.raises(ApiError, match="no model list"):
        API.models(json_reply('{"choices":[]}'))


@pytest.mark.parametrize(
    ("base_url", "fix"),
    [
        ("http://127.0.0.1:11434/v1", "OLLAMA_ORIGINS=http://localhost:8000 ollama serve"),
        ("http://127.0.0.1:1234/v1", "lms server start --cors"),
        ("http://127.0.0.1:8080/v1", "--cors-origins http://localhost:8000"),
        ("http://127.0.0.1:8000/v1", "--allowed-origins '[\"http://localhost:8000\"]'"),
        ("http://127.0.0.1:4000", 'cors_allow_origins: ["http://localhost:8000"]'),
        ("https://example.org/v1", "Access-Control-Allow-Origin: http://localhost:8000"),
    ],
)
def test_the_cors_fix_is_that_of_the_server_with_this_port(base_url: str, fix: str) -> None:
    assert fix in API.cors_fix(connection(base_url), "http://localhost:8000")


def test_a_rejected_request_is_explained() -> None:
    problem = API.rejected("POST /v1/chat/completions")
    assert "is up" in problem.what
    assert problem.cause
    assert problem.fix
