"""The command palette: Ctrl+K, a few letters, Enter."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import flaws
from tests.browser.local_apis import LocalApi
from tests.browser.pages import BerthPage
from tests.browser.pages.everyone import CommandPalette

alone = pytest.mark.usefixtures("no_local_api")


@pytest.fixture
def palette(kept_page: BerthPage) -> CommandPalette:
    """The palette of the page, not open yet."""
    return CommandPalette(kept_page.page)


def test_it_opens_while_somebody_types_and_leaves_the_text_alone(
    kept_page: BerthPage, palette: CommandPalette
) -> None:
    kept_page.message.fill("half a sent")
    palette.open()
    palette.field.press_sequentially("xyz")
    palette.page.keyboard.press("Escape")
    expect(palette.dialog).to_be_hidden()
    expect(kept_page.message).to_be_focused()
    expect(kept_page.message).to_have_value("half a sent")


def test_the_same_keys_close_it(kept_page: BerthPage, palette: CommandPalette) -> None:
    palette.open()
    palette.page.keyboard.press("Control+k")
    expect(palette.dialog).to_be_hidden()
    expect(kept_page.message).to_be_focused()


def test_it_opens_empty_each_time(kept_page: BerthPage, palette: CommandPalette) -> None:
    palette.open().field.fill("theme")
    palette.page.keyboard.press("Escape")
    palette.open()
    expect(palette.field).to_have_value("")


def test_a_few_letters_and_enter_run_a_command(kept_page: BerthPage, palette: CommandPalette) -> None:
    palette.run("go set")
    expect(kept_page.page.get_by_role("heading", name="Settings", level=1)).to_be_focused()


def test_the_best_fit_is_marked(kept_page: BerthPage, palette: CommandPalette) -> None:
    palette.open().field.fill("models")
    expect(palette.marked).to_have_count(1)
    expect(palette.marked).to_contain_text("Go to Models")


def test_arrows_move_the_mark_around(kept_page: BerthPage, palette: CommandPalette) -> None:
    keyboard = palette.open().page.keyboard
    expect(palette.options.first).to_have_attribute("aria-selected", "true")
    keyboard.press("ArrowUp")
    expect(palette.options.last).to_have_attribute("aria-selected", "true")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    expect(palette.options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(palette.marked).to_have_count(1)


def test_the_field_tells_screen_readers_what_is_marked(kept_page: BerthPage, palette: CommandPalette) -> None:
    palette.open().page.keyboard.press("ArrowDown")
    marked = palette.marked.get_attribute("id")
    expect(palette.field).to_have_attribute("aria-activedescendant", str(marked))
    expect(palette.field).to_have_attribute("aria-expanded", "true")


def test_nothing_found_is_said_and_enter_does_nothing(kept_page: BerthPage, palette: CommandPalette) -> None:
    palette.open().field.fill("qqq")
    expect(palette.dialog).to_contain_text("Nothing fits “qqq”.")
    palette.page.keyboard.press("Enter")
    expect(palette.dialog).to_be_visible()
    expect(palette.options).to_have_count(0)


def test_a_click_runs_a_command(kept_page: BerthPage, palette: CommandPalette) -> None:
    palette.open().options.filter(has_text="Go to Models").click()
    expect(kept_page.page.get_by_role("heading", name="Models", level=1)).to_be_visible()


def test_a_click_beside_it_closes_it(kept_page: BerthPage, palette: CommandPalette) -> None:
    palette.open().page.mouse.click(5, 5)
    expect(palette.dialog).to_be_hidden()


def test_what_makes_no_sense_now_is_not_offered(kept_page: BerthPage, palette: CommandPalette) -> None:
    palette.open()
    for name in ("Stop the answer", "Copy the last answer", "Regenerate the last answer", "Sync the models"):
        expect(palette.options.filter(has_text=name)).to_have_count(0)
    expect(palette.options.filter(has_text="New conversation")).to_have_count(1)


@alone
def test_it_is_accessible_and_fits(berth: BerthPage, page: Page) -> None:
    berth.open()
    palette = CommandPalette(page).open()
    assert flaws(page) == []
    palette.field.fill("qqq")
    assert flaws(page) == []


def test_on_a_phone_it_fits(kept_page: BerthPage, palette: CommandPalette) -> None:
    kept_page.page.set_viewport_size({"width": 390, "height": 844})
    palette.open()
    box = palette.dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


@alone
def test_the_theme_is_switched_from_what_it_is(berth: BerthPage, page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    berth.open()
    palette = CommandPalette(page)
    palette.run("light and dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    palette.run("light and dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_files_can_be_chosen_from_anywhere(docked: BerthPage) -> None:
    docked.open_connected()
    palette = CommandPalette(docked.page)
    with docked.page.expect_file_chooser():
        palette.run("upload")
    expect(docked.models.region).to_be_visible()


def test_the_models_are_synced_from_anywhere(docked: BerthPage, api: LocalApi) -> None:
    docked.open_connected()
    api.add_model("late.gguf")
    CommandPalette(docked.page).run("sync")
    docked.go("Models")
    expect(docked.models.row("late.gguf")).to_be_visible()


def test_the_last_answer_is_regenerated_and_copied(docked: BerthPage, api: LocalApi) -> None:
    name = api.add_model()
    docked.open_connected()
    docked.chat.ask("What is the capital of France?")
    answers = docked.chat.answers(name.removesuffix(".gguf"))
    expect(answers.get_by_role("button", name="Copy")).to_be_visible()
    docked.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    palette = CommandPalette(docked.page)
    palette.run("copy last")
    expect(docked.news.filter(has_text="Copied.")).to_be_visible()
    assert docked.page.evaluate("navigator.clipboard.readText()")
    docked.go("Models")
    palette.run("regenerate")
    expect(answers.last.get_by_text("2 of 2")).to_be_visible()
    expect(answers.last.get_by_role("button", name="Copy")).to_be_visible()
    assert len(api.server.requests("/generate", "POST")) == 2
