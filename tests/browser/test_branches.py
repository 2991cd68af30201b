"""Branches in the page: regenerating, editing and continuing, and stepping through what came of it."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.hosted_apis import ANSWER, MODEL, QUESTION, Hosted

SLOW = "markdown-8000-at-200"
OTHER = "What is the capital of Japan?"


def press(message: Locator, button: str) -> None:
    message.get_by_role("button", name=button).click()


def test_an_answer_is_regenerated_and_a_question_edited_and_every_version_stays(hosted: Hosted) -> None:
    hosted.add_connected().choose()
    chat = hosted.berth.chat
    answer, question = chat.log.get_by_role("article").last, chat.questions.last
    expect(hosted.ask()).to_contain_text(ANSWER)
    press(answer, "Regenerate")
    expect(answer).to_contain_text("2 of 2")
    expect(answer).to_contain_text(ANSWER)
    press(question, "Edit")
    question.get_by_role("textbox", name="Edit").fill(OTHER)
    press(question, "Send")
    expect(question).to_contain_text("2 of 2")
    expect(answer).to_contain_text("Tokyo")
    press(question, "Previous version")
    expect(question).to_contain_text("1 of 2")
    expect(answer).to_contain_text("Paris")
    expect(answer).to_contain_text("2 of 2")
    hosted.berth.reload()
    expect(question).to_contain_text(QUESTION)
    press(question, "Next version")
    expect(answer).to_contain_text("Tokyo")


def test_a_stopped_answer_stays_and_is_continued(hosted: Hosted) -> None:
    hosted.add_connected().choose(SLOW)
    chat = hosted.berth.chat
    answer = chat.log.get_by_role("article").last
    chat.ask("Tell me everything.")
    expect(answer.get_by_role("heading").first).to_be_visible()
    chat.stop.click()
    expect(answer).to_contain_text("Stopped")
    first = answer.locator(".prose").inner_text()
    hosted.choose(MODEL)
    press(answer, "Continue")
    expect(answer).to_contain_text("2 of 2")
    expect(chat.stop).to_be_hidden()
    assert answer.locator(".prose").inner_text().startswith(first[:200])
    press(answer, "Previous version")
    expect(answer).to_contain_text("Stopped")
