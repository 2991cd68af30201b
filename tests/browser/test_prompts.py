"""The prompt library, its slash menu, and presets, in the page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.accessibility import flaws, violations
from tests.browser.local_apis import LocalApi
from tests.browser.pages import BerthPage, Presets, PromptLibrary, SlashMenu
from tests.browser.pages.everyone import CommandPalette

TEMPLATE = "Translate into {{language}}:\n\n{{text}}"


def test_a_prompt_is_written_found_with_a_slash_and_filled_in(docked: BerthPage) -> None:
    page, message = docked.open().page, docked.message
    library, slash = PromptLibrary(page), SlashMenu(page)
    message.press_sequentially("/")
    expect(slash.marked).to_have_text("New prompt")
    message.press("Enter")
    library.write("Translate this", TEMPLATE)
    expect(message).to_have_value("/")
    message.press_sequentially("tr")
    expect(slash.marked).to_contain_text("/translate-this")
    message.press("ArrowDown")
    expect(slash.marked).to_have_text("New prompt")
    message.press("ArrowDown")
    message.press("Tab")
    filling = page.get_by_role("dialog", name="/translate-this")
    expect(filling.get_by_role("textbox", name="language")).to_be_focused()
    page.keyboard.type("Dutch")
    page.keyboard.press("Escape")
    expect(message).to_have_value("/tr")
    message.press("Enter")
    expect(filling.get_by_role("textbox", name="language")).to_have_value("Dutch")
    page.keyboard.press("Enter")
    expect(message).to_be_focused()
    expect(message).to_have_value("Translate into Dutch:\n\n{{text}}")
    expect(slash.box).to_be_hidden()
    message.fill("/t")
    expect(slash.box).to_be_visible()
    message.press("Escape")
    expect(slash.box).to_be_hidden()
    message.press_sequentially("r")
    expect(slash.box).to_be_hidden()


def test_the_library_is_searched_changed_and_restored_in_every_tab(docked: BerthPage, page_url: str) -> None:
    docked.open("#/settings")
    library = PromptLibrary(docked.page)
    for name, text in (("terse", "Answer in one sentence."), ("review", "Review this code.")):
        library.new.click()
        library.write(name, text)
    other = PromptLibrary(BerthPage(docked.page.context.new_page(), page_url).open("#/settings").page)
    expect(other.rows).to_have_count(2)
    library.press("Edit", "terse")
    library.name.fill("review")
    library.save.click()
    expect(library.dialog).to_contain_text("There is “review” already.")
    other.press("Edit", "terse")
    other.text.fill("Answer in two words.")
    library.write("short", "Answer briefly.")
    other.name.fill("brief")
    other.save.click()
    expect(other.dialog).to_contain_text("This was changed in another tab at the same moment.")
    other.save.click()
    expect(library.rows.first).to_contain_text("/brief")
    library.search.fill("two words")
    expect(library.rows).to_have_count(1)
    library.press("Delete", "brief")
    expect(library.region).to_contain_text("Nothing found")
    expect(other.rows).to_have_count(1)
    docked.page.get_by_role("button", name="Undo").click()
    expect(other.rows).to_have_count(2)
    CommandPalette(docked.page).run("brief")
    expect(docked.message).to_have_value("Answer in two words.")


def test_presets_are_saved_applied_updated_renamed_and_deleted(docked: BerthPage, api: LocalApi) -> None:
    api.add_model()
    page = docked.open_connected().page
    presets, chat = Presets(page), docked.chat
    chat.open_parameters()
    chat.set_parameter("Temperature", "0.2")
    presets.do("Save as preset")
    presets.name_it("Careful")
    expect(presets.chosen).to_have_text("Careful")
    chat.set_parameter("Temperature", "0.9")
    expect(presets.chosen).to_have_text("Careful (changed)")
    presets.choice.select_option(label="Careful (changed)")
    presets.choice.select_option(label="No preset")
    expect(chat.parameter("Temperature")).to_have_value("")
    page.get_by_role("button", name="Undo").click()
    expect(chat.parameter("Temperature")).to_have_value("0.9")
    presets.do("Save as preset")
    presets.name_it("Free")
    presets.choice.select_option(label="Careful")
    expect(chat.parameter("Temperature")).to_have_value("0.2")
    chat.set_parameter("Temperature", "0.3")
    presets.do("Update “Careful”")
    expect(presets.chosen).to_have_text("Careful")
    presets.do("Rename preset")
    presets.name_it("Exact")
    chat.ask("What is the capital of France?")
    expect(chat.log).to_contain_text("Paris")
    docked.reload()
    chat.open_parameters()
    expect(presets.chosen).to_have_text("Exact")
    presets.do("Delete preset")
    expect(presets.choice.get_by_role("option", name="Exact")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(presets.chosen).to_have_text("Exact")


def test_every_view_of_them_is_accessible_and_fits(docked: BerthPage) -> None:
    page = docked.open("#/settings").page
    library, slash = PromptLibrary(page), SlashMenu(page)
    library.new.click()
    found = flaws(docked.page)
    library.write("a-prompt-with-a-name-that-goes-on-and-on-and-on", f"{TEMPLATE} and on {'and on ' * 60}")
    found += flaws(docked.page)
    docked.go("Chat")
    docked.chat.open_parameters()
    found += flaws(docked.page)
    docked.chat.open_parameters()
    docked.message.press_sequentially("/")
    expect(slash.box).to_be_visible()
    found += flaws(docked.page)
    docked.message.press("Enter")
    found += flaws(docked.page)
    page.keyboard.press("Escape")
    docked.chat.open_parameters()
    page.get_by_role("button", name="Preset actions").click()
    found += violations(page)
    Presets(page).menu_item("Save as preset").click()
    found += flaws(docked.page)
    assert found == []


def test_what_is_typed_survives_a_slip_on_escape(docked: BerthPage) -> None:
    page: Page = docked.open("#/settings").page
    library = PromptLibrary(page)
    library.new.click()
    library.text.fill("A long prompt")
    page.keyboard.press("Escape")
    expect(library.dialog).to_be_hidden()
    library.new.click()
    expect(library.text).to_have_value("A long prompt")
