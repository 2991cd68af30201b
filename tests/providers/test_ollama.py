"""The dialect of Ollama: what is sent, and what is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.core.connections import Connection, Model
from app.core.deltas import Reply, ToolCallDelta, Usage
from app.core.http import HttpReply
from app.core.messages import PromptMessage
from app.core.problems import ApiError, InvalidInput
from app.core.remote_models import LoadedModel, ModelDetails, PullProgress
from app.providers.ollama import Ollama
from tests.providers.asking import PIXEL, SCHEMA, TOOLS, body_of, system, user
from tests.providers.dialect_streams import OLLAMA, lines
from tests.providers.replies import json_reply, page_reply, text_reply

API = Ollama()
CONNECTION = Connection("o", "ollama", "Ollama", "http://127.0.0.1:11434")


def body(*messages: PromptMessage, **parameters: Any) -> dict[str, Any]:
    sent: dict[str, Any] = body_of(API.chat_request(CONNECTION, "m", messages or (user("Hi"),), parameters))
    return sent


def problem(message: str, status: int = 500) -> str:
    return API.error(json_reply(json.dumps({"error": message}), status)).problem.what


def test_only_the_content_type_is_sent() -> None:
    request = API.chat_request(CONNECTION, "m", [user()], {})
    assert (request.url, request.headers) == (
        "http://127.0.0.1:11434/api/chat",
        {"Content-Type": "application/json"},
    )
    assert API.health_request(CONNECTION).headers == {}


def test_a_proxy_before_it_gets_the_key() -> None:
    with_key = Connection("o", "ollama", "Ollama", "https://ollama.example", "secret-key")
    assert API.list_request(with_key).headers == {"Authorization": "Bearer secret-key"}


def test_the_plainest_request_holds_the_messages_only() -> None:
    assert body(system("Be brief."), user("Hi")) == {
        "model": "m",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
        "stream": True,
    }


def test_options_stand_apart_from_what_is_no_option() -> None:
    sent = body(temperature=0.5, num_predict=9, num_ctx=2048, stop=("a",), keep_alive=" 10m ", think="HIGH")
    assert sent["options"] == {"temperature": 0.5, "num_predict": 9, "num_ctx": 2048, "stop": ["a"]}
    assert (sent["keep_alive"], sent["think"]) == ("10m", "high")


@pytest.mark.parametrize(("typed", "sent"), [("true", True), ("Off", False), ("low", "low")])
def test_think_is_a_switch_or_a_level(typed: str, sent: bool | str) -> None:
    assert body(think=typed)["think"] == sent


@pytest.mark.parametrize(("typed", "sent"), [("0", 0), ("-1", -1), ("300", 300), ("2h", "2h")])
def test_keep_alive_is_a_number_or_a_time(typed: str, sent: int | str) -> None:
    assert body(keep_alive=typed)["keep_alive"] == sent


def test_images_are_base64_without_their_type() -> None:
    assert body(user("What?", PIXEL))["messages"] == [
        {"role": "user", "content": "What?", "images": ["iVBORw0KGgo="]}
    ]


def test_a_schema_and_tools_have_ollamas_form() -> None:
    sent = body(json_schema=SCHEMA, tools=TOOLS)
    assert sent["format"] == json.loads(SCHEMA)
    function = {"name": "weather", "description": "Tells the weather.", "parameters": json.loads(SCHEMA)}
    assert sent["tools"] == [{"type": "function", "function": function}]


def test_without_a_question_or_a_model_nothing_is_sent() -> None:
    with pytest.raises(InvalidInput, match="nothing to ask"):
        API.chat_request(CONNECTION, "m", [], {})
    for request in (API.pull_request, API.delete_request, API.details_request, API.load_request):
        with pytest.raises(InvalidInput, match="No model"):
            request(CONNECTION, " ")


def test_a_whole_chat_is_read() -> None:
    chat = {
        "model": "m:latest",
        "message": {
            "content": "Hello",
            "thinking": "Hm",
            "tool_calls": [{"function": {"name": "f", "arguments": '{"a": 1}'}}],
        },
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": 3,
        "eval_count": 4,
    }
    assert API.reply(json_reply(json.dumps(chat))) == Reply(
        "Hello",
        reasoning="Hm",
        model="m:latest",
        usage=Usage(3, 4, 7),
        finish="tool_calls",
        calls=(ToolCallDelta(0, "", "f", '{"a": 1}'),),
    )


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
def test_a_stream_under_another_media_type_is_read(media_type: str) -> None:
    assert API.reply(HttpReply(200, {"content-type": media_type}, OLLAMA.body)).text == "Hello 😀"


def test_an_answer_of_unknown_shape_is_shown() -> None:
    assert '"answer": 42' in API.reply(json_reply('{"answer": 42}')).raw


def test_what_is_no_reply_of_ollama_is_an_error() -> None:
    with pytest.raises(ApiError):
        API.reply(page_reply("<title>Welcome</title>", 200))
    with pytest.raises(ApiError):
        API.reply(text_reply(""))


def test_models_are_listed_with_their_size() -> None:
    listed = '{"models": [{"name": "m:latest", "model": "m:latest", "modified_at": "2026-11-20", "size": 9}]}'
    assert API.models(json_reply(listed)) == (Model("m:latest", "m:latest", 9, "", "2026-11-20"),)
    with pytest.raises(ApiError, match="gave no model list"):
        API.models(json_reply('{"ok": true}'))


def test_what_is_in_memory_is_told() -> None:
    listed = '{"models": [{"name": "m", "size": 9, "size_vram": 5, "expires_at": "2026"}, {"size": 1}, 7]}'
    assert API.loaded(json_reply(listed)) == (LoadedModel("m", 9, 5, "2026"),)
    with pytest.raises(ApiError, match="gave no model list"):
        API.loaded(json_reply("{}"))


def test_a_model_is_described() -> None:
    shown = {
        "details": {"family": "qwen3", "parameter_size": "4B", "quantization_level": "Q4_K_M"},
        "model_info": {"general.architecture": "qwen3", "qwen3.context_length": 40960},
        "capabilities": ["completion", "tools", 7],
        "template": "{{ .Prompt }}",
        "license": "MIT",
    }
    read = ModelDetails("qwen3", "4B", "Q4_K_M", 40960, ("completion", "tools"), "{{ .Prompt }}", "MIT")
    assert API.details(json_reply(json.dumps(shown))) == read
    assert API.details(json_reply("{}")) == ModelDetails()


def test_vectors_are_read() -> None:
    assert API.vectors(json_reply('{"embeddings": [[1, 2.5]]}')) == ((1.0, 2.5),)
    with pytest.raises(ApiError, match="no vectors"):
        API.vectors(json_reply('{"embeddings": []}'))


def test_deleting_and_unloading_say_what_is_meant() -> None:
    delete = API.delete_request(CONNECTION, "m")
    assert (delete.method, delete.url, body_of(delete)) == (
        "DELETE",
        "http://127.0.0.1:11434/api/delete",
        {"model": "m"},
    )
    API.check(HttpReply(200, {}, b""))
    assert body_of(API.unload_request(CONNECTION, "m")) == {"model": "m", "keep_alive": 0, "stream": False}
    assert body_of(API.load_request(CONNECTION, "m")) == {"model": "m", "stream": False}


PULL = lines(
    {"status": "pulling manifest"},
    {"status": "pulling aa", "digest": "sha256:aa", "total": 100},
    {"status": "pulling aa", "digest": "sha256:aa", "total": 100, "completed": 40},
    {"status": "pulling bb", "digest": "sha256:bb", "total": 10, "completed": 10},
    {"status": "pulling aa", "digest": "sha256:aa", "total": 100, "completed": 100},
    {"status": "verifying sha256 digest"},
    {"status": "success"},
)


def test_a_download_tells_how_far_it_is_over_all_parts() -> None:
    decoder = API.pull_decoder()
    news = [one for line in PULL.splitlines(keepends=True) for one in decoder.feed(line)]
    assert [(one.received, one.total) for one in news] == [
        (0, 0), (0, 100), (40, 100), (50, 110), (110, 110), (110, 110), (110, 110)
    ]  # fmt: skip
    assert decoder.done
    assert news[-1] == PullProgress("success", 110, 110)


def test_much_news_at_once_is_told_in_short() -> None:
    decoder = API.pull_decoder()
    assert [one.status for one in decoder.feed(PULL)] == [
        "pulling manifest",
        "pulling aa",
        "pulling bb",
        "verifying sha256 digest",
        "success",
    ]


def test_a_download_cut_at_every_byte_says_the_same() -> None:
    for cut in range(len(PULL)):
        decoder = API.pull_decoder()
        news = [*decoder.feed(PULL[:cut]), *decoder.feed(PULL[cut:]), *decoder.finish()]
        assert (news[-1], decoder.done, decoder.error) == (PullProgress("success", 110, 110), True, None)


def test_a_download_that_breaks_off_is_not_done() -> None:
    decoder = API.pull_decoder()
    decoder.feed(PULL[: PULL.index(b"verifying")])
    decoder.finish()
    assert (decoder.done, decoder.error) == (False, None)


def test_an_error_within_a_download_ends_it() -> None:
    decoder = API.pull_decoder()
    decoder.feed(lines({"status": "pulling manifest"}, {"error": "pull model manifest: file does not exist"}))
    assert decoder.error is not None
    assert "library does not have this model" in decoder.error.problem.what


@pytest.mark.parametrize(
    ("message", "status", "what"),
    [
        ("model 'x' not found", 404, "does not have this model"),
        ('model "x" not found, try pulling it first', 404, "does not have this model"),
        ('"m" does not support thinking', 400, "cannot do that: thinking"),
        ("registry.ollama.ai/library/m does not support tools", 400, "cannot do that: tools"),
        ("model requires more system memory (9 GiB) than is available (3 GiB)", 500, "does not fit"),
        ("llama runner process has terminated: exit status 2", 500, "could not run"),
        ("server busy, please try again. maximum pending requests exceeded", 503, "is busy"),
        ("dial tcp: lookup registry.ollama.ai: no such host", 500, "did not reach its library"),
        ("something else", 500, "failed on this request"),
    ],
)
def test_errors_say_what_the_user_can_do(message: str, status: int, what: str) -> None:
    assert what in problem(message, status)


def test_the_command_for_a_model_that_is_missing_can_be_copied() -> None:
    assert API.error(json_reply('{"error": "model \'qwen3:4b\' not found"}', 404)).problem.snippet == (
        "ollama pull qwen3:4b"
    )


def test_a_bare_403_is_about_the_origin() -> None:
    assert "refuses pages of this origin" in API.error(HttpReply(403)).problem.what


def test_health_is_a_version() -> None:
    assert API.is_healthy(json_reply('{"version": "0.13.0"}'))
    assert not API.is_healthy(json_reply('{"status": "ok"}'))
    assert not API.is_healthy(page_reply("<title>Welcome</title>", 200))


def test_the_origin_can_be_allowed() -> None:
    assert (
        API.cors_fix(CONNECTION, "https://berth.example")
        == "OLLAMA_ORIGINS=https://berth.example ollama serve"
    )
    assert API.rejected("POST /api/chat").fix
