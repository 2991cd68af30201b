"""The context of a model: how much of it is in use, and what no longer fits is told before it is left out."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import expect

from tests.browser.accessibility import flaws
from tests.browser.hosted_apis import KEY, NAME, QUESTION, Hosted

SMALL = "markdown-30-at-0"
"""A scripted model, which answers with 30 tokens; the user writes down how much it reads."""


def add_with_small_model(hosted: Hosted) -> None:
    """Add the connection by hand, with a model of 500 tokens and its prices."""
    hosted.berth.go("Connections")
    connections = hosted.berth.connections
    connections.add_button.click()
    connections.form.fill(NAME, hosted.server.base_url, KEY, "OpenAI-compatible")
    connections.form.write_down(SMALL, context="500", price_in="1", price_out="2")
    connections.form.finish()
    hosted.choose(SMALL)


def said(number: int) -> str:
    """A message of about 110 tokens."""
    return f"Message {number}: " + "word " * 100


def sent(hosted: Hosted) -> list[dict[str, Any]]:
    """The messages of the last request."""
    last = hosted.server.requests("/chat/completions", "POST")[-1]
    messages: list[dict[str, Any]] = json.loads(last["body"])["messages"]
    return messages


def test_the_api_tells_the_context_and_the_gauge_shows_what_is_in_use(hosted: Hosted) -> None:
    chat = hosted.add_connected().choose().berth.chat
    chat.message.fill(QUESTION)
    gauge = hosted.berth.page.get_by_role("meter", name="Context in use")
    expect(gauge).to_be_visible()
    expect(chat.message.locator("xpath=ancestor::form")).to_contain_text("of 1k")


def test_what_no_longer_fits_is_told_and_not_sent(hosted: Hosted) -> None:
    add_with_small_model(hosted)
    berth, chat = hosted.berth, hosted.berth.chat
    chat.open_parameters()
    chat.set_parameter("System prompt", "Be brief.")
    berth.page.keyboard.press("Escape")
    for number in (1, 2):
        chat.ask(said(number))
        expect(chat.answers(SMALL)).to_have_count(number)
        expect(chat.answers(SMALL).last).to_contain_text("30 tokens")
    note = chat.log.get_by_role("note")
    expect(note).to_have_count(0)

    # told while it is written, where it is written and where the conversation is cut
    chat.message.fill(said(3))
    told = "The first 2 messages no longer fit this model's context and are not sent."
    expect(berth.page.get_by_role("status").filter(has_text=told)).to_be_visible()
    expect(note).to_contain_text(told)
    expect(chat.log.locator("[role=note] + article")).to_contain_text("Message 2:")
    assert flaws(berth.page) == []

    chat.message.press("Enter")
    answer = chat.answers(SMALL).last
    expect(chat.answers(SMALL)).to_have_count(3)
    expect(answer).to_contain_text("30 tokens")
    expect(answer).to_contain_text("without the first 2 messages")
    assert [one["content"][:10] for one in sent(hosted) if one["role"] != "assistant"] == [
        "Be brief.",
        "Message 2:",
        "Message 3:",
    ]

    # the same answer tells what it cost: 10 tokens read, 30 written
    expect(answer).to_contain_text("cost 0.00007")
    berth.reload()
    expect(chat.answers(SMALL).last).to_contain_text("without the first 2 messages")
