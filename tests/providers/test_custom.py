"""The custom provider: the requests that templates give, their preview, and what is read from replies."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.connections import Connection, Model
from app.core.deltas import Reply, Usage
from app.core.http import HttpReply
from app.core.problems import ApiError, InvalidInput
from app.providers.base import Capability
from app.providers.custom import MASK, Custom
from app.providers.custom_dialect import OPTION, CustomDialect
from app.providers.registry import provider_for
from tests.providers.asking import assistant, body_of, calm, system, user
from tests.providers.dialect_streams import CUSTOM_SSE
from tests.providers.replies import json_reply, page_reply, text_reply

CONNECTION = Connection("x", "custom", "Mine", "https://api.example/base", "the-secret-key")
TALK = [system("Be brief."), user("Hi"), assistant("Hello"), user('Say "x" \\ \n and {{model}}')]


def api(**fields: object) -> Custom:
    return Custom(CustomDialect(**fields))  # type: ignore[arg-type]


def test_without_a_dialect_it_asks_as_openai_does() -> None:
    request = Custom().chat_request(CONNECTION, "m", TALK, {"temperature": 0.5, "max_tokens": 9, "top_k": 1})
    assert (request.method, request.url) == ("POST", "https://api.example/base/v1/chat/completions")
    assert request.headers == {"Content-Type": "application/json", "Authorization": "Bearer the-secret-key"}
    sent = body_of(request)
    assert [message["role"] for message in sent["messages"]] == ["system", "user", "assistant", "user"]
    assert {name: value for name, value in sent.items() if name != "messages"} == {
        "model": "m",
        "temperature": 0.5,
        "max_tokens": 9,
        "stream": False,
    }


def test_each_placeholder_has_its_value() -> None:
    template = '{"p": {{prompt}}, "c": {{conversation}}, "s": {{system}}, "m": {{messages}}, "k": {{key}}}'
    sent = body_of(api(body=template, headers=()).chat_request(CONNECTION, "m", TALK, {}))
    assert sent["p"] == TALK[-1].text
    assert sent["c"] == f"user: Hi\nassistant: Hello\nuser: {TALK[-1].text}\nassistant:"
    assert (sent["s"], sent["k"]) == ("Be brief.", "the-secret-key")
    assert [message["role"] for message in sent["m"]] == ["user", "assistant", "user"]


def test_a_schema_and_tools_go_in_as_json() -> None:
    template = '{"p": {{prompt}}, "schema": {{json_schema}}, "tools": {{tools}}}'
    dialect = api(body=template)
    assert set(body_of(dialect.chat_request(CONNECTION, "m", TALK, {}))) == {"p"}
    parameters = {"json_schema": '{"type": "object"}', "tools": '[{"name": "f"}]'}
    sent = body_of(dialect.chat_request(CONNECTION, "m", TALK, parameters))
    assert sent["schema"] == {"type": "object"}
    assert sent["tools"][0]["function"]["name"] == "f"


def test_a_url_template_is_encoded_and_a_get_has_no_body() -> None:
    request = api(
        method="GET", path="/ask/{{model}}?q={{prompt}}&t={{temperature}}", headers=()
    ).chat_request(CONNECTION, "a/b", [user("ü & ?")], {"temperature": 1})
    assert request.url == "https://api.example/base/ask/a%2Fb?q=%C3%BC%20%26%20%3F&t=1"
    assert (request.method, request.body, request.headers) == ("GET", None, {})


def test_a_header_without_its_value_is_left_out() -> None:
    without_key = Connection("x", "custom", "Mine", "https://api.example")
    assert "Authorization" not in Custom().chat_request(without_key, "m", [user()], {}).headers


def test_a_header_cannot_be_broken_by_a_value() -> None:
    dialect = api(headers=(("X-Model", "{{model}}"),))
    with pytest.raises(InvalidInput, match="X-Model"):
        dialect.chat_request(CONNECTION, "m\r\nX-Evil: 1", [user()], {})


def test_the_content_type_can_be_another_one() -> None:
    headers = (
        api(headers=(("content-type", "text/plain"),)).chat_request(CONNECTION, "m", [user()], {}).headers
    )
    assert headers == {"content-type": "text/plain"}


def test_a_socket_gets_its_message_and_no_headers() -> None:
    dialect = api(stream="websocket", path="/ws", body='{"type": "chat", "key": {{key}}, "text": {{prompt}}}')
    request = dialect.chat_request(CONNECTION, "m", [user("Hi")], {})
    assert request.is_socket
    assert (request.url, request.headers) == ("wss://api.example/base/ws", {})
    assert body_of(request) == {"type": "chat", "key": "the-secret-key", "text": "Hi"}
    local = Connection("x", "custom", "Mine", "http://127.0.0.1:9")
    assert dialect.chat_request(local, "m", [user()], {}).url == "ws://127.0.0.1:9/ws"


def test_the_preview_is_the_very_request_without_the_key() -> None:
    dialect = api(body='{"k": {{key}}, "m": {{messages}}}')
    shown = dialect.preview(CONNECTION, "m", TALK, {})
    sent = dialect.chat_request(CONNECTION, "m", TALK, {})
    assert "the-secret-key" not in repr(shown)
    assert shown.headers["Authorization"] == f"Bearer {MASK}"
    assert (shown.url, shown.body) == (sent.url, (sent.body or b"").replace(b"the-secret-key", MASK.encode()))


@calm
@given(st.text(), st.text(), st.text())
def test_whatever_is_said_the_request_stays_with_its_host_and_is_json(
    model: str, text: str, said: str
) -> None:
    dialect = api(path="/{{model}}/{{prompt}}", body='{"a": {{prompt}}, "b": "x{{system}}y{{conversation}}"}')
    try:
        request = dialect.chat_request(CONNECTION, model, [system(said), user(text)], {})
    except InvalidInput:
        return
    assert request.origin == "https://api.example"
    assert request.url.startswith("https://api.example/base/")
    assert request.url.isascii()
    assert set(body_of(request)) == {"a", "b"} or not text.strip()


def test_the_usual_names_are_found_without_paths() -> None:
    reply = Custom().reply(json_reply('{"response": "Hello", "model": "m", "usage": {"total_tokens": 3}}'))
    assert (reply.text, reply.model, reply.usage) == ("Hello", "m", Usage(total_tokens=3))


def test_paths_say_where_things_stand() -> None:
    dialect = api(
        answer="out[*].t", reasoning="why", finish="end.why", prompt_tokens="n.in", completion_tokens="n.out"
    )
    value = (
        '{"out": [{"t": "Hel"}, {"t": "lo"}], "why": "Hm", "end": {"why": "limit"}, "n": {"in": 1, "out": 2}}'
    )
    assert dialect.reply(json_reply(value)) == Reply(
        "Hello", reasoning="Hm", usage=Usage(1, 2, 3), finish="limit"
    )


def test_an_answer_that_is_not_where_it_should_be_is_shown() -> None:
    assert '"other": 1' in api(answer="text").reply(json_reply('{"other": 1}')).raw


def test_a_plain_text_can_be_the_answer() -> None:
    assert api(answer="$").reply(text_reply("Hello")).text == "Hello"


def test_an_error_is_found_where_it_stands_with_any_status() -> None:
    dialect = api(error="fault.text")
    with pytest.raises(ApiError, match="It says: No such model"):
        dialect.reply(json_reply('{"fault": {"text": "No such model"}}'))
    assert (
        "No such model"
        in dialect.error(json_reply('{"fault": {"text": "No such model"}}', 404)).problem.details
    )
    assert dialect.reply(json_reply('{"fault": {"text": ""}, "text": "Hello"}')).text == "Hello"


@pytest.mark.parametrize("error", ["false", "null", "0", '""'])
def test_an_error_that_is_none_is_none(error: str) -> None:
    assert api(error="failed").reply(json_reply(f'{{"failed": {error}, "text": "Hello"}}')).text == "Hello"


def test_what_is_no_reply_is_an_error() -> None:
    with pytest.raises(ApiError, match="cannot be read"):
        Custom().reply(page_reply("<title>Welcome</title>", 200))


def test_a_stream_under_another_media_type_is_read() -> None:
    dialect = CUSTOM_SSE.provider
    assert isinstance(dialect, Custom)
    assert dialect.reply(HttpReply(200, {"content-type": "text/plain"}, CUSTOM_SSE.body)).text == "Hello 😀"
    assert dialect.decoder("application/json") is None


def test_an_error_within_a_stream_is_found() -> None:
    decoder = api(stream="sse", answer="t", error="e").decoder("text/event-stream")
    assert decoder is not None
    decoder.feed(b'data: {"t": "So"}\n\ndata: {"e": "gone"}\n\n')
    assert decoder.error is not None
    assert "gone" in decoder.error.problem.cause


def test_a_test_shows_the_raw_reply_beside_what_was_read() -> None:
    reading = api(answer="t").explain(json_reply('{"t": "Hello", "echo": "Bearer sk-secret-123456"}'))
    assert reading.reply is not None
    assert reading.reply.text == "Hello"
    assert '"t": "Hello"' in reading.raw
    assert "sk-secret-123456" not in reading.raw
    quoted = api(answer="t").explain(json_reply('{"t": "You sent odd-key-1"}'), "odd-key-1")
    assert "odd-key-1" not in quoted.raw
    broken = api(answer="t").explain(json_reply('{"error": "no"}', 500))
    assert broken.problem is not None
    assert broken.reply is None


def test_models_come_from_the_list_and_from_the_user() -> None:
    dialect = api(list_path="/list", models="all", model_id="key", known_models=("mine",))
    request = dialect.list_request(CONNECTION)
    assert (request.url, request.headers) == (
        "https://api.example/base/list",
        {"Authorization": "Bearer the-secret-key"},
    )
    listed = dialect.models(json_reply('{"all": [{"key": "a"}, "b", {"key": "a"}, {"no": 1}]}'))
    assert [model.id for model in listed] == ["mine", "a", "b"]
    assert dialect.known_models == (Model("mine", "mine"),)


def test_capabilities_and_parameters_are_those_of_the_dialect() -> None:
    plain = api(body='{"m": {{messages}}, "n": {{max_tokens}}}')
    assert plain.capabilities == {Capability.CHAT}
    assert [parameter.name for parameter in plain.parameters] == ["max_tokens"]
    full = api(stream="sse", list_path="/list")
    assert full.capabilities == {Capability.CHAT, Capability.STREAM, Capability.LIST}


def test_a_connection_brings_its_dialect_along() -> None:
    record = json.loads(json.dumps(CustomDialect(path="/mine").to_record()))
    connection = Connection("x", "custom", "Mine", "https://api.example", options={OPTION: record})
    found = provider_for(connection)
    assert isinstance(found, Custom)
    assert found.dialect.path == "/mine"
    with pytest.raises(InvalidInput):
        provider_for(Connection("x", "custom", "Mine", "https://api.example", options={OPTION: {"path": 1}}))


def test_health_is_the_list_or_any_answer() -> None:
    assert api(list_path="/list").is_healthy(json_reply('{"data": []}'))
    assert not api(list_path="/list").is_healthy(page_reply("<title>Welcome</title>", 200))
    assert Custom().health_request(CONNECTION).url == "https://api.example/base"
    assert Custom().is_healthy(text_reply("Not Found", 404))
    assert not Custom().is_healthy(text_reply("Bad Gateway", 502))
