"""The chat with the local API: parameters, stopping, failures that lose nothing, and answers that are hostile."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.local_apis import MODEL, LocalApi
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch

QUESTION = "What is the capital of France?"
ANSWER = "The capital of France is Paris."
OTHER_QUESTION = "What is the capital of Japan?"


@pytest.fixture
def chat(docked: BerthPage, api: LocalApi) -> BerthPage:
    """The page at the chat, with one model that is chosen."""
    api.add_model()
    docked.open_connected()
    expect(docked.chat.model.locator("option:checked")).to_have_text(MODEL.name)
    return docked


def last_answer(berth: BerthPage) -> Locator:
    return berth.chat.answers(MODEL.stem).last


def asked(api: LocalApi) -> list[dict[str, Any]]:
    """The bodies of the requests for an answer, oldest first."""
    return [json.loads(seen["body"]) for seen in api.server.requests("/generate", "POST")]


def test_parameters_that_are_not_set_are_left_out(chat: BerthPage, api: LocalApi) -> None:
    chat.chat.ask(QUESTION)
    expect(last_answer(chat)).to_contain_text(ANSWER)
    assert asked(api) == [{"question": QUESTION, "model_name": MODEL.name}]


def test_parameters_show_the_defaults_of_the_server(chat: BerthPage) -> None:
    chat.chat.open_parameters()
    for label, default in (("GPU layers", "40"), ("Batch size", "512"), ("Temperature", "0.6")):
        field = chat.chat.parameter(label)
        expect(field).to_have_attribute("placeholder", f"{default} (server's default)")
        expect(field).to_be_empty()


def test_parameters_that_are_set_are_sent(chat: BerthPage, api: LocalApi) -> None:
    chat.chat.open_parameters()
    chat.chat.set_parameter("GPU layers", "0")
    chat.chat.set_parameter("Batch size", "256")
    chat.chat.set_parameter("Temperature", "0,2")
    chat.chat.set_parameter("Prompt template", "Question: {question} Answer:")
    chat.chat.ask(QUESTION)
    expect(last_answer(chat)).to_contain_text("token")
    assert asked(api) == [
        {
            "question": QUESTION,
            "model_name": MODEL.name,
            "template": "Question: {question} Answer:",
            "n_gpu_layers": 0,
            "n_batch": 256,
            "temperature": 0.2,
        }
    ]


def test_parameters_survive_a_reload(chat: BerthPage) -> None:
    chat.chat.open_parameters()
    chat.chat.set_parameter("Temperature", "0.2")
    chat.go("Settings")
    chat.reload()
    chat.go("Chat")
    chat.chat.open_parameters()
    expect(chat.chat.parameter("Temperature")).to_have_value("0.2")


WRONG = [
    ("GPU layers", "many", "GPU layers is not a whole number."),
    ("GPU layers", "-2", "It goes from -1 to ∞."),
    ("Batch size", "1.5", "Batch size is not a whole number."),
    ("Batch size", "0", "Batch size is out of bounds."),
    ("Temperature", "warm", "Temperature is not a number."),
    ("Temperature", "3", "It goes from 0 to 2."),
    ("Prompt template", "Answer briefly.", "Prompt template does not contain {question}."),
]


def test_a_wrong_parameter_is_explained_and_nothing_is_sent(chat: BerthPage, api: LocalApi) -> None:
    chat.chat.open_parameters()
    for label, typed, said in WRONG:
        field = chat.chat.set_parameter(label, typed)
        expect(chat.chat.parameters).to_contain_text(said)
        expect(field).to_have_attribute("aria-invalid", "true")
        chat.chat.ask(QUESTION)
        expect(chat.chat.problem).to_contain_text(said)
        expect(chat.chat.message).to_have_value(QUESTION)
        expect(field).to_be_focused()
        chat.chat.set_parameter(label, "")
        expect(field).not_to_have_attribute("aria-invalid", "true")
    assert asked(api) == []


def test_stop_ends_the_wait_and_the_next_question_is_answered(chat: BerthPage, api: LocalApi) -> None:
    api.server.set_faults({"generate-delay": 60})
    chat.chat.ask(QUESTION)
    expect(last_answer(chat)).to_contain_text("Waiting for the answer")
    chat.chat.stop.click()
    expect(last_answer(chat)).to_contain_text("Stopped")
    expect(chat.chat.send).to_be_visible()
    api.server.set_faults({})
    chat.chat.ask(OTHER_QUESTION)
    expect(last_answer(chat)).to_contain_text("Tokyo")


def test_a_question_asked_meanwhile_waits_for_the_answer_before_it(chat: BerthPage, api: LocalApi) -> None:
    api.server.set_faults({"generate-delay": 60})
    chat.chat.ask(QUESTION)
    expect(chat.chat.stop).to_be_visible()
    chat.chat.ask(OTHER_QUESTION)
    expect(chat.chat.message).to_have_value(OTHER_QUESTION)
    expect(chat.chat.questions).to_have_count(1)
    api.server.set_faults({})
    expect(chat.chat.questions).to_have_text([QUESTION, OTHER_QUESTION])
    expect(chat.chat.answers(MODEL.stem)).to_contain_text([ANSWER, "Tokyo"])
    expect(chat.chat.message).to_be_empty()


def test_a_failed_answer_keeps_the_question_and_is_tried_again(
    chat: BerthPage, api: LocalApi, watch: Watch
) -> None:
    watch.expect_error("500")
    api.server.set_faults({"status": "generate:500"})
    chat.chat.ask(QUESTION)
    expect(last_answer(chat).get_by_role("alert")).to_contain_text(
        "The local API could not generate an answer."
    )
    expect(chat.chat.questions).to_have_text(QUESTION)
    api.server.set_faults({})
    chat.chat.try_again(last_answer(chat))
    expect(last_answer(chat)).to_contain_text(ANSWER)
    expect(chat.chat.questions).to_have_count(1)


def test_a_server_that_is_killed_while_it_thinks_is_named(
    chat: BerthPage, api: LocalApi, watch: Watch
) -> None:
    watch.expect_error("net::ERR")
    api.server.set_faults({"generate-stall": True})
    chat.chat.ask(QUESTION)
    api.server.wait_for_request("/generate", "POST")
    api.server.kill()
    expect(last_answer(chat).get_by_role("alert")).to_contain_text("is not reachable")
    expect(chat.local_api).to_have_text("Not reachable")
    api.server.start()
    expect(chat.local_api).to_have_text("Connected")
    chat.chat.try_again(last_answer(chat))
    expect(last_answer(chat)).to_contain_text(ANSWER)


def test_an_answer_that_breaks_off_is_named(chat: BerthPage, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("net::ERR")
    api.server.set_faults({"generate-stop": True})
    chat.chat.ask(QUESTION)
    expect(last_answer(chat).get_by_role("alert")).to_contain_text("The answer of Local API broke off.")
    expect(chat.chat.questions).to_have_text(QUESTION)


REPLIES = {
    "html": "What answered is not a reply of the local API.",
    "truncated": "The local API's reply cannot be read.",
    "empty": "The local API answered with nothing.",
    "huge": "The local API answered with nothing.",
}


def test_a_reply_that_is_none_is_explained(chat: BerthPage, api: LocalApi) -> None:
    for number, (kind, said) in enumerate(REPLIES.items()):
        api.server.set_faults({"garbage": f"generate:{kind}"})
        chat.chat.ask(QUESTION)
        answer = chat.chat.answers(MODEL.stem).nth(number)
        expect(answer.get_by_role("alert")).to_contain_text(said)
        expect(answer.get_by_role("button", name="Try again")).to_be_visible()


def test_a_reply_of_unknown_form_is_shown_whole(chat: BerthPage, api: LocalApi) -> None:
    api.server.set_faults({"garbage": "generate:shape"})
    chat.chat.ask(QUESTION)
    expect(last_answer(chat)).to_contain_text("The reply has a form that Berth does not know.")
    expect(last_answer(chat)).to_contain_text('"payload"')


@pytest.mark.parametrize("variant", ["g1-shipped"])
def test_an_error_that_nobody_can_read_is_explained_by_what_usually_causes_it(
    chat: BerthPage, api: LocalApi, watch: Watch
) -> None:
    watch.expect_error("blocked by CORS policy")
    watch.expect_error("net::ERR_FAILED")
    chat.chat.open_parameters()
    chat.chat.set_parameter("Prompt template", "{question} {unknown}")
    chat.chat.ask(QUESTION)
    problem = last_answer(chat).get_by_role("alert")
    expect(problem).to_contain_text("The local API is up, but gave no readable answer to this request.")
    expect(problem).to_contain_text("a template with a wrong placeholder")
    expect(problem).to_contain_text("LOG_API_CALLS=false")
    expect(chat.local_api).to_have_text("Connected")


@pytest.mark.parametrize("variant", ["doc", "g1", "g2"])
def test_a_template_that_the_server_cannot_fill_in_is_explained(
    chat: BerthPage, api: LocalApi, watch: Watch
) -> None:
    watch.expect_error("500")
    chat.chat.open_parameters()
    chat.chat.set_parameter("Prompt template", "{question} {unknown}")
    chat.chat.ask(QUESTION)
    problem = last_answer(chat).get_by_role("alert")
    expect(problem).to_contain_text("The template names something that the server cannot fill in: {unknown}")


@pytest.mark.parametrize("variant", ["g1"])
def test_a_question_that_is_too_long_is_explained(chat: BerthPage, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("500")
    chat.chat.ask("word " * 700)
    problem = last_answer(chat).get_by_role("alert")
    expect(problem).to_contain_text("The question is too long for this model on this server.")
    expect(problem).to_contain_text("512 tokens")


def test_a_model_that_has_gone_is_named(chat: BerthPage, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("404")
    (api.folder / MODEL.name).unlink()
    chat.chat.ask(QUESTION)
    problem = last_answer(chat).get_by_role("alert")
    expect(problem).to_contain_text("The local API does not find the model that was chosen.")


def test_a_new_conversation_begins_empty(chat: BerthPage) -> None:
    chat.chat.ask(QUESTION)
    expect(last_answer(chat)).to_contain_text(ANSWER)
    chat.page.get_by_role("button", name="New conversation").click()
    expect(chat.chat.questions).to_have_count(0)
    expect(chat.chat.message).to_be_focused()


HOSTILE = {
    "an image that fails": '<img src="x" onerror="globalThis.harm = 1">',
    "an image elsewhere": "![](http://attacker.invalid/pixel.png)",
    "a script": "<script>globalThis.harm = 1</script>",
    "a frame": '<iframe srcdoc="<script>parent.harm = 1</script>"></iframe>',
    "a drawing": '<svg onload="globalThis.harm = 1"><script>globalThis.harm = 1</script></svg>',
    "a link that runs": "[press](javascript:globalThis.harm=1)",
    "a link in HTML": '<a href="javascript:globalThis.harm=1" onclick="globalThis.harm = 1">press</a>',
    "a form": '<form action="http://attacker.invalid/"><input name="key"><button>Send</button></form>',
    "a style": "<style>* { display: none }</style>",
    "a name that hides one of the page": '<b id="composer" name="getElementById">x</b>',
}


def test_a_hostile_answer_does_nothing(chat: BerthPage, api: LocalApi) -> None:
    texts = iter(HOSTILE.values())

    def answer(route: Route) -> None:
        headers = {"Access-Control-Allow-Origin": "*"}
        route.fulfill(json={"success": True, "response": f"{next(texts)}\n\nThe end."}, headers=headers)

    chat.page.route(f"{api.server.base_url}/generate", answer)
    for number, kind in enumerate(HOSTILE):
        chat.chat.ask(kind)
        said = chat.chat.answers(MODEL.stem).nth(number)
        expect(said).to_contain_text("The end.")
        for link in said.get_by_role("link").all():
            if not (link.get_attribute("href") or "").startswith(
                "http"
            ):  # to go there is for the user to decide
                link.click()
        assert chat.page.evaluate("globalThis.harm") is None, kind
        active = "script, iframe, object, embed, form, style, [onerror], [onload], [onclick]"
        expect(chat.chat.log.locator(active), kind).to_have_count(0)
        expect(chat.page.locator("#composer"), kind).to_have_count(1)
