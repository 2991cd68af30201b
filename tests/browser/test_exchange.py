"""Exports and imports in the page: what goes out comes back, and keys only under their passphrase."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Browser, expect

from tests.browser.accessibility import flaws
from tests.browser.contexts import new_context
from tests.browser.hosted_apis import ANSWER, KEY, NAME, QUESTION, Hosted
from tests.browser.local_apis import LocalApi, Profiles
from tests.browser.pages import BerthPage, ConversationList, DataPanel, PromptLibrary
from tests.browser.watch import Watch
from tests.core.exchange.test_foreign import CAKE, LIGHTHOUSES

PASSPHRASE = "correct horse battery staple"


def conversations(text: str) -> list[dict[str, Any]]:
    """Those of a file, by title."""
    return sorted(json.loads(text)["conversations"], key=lambda one: str(one["title"]))


def test_everything_moves_to_another_browser_and_keys_only_with_the_passphrase(
    hosted: Hosted, api: LocalApi, chromium: Browser, profiles: Profiles, watch: Watch, page_url: str
) -> None:
    watch.expect_error("broken.json cannot be read.")
    watch.expect_error("ends too early")
    page = hosted.add_connected().choose().berth.page
    expect(hosted.ask()).to_contain_text(ANSWER)
    hosted.berth.go("Settings")
    data, library = DataPanel(page), ConversationList(page)
    PromptLibrary(page).new.click()
    PromptLibrary(page).write("terse", "Answer in one sentence.")
    data.import_text("conversations.json", json.dumps([LIGHTHOUSES]))
    expect(library.row("About lighthouses")).to_be_visible()
    data.import_text("chat-export.json", json.dumps([CAKE]))
    expect(library.row("A cake")).to_be_visible()
    data.import_text("broken.json", '{"conversations": [')
    expect(hosted.berth.problems.filter(has_text="broken.json cannot be read.")).to_be_visible()

    markdown = library.export("Markdown", QUESTION)
    assert QUESTION in markdown
    assert ANSWER in markdown
    (one,) = conversations(library.export("JSON", QUESTION))
    assert [message["text"] for message in one["messages"]] == [QUESTION, ANSWER]
    assert KEY not in data.export_all()
    data.export_keys.click()
    assert flaws(hosted.berth.page) == []
    page.keyboard.press("Escape")
    file = data.export_sealed(PASSPHRASE)
    assert not any(secret in file for secret in (KEY, NAME, hosted.server.base_url))

    with new_context(chromium, watch, profiles.pointed_at(api.server.base_url)) as elsewhere:
        there = BerthPage(elsewhere.new_page(), page_url).open("#/settings")
        moved = DataPanel(there.page)
        moved.import_text("berth.json", file)
        moved.answer("something else")
        expect(moved.dialog).to_contain_text("This is not the passphrase.")
        moved.answer(PASSPHRASE)
        expect(there.news.filter(has_text="1 connection added.")).to_be_visible()
        expect(PromptLibrary(there.page).rows).to_contain_text(["/terse"])
        assert conversations(moved.export_all()) == conversations(file)
        there.go("Connections")
        expect(there.connections.row(NAME)).to_contain_text("Connected, 5 models")
        there.page.get_by_role("link", name=QUESTION).click()
        expect(there.chat.log).to_contain_text(ANSWER)
        there.chat.ask("What is the capital of Japan?")
        expect(there.chat.log.get_by_role("article").last).to_contain_text("Tokyo")
