"""Theme, text size and motion: they follow the system, and what the user sets holds from the first paint on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.accessibility import PLACES, faint, sticking_out, violations
from tests.browser.pages import BerthPage
from tests.browser.pages.everyone import AppearanceSettings

pytestmark = pytest.mark.usefixtures("no_local_api")

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}

AS_IT_WAS = """() => {
  document.documentElement.removeAttribute("dir");
  document.documentElement.style.removeProperty("--scale");
}"""
"""Takes back what the tests of the page's sizes do to it."""


@pytest.fixture
def settings(berth: BerthPage, page: Page) -> AppearanceSettings:
    """The settings of a page that was just opened there."""
    berth.open("#/settings")
    return AppearanceSettings(page)


def is_dark(page: Page) -> bool:
    """Whether what is painted is dark."""
    paper = str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
    red, green, blue = (int(part) for part in paper[4:-1].split(",")[:3])
    return red + green + blue < 3 * 128


def letter_height(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))


def test_the_theme_follows_the_system(berth: BerthPage, page: Page) -> None:
    berth.open()
    page.emulate_media(color_scheme="dark")
    assert is_dark(page)
    page.emulate_media(color_scheme="light")
    assert not is_dark(page)


@pytest.mark.parametrize(("name", "expected"), [("Dark", True), ("Light", False)])
def test_a_chosen_theme_holds_at_once_and_against_the_system(
    settings: AppearanceSettings, page: Page, name: str, expected: bool
) -> None:
    page.emulate_media(color_scheme="light" if expected else "dark")
    settings.choose("Theme", name)
    assert is_dark(page) is expected


def test_what_is_chosen_is_there_before_python(
    settings: AppearanceSettings, berth: BerthPage, page: Page
) -> None:
    settings.choose("Theme", "Dark")
    settings.choose("Text size", "Large")
    settings.choose("Motion", "Reduced")
    page.route("**/pyodide.asm.wasm", lambda _route: None)  # never answered
    berth.open_early()
    expect(berth.boot_bar).to_be_visible()
    root = page.locator("html")
    expect(root).to_have_attribute("data-state", "booting")
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("data-text-size", "large")
    expect(root).to_have_attribute("data-motion", "reduced")
    assert is_dark(page)


def test_what_is_chosen_is_shown_in_the_settings_after_a_reload(
    settings: AppearanceSettings, berth: BerthPage
) -> None:
    settings.choose("Theme", "Dark")
    settings.choose("Text size", "Small")
    berth.reload()
    expect(settings.option("Theme", "Dark")).to_be_checked()
    expect(settings.option("Text size", "Small")).to_be_checked()


def test_text_sizes_grow_from_small_to_larger(settings: AppearanceSettings, page: Page) -> None:
    heights: list[float] = []
    for name in ("Small", "Normal", "Large", "Larger"):
        settings.choose("Text size", name)
        heights.append(letter_height(page))
    assert heights == sorted(heights)
    assert heights[0] >= 12
    assert heights[-1] >= 1.45 * heights[1]


def test_a_chosen_text_size_goes_with_that_of_the_browser(settings: AppearanceSettings, page: Page) -> None:
    """The factor is on top of what the browser is set to, not in its place."""
    normal = letter_height(page)
    settings.choose("Text size", "Larger")
    assert letter_height(page) == pytest.approx(1.5 * normal)


def durations(page: Page) -> set[str]:
    found = page.evaluate("""() => ["--quick", "--calm"].map((name) =>
      getComputedStyle(document.documentElement).getPropertyValue(name).split(" ")[0])""")
    return set(found)


def test_less_motion_stops_transitions(settings: AppearanceSettings, page: Page) -> None:
    assert durations(page) == {"120ms", "200ms"} or durations(page) == {".12s", ".2s"}
    settings.choose("Motion", "Reduced")
    assert durations(page) == {"0s"}


def test_the_system_can_ask_for_less_motion(berth: BerthPage, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    berth.open()
    assert durations(page) == {"0s"}


@pytest.mark.parametrize("copy", ["{", "[]", '"x"', "7", '{"theme": 5, "language": 3}', "null"])
def test_a_damaged_copy_does_no_harm(berth: BerthPage, page: Page, copy: str) -> None:
    page.evaluate("copy => localStorage.setItem('berth.appearance', copy)", copy)
    berth.open()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_another_tab_starts_with_what_was_chosen_here(
    settings: AppearanceSettings, berth: BerthPage, page: Page
) -> None:
    settings.choose("Theme", "Dark")
    berth.reload()
    other = BerthPage(page.context.new_page(), berth.url).open()
    assert is_dark(other.page)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def sized(request: pytest.FixtureRequest, kept_page: BerthPage) -> BerthPage:
    """The page at its settings, in a window of one of the two sizes, with letters of the normal size."""
    kept_page.page.set_viewport_size(request.param)
    kept_page.page.emulate_media(reduced_motion="reduce")
    kept_page.page.evaluate(AS_IT_WAS)
    kept_page.go("Settings")
    AppearanceSettings(kept_page.page).choose("Text size", "Normal")
    return kept_page


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("size", ["Normal", "Larger"])
def test_axe_finds_nothing(sized: BerthPage, theme: str, size: str) -> None:
    settings = AppearanceSettings(sized.page)
    settings.choose("Theme", theme)
    settings.choose("Text size", size)
    for place in PLACES:
        sized.go(place)
        found = faint(sized.page) if theme == "Dark" else violations(sized.page)
        assert (place, found) == (place, [])


@pytest.mark.parametrize("size", ["Small", "Large", "Larger"])
def test_no_text_size_makes_the_page_wider_than_the_window(sized: BerthPage, size: str) -> None:
    AppearanceSettings(sized.page).choose("Text size", size)
    for place in PLACES:
        sized.go(place)
        assert (place, sticking_out(sized.page)) == (place, [])


def test_the_page_holds_at_twice_the_size(sized: BerthPage) -> None:
    """As when the browser's own text size is 200 %: success criterion 1.4.4 of WCAG 2.2."""
    sized.page.evaluate("document.documentElement.style.setProperty('--scale', '2')")
    for place in PLACES:
        sized.go(place)
        assert (place, sticking_out(sized.page)) == (place, [])
    sized.go("Chat")
    expect(sized.send).to_be_in_viewport(ratio=1)
    expect(sized.message).to_be_in_viewport()


def test_right_to_left_the_page_is_mirrored_and_fits(sized: BerthPage) -> None:
    sized.page.evaluate("document.documentElement.dir = 'rtl'")
    for place in PLACES:
        sized.go(place)
        assert (place, sticking_out(sized.page)) == (place, [])
    sized.go("Chat")
    middle = sized.page.viewport_size["width"] / 2  # type: ignore[index]
    send = sized.send.bounding_box()
    assert send is not None
    assert send["x"] + send["width"] / 2 < middle
    if middle > 390:
        side = sized.page.get_by_role("navigation", name="Main").bounding_box()
        assert side is not None
        assert side["x"] > middle
