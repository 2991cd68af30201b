"""One prompt to several models: their answers stream next to each other, and the best one is kept."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.accessibility import flaws
from tests.browser.hosted_apis import ANSWER, MODEL, MODEL_ON_THE_PAGE, QUESTION, Hosted
from tests.browser.local_apis import LocalApi
from tests.browser.watch import Watch

SLOW = "markdown-8000-at-200"
LONG = "markdown-32000-at-200"


def test_answers_stream_next_to_each_other_and_one_is_kept(hosted: Hosted) -> None:
    chat = hosted.add_connected().choose().berth.chat
    for model in (SLOW, LONG):
        chat.add_rival(model)
    chat.ask(QUESTION)
    expect(chat.sides.get_by_role("article")).to_have_count(3)
    expect(chat.side(MODEL_ON_THE_PAGE)).to_contain_text(ANSWER)
    boxes = [chat.side(model).bounding_box() for model in (MODEL_ON_THE_PAGE, SLOW, LONG)]
    assert len({box["y"] for box in boxes if box}) == 1
    assert [box["x"] for box in boxes if box] == sorted(box["x"] for box in boxes if box)

    # each one ends on its own
    for model in (SLOW, LONG):
        expect(chat.side(model).get_by_role("heading").first).to_be_visible()
    chat.stop_one(SLOW)
    expect(chat.side(SLOW)).to_contain_text("Stopped")
    expect(hosted.berth.announced.last).to_have_text(f"The answer of {SLOW} was stopped.")
    expect(chat.side(LONG).get_by_role("button", name=f"Stop {LONG}")).to_be_visible()
    chat.stop.click()
    expect(chat.side(LONG)).to_contain_text("Stopped")
    expect(chat.send).to_be_visible()

    # all of it is there after a reload
    hosted.berth.reload()
    expect(chat.sides.get_by_role("article")).to_have_count(3)
    expect(chat.side(SLOW)).to_contain_text("Stopped")
    expect(chat.rivals.get_by_role("combobox")).to_have_count(2)

    # the kept one is the branch, the others are its alternatives; by keyboard
    chat.side(SLOW).get_by_role("button", name="Keep this answer").focus()
    hosted.berth.page.keyboard.press("Enter")
    expect(chat.sides).to_have_count(0)
    expect(chat.answers(SLOW)).to_contain_text("2 of 3")
    chat.answers(SLOW).get_by_role("button", name="Side by side").click()
    expect(chat.sides.get_by_role("article")).to_have_count(3)

    # the next prompt goes on from the kept one
    for place in (3, 2):
        chat.rivals.get_by_role("button", name=f"Remove model {place}").click()
    expect(chat.compare).to_be_focused()
    chat.ask("What is the capital of Japan?")
    expect(chat.answers(MODEL_ON_THE_PAGE).last).to_contain_text("tokens/s")
    expect(chat.sides).to_have_count(0)
    expect(chat.answers(SLOW)).to_contain_text("2 of 3")


def test_up_to_four_models_answer_and_everybody_can_use_it(hosted: Hosted) -> None:
    chat = hosted.add_connected().choose().berth.chat
    for _ in range(2):
        chat.add_rival(MODEL)
    chat.log.focus()
    hosted.berth.page.keyboard.press("v")
    expect(chat.rivals.get_by_role("combobox")).to_have_count(3)
    chat.rivals.get_by_role("combobox").last.select_option(label=MODEL)
    expect(chat.compare).to_have_attribute("aria-disabled", "true")
    chat.ask(QUESTION)
    expect(chat.sides.get_by_role("article")).to_have_count(4)
    for number in range(4):
        expect(chat.sides.get_by_role("article").nth(number)).to_contain_text(ANSWER)
    expect(chat.send).to_be_visible()
    assert flaws(hosted.berth.page) == []


def test_an_error_in_one_column_leaves_the_others_alone(hosted: Hosted, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("500")
    api.add_model("local.gguf")
    hosted.add_connected()
    hosted.berth.go("Models")
    hosted.berth.models.sync.click()
    chat = hosted.choose().berth.chat
    chat.add_rival("local.gguf")
    api.server.set_faults({"status": "generate:500"})
    chat.ask(QUESTION)
    failed = chat.side("local")
    expect(failed.get_by_role("alert")).to_contain_text("The local API could not generate an answer.")
    expect(chat.side(MODEL_ON_THE_PAGE)).to_contain_text(ANSWER)

    # and is mended in its place
    api.server.set_faults({})
    failed.get_by_role("button", name="Try again").click()
    expect(failed).to_contain_text(ANSWER)
    expect(chat.sides.get_by_role("article")).to_have_count(2)


def test_a_second_prompt_waits_or_goes_to_a_conversation_of_its_own(hosted: Hosted) -> None:
    chat = hosted.add_connected().choose(SLOW).berth.chat
    chat.ask("Tell me everything.")
    expect(chat.answers(SLOW).get_by_role("heading").first).to_be_visible()
    chat.model.select_option(label=MODEL)
    chat.ask(QUESTION)
    expect(chat.waiting).to_be_visible()
    hosted.berth.page.get_by_role("button", name="Send in a new conversation").click()
    expect(chat.questions).to_have_text(QUESTION)
    expect(chat.answers(MODEL_ON_THE_PAGE)).to_contain_text(ANSWER)

    # the first one goes on meanwhile
    conversations = hosted.berth.page.get_by_role("navigation", name="Conversations")
    conversations.get_by_role("link", name="Tell me everything.").click()
    expect(chat.stop).to_be_visible()
    chat.stop.click()
    expect(chat.answers(SLOW)).to_contain_text("Stopped")
