"""The keyboard: every action has its keys, and the focus is never lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import PLACES, flaws
from tests.browser.local_apis import LocalApi
from tests.browser.pages import BerthPage
from tests.browser.pages.everyone import AppearanceSettings, CommandPalette, HelpSheet
from tests.browser.watch import Watch

alone = pytest.mark.usefixtures("no_local_api")


FOCUS_MARK = """() => {
  const active = document.activeElement;
  if (active === document.body) return null;
  const isMarked = (element) => {
    const style = element && getComputedStyle(element);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  };
  const card = active.closest("form.card");
  const around = [active, active.nextElementSibling, active.closest("label"), active.parentElement];
  return { shown: around.some(isMarked) || Boolean(card), html: active.outerHTML.slice(0, 120) };
}"""
"""The element that has the focus, and whether it shows: by an outline, or by the border of the composer around it."""


def title(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, level=1)


def go(berth: BerthPage, place: str) -> None:
    """Follow a link of the navigation, and wait until the focus has arrived."""
    berth.go(place)
    if place != "Chat":  # where the page is already
        expect(title(berth.page, place)).to_be_focused()


def leave_the_field(page: Page) -> None:
    """Go where no character is typed: to the conversation."""
    page.get_by_role("log", name="Conversation").focus()


@pytest.mark.parametrize(("key", "name"), [("2", "Models"), ("3", "Connections"), ("4", "Settings")])
def test_a_digit_goes_to_a_place_and_the_focus_to_its_title(
    kept_page: BerthPage, key: str, name: str
) -> None:
    leave_the_field(kept_page.page)
    kept_page.page.keyboard.press(key)
    expect(title(kept_page.page, name)).to_be_focused()


def test_in_the_chat_the_focus_goes_to_the_message(kept_page: BerthPage) -> None:
    go(kept_page, "Models")
    kept_page.page.keyboard.press("1")
    expect(kept_page.message).to_be_focused()


@pytest.mark.parametrize("place", PLACES[1:])
def test_a_link_of_the_navigation_brings_the_focus_to_its_place(kept_page: BerthPage, place: str) -> None:
    kept_page.page.get_by_role("navigation", name="Main").get_by_role("link", name=place).focus()
    kept_page.page.keyboard.press("Enter")
    expect(title(kept_page.page, place)).to_be_focused()


def test_characters_are_typed_where_somebody_types(kept_page: BerthPage) -> None:
    kept_page.message.press_sequentially("1234 mnpcytrus?")
    expect(kept_page.message).to_have_value("1234 mnpcytrus?")
    expect(HelpSheet(kept_page.page).dialog).to_be_hidden()
    expect(kept_page.page.locator("html")).to_have_attribute("data-theme", "system")


def test_the_help_sheet_opens_and_gives_the_focus_back(kept_page: BerthPage) -> None:
    leave_the_field(kept_page.page)
    sheet = HelpSheet(kept_page.page)
    kept_page.page.keyboard.press("?")
    expect(sheet.dialog).to_be_visible()
    expect(sheet.dialog).to_contain_text("Stop the answer")
    kept_page.page.keyboard.press("Escape")
    expect(sheet.dialog).to_be_hidden()
    expect(kept_page.chat.log).to_be_focused()


def test_the_help_sheet_opens_from_the_settings(kept_page: BerthPage) -> None:
    go(kept_page, "Settings")
    button = AppearanceSettings(kept_page.page).show_shortcuts
    button.click()
    sheet = HelpSheet(kept_page.page)
    sheet.close.click()
    expect(sheet.dialog).to_be_hidden()
    expect(button).to_be_focused()


@alone
def test_the_help_sheet_is_accessible_and_fits(berth: BerthPage, page: Page) -> None:
    berth.open()
    leave_the_field(page)
    page.keyboard.press("?")
    expect(HelpSheet(page).dialog).to_be_visible()
    assert flaws(page) == []


@alone
def test_single_keys_can_be_switched_off(berth: BerthPage, page: Page) -> None:
    berth.open("#/settings")
    settings = AppearanceSettings(page)
    settings.single_keys.uncheck()
    title(page, "Settings").focus()
    page.keyboard.press("2")
    page.keyboard.press("?")
    expect(HelpSheet(page).dialog).to_be_hidden()
    CommandPalette(page).run("shortcuts")
    expect(HelpSheet(page).dialog).to_contain_text("switched off in the settings")
    page.keyboard.press("Escape")
    expect(title(page, "Settings")).to_be_visible()


def test_no_key_acts_behind_a_dialog(kept_page: BerthPage) -> None:
    leave_the_field(kept_page.page)
    kept_page.page.keyboard.press("?")
    expect(HelpSheet(kept_page.page).dialog).to_be_visible()
    kept_page.page.keyboard.press("4")
    kept_page.page.keyboard.press("Control+k")
    expect(CommandPalette(kept_page.page).dialog).to_be_hidden()
    kept_page.page.keyboard.press("Escape")
    expect(kept_page.chat.log).to_be_visible()


@pytest.mark.parametrize("place", PLACES)
def test_the_skip_link_leads_into_the_place(kept_page: BerthPage, place: str) -> None:
    go(kept_page, place)
    kept_page.page.evaluate("document.activeElement.blur()")
    kept_page.page.evaluate("getSelection().removeAllRanges()")
    skip = kept_page.page.get_by_role("link", name="Skip to the content")
    skip.focus()
    kept_page.page.keyboard.press("Enter")
    expect(kept_page.message if place == "Chat" else title(kept_page.page, place)).to_be_focused()
    assert kept_page.page.url.endswith(f"#/{place.lower()}")


def test_every_stop_of_the_tab_key_is_visible_and_has_a_mark(kept_page: BerthPage) -> None:
    for place in PLACES:
        go(kept_page, place)
        skip = kept_page.page.get_by_role("link", name="Skip to the content")
        skip.focus()
        seen = 0
        while seen < 60:
            kept_page.page.keyboard.press("Tab")
            seen += 1
            stop = kept_page.page.evaluate(FOCUS_MARK)
            if not stop:
                break
            assert stop["shown"], f"{place}: no mark on {stop['html']}"
        assert 4 < seen < 60


def test_after_deleting_a_model_the_focus_is_on_the_next_ones_button(
    docked: BerthPage, api: LocalApi
) -> None:
    for name in ("a.gguf", "b.gguf", "c.gguf"):
        api.add_model(name)
    docked.open_connected("#/models")
    delete = delete_by_keyboard(docked)
    delete("b.gguf")
    expect(docked.models.table.get_by_role("button", name="Delete c.gguf")).to_be_focused()
    delete("c.gguf")
    expect(docked.models.table.get_by_role("button", name="Delete a.gguf")).to_be_focused()
    delete("a.gguf")
    expect(title(docked.page, "Models")).to_be_focused()


def delete_by_keyboard(docked: BerthPage) -> Callable[[str], None]:
    def delete(name: str) -> None:
        button = docked.models.table.get_by_role("button", name=f"Delete {name}")
        button.focus()
        docked.page.keyboard.press("Enter")
        docked.dialog.get_by_role("button", name="Delete").focus()
        docked.page.keyboard.press("Enter")
        expect(docked.models.row(name)).to_have_count(0)

    return delete


def test_a_question_that_is_called_off_gives_the_focus_back(docked: BerthPage, api: LocalApi) -> None:
    api.add_model("a.gguf")
    docked.open_connected("#/models")
    button = docked.models.table.get_by_role("button", name="Delete a.gguf")
    button.focus()
    docked.page.keyboard.press("Enter")
    expect(docked.dialog).to_be_visible()
    docked.page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_a_button_that_is_busy_keeps_the_focus(docked: BerthPage, api: LocalApi) -> None:
    api.add_model("a.gguf")
    docked.open_connected("#/models")
    docked.models.sync.focus()
    docked.page.keyboard.press("Enter")
    expect(docked.news.filter(has_text="in step with the server")).to_be_visible()
    expect(docked.models.sync).to_be_focused()


def test_checking_again_keeps_the_focus_on_the_button(docked: BerthPage, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("ERR_CONNECTION_REFUSED")
    docked.open_connected("#/models")
    docked.page.wait_for_load_state("networkidle")
    api.server.stop()
    docked.open("#/models")
    again = docked.models.region.get_by_role("button", name="Check again")
    again.focus()
    docked.page.keyboard.press("Enter")
    docked.page.wait_for_timeout(1_500)
    expect(again).to_be_focused()


def test_escape_stops_the_answer_from_the_message_field(docked: BerthPage, api: LocalApi) -> None:
    api.add_model()
    api.server.set_faults({"generate-delay": 30})
    docked.open_connected()
    docked.chat.ask("Anybody there?")
    expect(docked.chat.stop).to_be_visible()
    docked.message.focus()
    docked.page.keyboard.press("Escape")
    expect(docked.chat.stop).to_be_hidden()
    expect(docked.message).to_be_focused()


def test_stopping_with_the_button_leaves_the_focus_in_the_composer(docked: BerthPage, api: LocalApi) -> None:
    api.add_model()
    api.server.set_faults({"generate-delay": 30})
    docked.open_connected()
    docked.chat.ask("Anybody there?")
    docked.chat.stop.focus()
    docked.page.keyboard.press("Enter")
    expect(docked.chat.stop).to_be_hidden()
    expect(docked.message).to_be_focused()


def test_a_dismissed_notice_gives_the_focus_to_the_place(docked: BerthPage, api: LocalApi) -> None:
    api.add_model("a.gguf")
    docked.open_connected("#/models")
    docked.models.sync.click()
    dismiss = docked.page.get_by_role("button", name="Dismiss")
    dismiss.focus()
    docked.page.keyboard.press("Enter")
    expect(dismiss).to_have_count(0)
    expect(title(docked.page, "Models")).to_be_focused()


def test_the_model_can_be_chosen_by_keys_from_anywhere(docked: BerthPage, api: LocalApi) -> None:
    api.add_model("a.gguf")
    api.add_model("b.gguf")
    docked.open_connected("#/models")
    expect(docked.models.row("b.gguf")).to_be_visible()
    title(docked.page, "Models").focus()
    docked.page.keyboard.press("c")
    expect(docked.chat.model).to_be_focused()


def test_the_parameters_open_and_close_by_key(docked: BerthPage) -> None:
    docked.open_connected()
    leave_the_field(docked.page)
    docked.page.keyboard.press("p")
    expect(docked.chat.parameters).to_be_visible()
    docked.page.keyboard.press("p")
    expect(docked.chat.parameters).to_be_hidden()


def test_answers_are_announced_in_sentences(docked: BerthPage, api: LocalApi) -> None:
    """A log is a live region by itself, which would say every piece: it is silent, and another one speaks."""
    name = api.add_model().removesuffix(".gguf")
    docked.open_connected()
    expect(docked.chat.log).to_have_attribute("aria-live", "off")
    docked.chat.ask("What is the capital of France?")
    answer = docked.chat.answers(name)
    expect(answer.get_by_role("button", name="Copy")).to_be_visible()
    expect(docked.announced).not_to_have_count(0)
    for sentence in docked.announced.all_inner_texts():
        expect(answer).to_contain_text(sentence)
