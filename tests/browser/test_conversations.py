"""The list of conversations in the page: dates, names, copies, deletion with a way back, and the search."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from playwright.sync_api import expect

from app.core.conversations import Conversation
from tests.browser.accessibility import flaws
from tests.browser.local_apis import LocalApi
from tests.browser.pages import BerthPage, ConversationList, DataPanel
from tests.core.conversing import tree
from tests.core.exchange.files import exported

DAY = 86_400.0


def talk(title: str, said: str, days_ago: float) -> Conversation:
    """A conversation that was last touched so long ago."""
    moment = time.time() - days_ago * DAY
    made = tree((f"{title}-q", None), (f"{title}-a", f"{title}-q"))
    messages = {
        key: replace(one, text=f"{said} ({key})", created=moment) for key, one in made.messages.items()
    }
    return replace(made, id=title, title=title, created=moment, updated=moment, messages=messages)


TALKS = (
    talk("Lighthouses", "They show the way by a Fresnel lens", 0),
    talk("Tides", "The moon pulls", 1),
    talk("Knots", "A bowline never slips", 4),
    talk("Anchors", "An anchor holds by its chain", 20),
    talk("Whales", "They sing", 400),
)


def test_conversations_stand_by_date_and_are_changed_copied_deleted_restored_and_found(
    docked: BerthPage, api: LocalApi
) -> None:
    api.add_model()
    page = docked.open_connected("#/settings").page
    library = ConversationList(page)
    DataPanel(page).import_text("berth.json", exported(*TALKS))
    expect(docked.news.filter(has_text="5 conversations imported.")).to_be_visible()
    expect(library.links).to_have_text([one.title for one in TALKS])
    groups = ["Today", "Yesterday", "Previous 7 days", "Previous 30 days", re.compile(r"^\w+ \d{4}$")]
    expect(library.groups).to_have_text(groups)
    assert flaws(docked.page) == []

    library.rename("Knots", "Knots and bends")
    library.do("Pin", "Whales")
    expect(library.groups.first).to_have_text("Pinned")
    expect(library.links.first).to_have_text("Whales")
    library.do("Duplicate", "Tides")
    expect(library.open_one).to_have_text("Tides (copy)")
    expect(docked.chat.log).to_contain_text("The moon pulls")
    library.do("Delete", "Tides (copy)")
    expect(library.row("Tides (copy)")).to_have_count(0)
    expect(docked.chat.log).not_to_contain_text("The moon pulls")
    page.get_by_role("button", name="Undo").click()
    expect(library.row("Tides (copy)")).to_be_visible()

    library.search.fill("fresnel lens")
    expect(library.links).to_have_count(1)
    expect(library.found).to_have_text("Fresnel")
    library.search.fill("nothing says this")
    expect(library.rows).to_contain_text("Nothing found")
    library.search.fill("anch")
    library.row("Anchors").click()
    expect(docked.chat.questions).to_contain_text("An anchor holds by its chain")
    library.search.fill("")
    library.new.click()
    expect(docked.chat.questions).to_have_count(0)
    expect(docked.message).to_be_focused()
    docked.chat.ask("What is the capital of France?")
    expect(docked.chat.log).to_contain_text("Paris")
    expect(library.open_one).to_have_text("What is the capital of France?")

    docked.reload()
    expect(docked.chat.log).to_contain_text("Paris")
    titles = ["Whales", "What is the capital of France?", "Lighthouses"]
    expect(library.links).to_have_count(7)
    expect(library.links.filter(has_text=re.compile("|".join(map(re.escape, titles))))).to_have_text(titles)
    expect(library.row("Knots and bends")).to_be_visible()
