"""Two tabs of the page: each shows what the other does, both stream, and neither overwrites the other."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.hosted_apis import ANSWER, MODEL, QUESTION, Hosted
from tests.browser.pages import BerthPage, ConversationList

SCRIPTED = "markdown-8000-at-2000"


def test_two_tabs_agree_stream_at_once_and_overwrite_nothing(hosted: Hosted, page_url: str) -> None:
    hosted.add_connected().choose()
    here = hosted.berth
    expect(hosted.ask()).to_contain_text(ANSWER)
    there = BerthPage(here.page.context.new_page(), page_url).open()
    mine, theirs = ConversationList(here.page), ConversationList(there.page)
    theirs.row(QUESTION).click()
    expect(there.chat.log).to_contain_text(ANSWER)

    theirs.rename(QUESTION, "Capitals")
    expect(mine.row("Capitals")).to_be_visible()
    mine.do("Pin", "Capitals")
    expect(theirs.groups.first).to_have_text("Pinned")
    expect(theirs.row("Capitals")).to_be_visible()

    here.chat.model.select_option(label=SCRIPTED)
    there.chat.model.select_option(label=MODEL)
    here.chat.ask("Tell me everything.")
    expect(here.chat.stop).to_be_visible()
    expect(there.chat.log).to_contain_text("Being answered in another tab")
    theirs.new.click()
    there.chat.model.select_option(label=SCRIPTED)
    there.chat.ask("And me too.")
    expect(there.chat.log.get_by_role("heading").first).to_be_visible()
    expect(here.chat.stop).to_be_visible()
    for tab in (here, there):
        expect(tab.chat.stop).to_be_hidden(timeout=60_000)

    expect(mine.links).to_have_text(["Capitals", "And me too."])
    words = here.chat.log.get_by_role("article").last.inner_text()
    theirs.row("Capitals").click()
    expect(there.chat.log.get_by_role("article")).to_have_count(4)
    there.reload()
    expect(there.chat.log.get_by_role("article")).to_have_count(4)
    assert len(words) > 1000
    mine.row("And me too.").click()
    expect(here.chat.log.get_by_role("article").last).to_contain_text("tokens")
