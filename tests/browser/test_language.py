"""The language of the page: the reader's own where there is one, everywhere on the page, from the first paint on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core.text.de import TEXTS as GERMAN
from app.core.text.en import TEXTS as ENGLISH
from tests.browser.conftest import LOCAL_API
from tests.browser.contexts import new_context
from tests.browser.local_apis import LocalApi, Profiles
from tests.browser.pages import START_MS, BerthPage
from tests.browser.pages.everyone import AppearanceSettings
from tests.browser.warm_tab import WarmTab
from tests.browser.watch import Watch

FRAGMENTS = ("#/chat", "#/models", "#/connections", "#/settings")

SAID = """() => {
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest("[aria-hidden=true]");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const said = [];
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (parentElement.closest("script, style, noscript, mpy-config, option, svg") || !seen(parentElement)) continue;
    said.push(textContent.trim());
  }
  for (const e of document.querySelectorAll("[aria-label], [title], [placeholder], option, [alt]")) {
    if (!seen(e.closest("select") ?? e)) continue;
    said.push(...["aria-label", "title", "placeholder", "alt"].map((name) => e.getAttribute(name)));
    if (e.matches("option")) said.push(e.textContent);
  }
  return said.filter(Boolean);
}"""
"""Everything that the page says to eyes and to screen readers, as it is now."""

OPEN_ALL = "() => document.querySelectorAll('details').forEach((e) => e.setAttribute('open', ''))"


def is_telling(text: str) -> bool:
    """Whether a text with gaps has enough words of its own to be recognised when they are filled."""
    return "{" not in text or len(re.sub(r"\{\w+\}|[^a-zA-Z]", "", text)) > 7


def pattern(text: str) -> re.Pattern[str]:
    """Matches what a text looks like with its gaps filled."""
    parts = re.split(r"\{\w+\}", text)
    return re.compile(".+".join(re.escape(part) for part in parts), re.DOTALL)


GERMAN_TEXTS = set(GERMAN.values())
ENGLISH_ONLY = [pattern(text) for text in ENGLISH.values() if text not in GERMAN_TEXTS and is_telling(text)]


def english_in(page: Page) -> set[str]:
    """What the page says that is a text of the English catalogue and none of the German one."""
    page.evaluate(OPEN_ALL)
    said = set(page.evaluate(SAID))
    assert said
    return {text for text in said if any(one.fullmatch(text) for one in ENGLISH_ONLY)}


@pytest.fixture(scope="module")
def german_tab(chromium: Browser, page_url: str) -> Iterator[WarmTab]:
    """The tab of a German browser."""
    tab = WarmTab(chromium, page_url, locale="de-AT")
    yield tab
    tab.throw_away()


@pytest.fixture
def german(german_tab: WarmTab, watch: Watch, page_url: str) -> Iterator[BerthPage]:
    """The page in a German browser, without a local API; nothing is loaded yet."""
    watch.allow_host(LOCAL_API)
    with german_tab.lent(watch) as context:
        context.route(f"{LOCAL_API}/**", lambda route: route.fulfill(status=200, json={}))
        yield BerthPage(context.pages[0], page_url)


def test_english_is_recognised(berth: BerthPage, page: Page, no_local_api: None) -> None:
    """The search that finds no English below does find it here."""
    berth.open("#/settings")
    assert {"Settings", "Base URL", "Appearance and language", "New conversation"} <= english_in(page)


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_a_german_browser_gets_a_german_page(german: BerthPage, fragment: str) -> None:
    german.open(fragment)
    expect(german.page.locator("html")).to_have_attribute("lang", "de")
    assert english_in(german.page) == set()


def test_with_a_local_api_every_place_is_german(
    chromium: Browser, watch: Watch, page_url: str, api: LocalApi, profiles: Profiles
) -> None:
    name = api.add_model().removesuffix(".gguf")
    with new_context(chromium, watch, profiles.pointed_at(api.server.base_url), "de-DE") as context:
        page = context.new_page()
        berth = BerthPage(page, page_url).open()
        expect(page.get_by_role("status", name="Lokale API")).to_have_text("Verbunden")
        page.get_by_role("textbox", name="Nachricht").fill("What is the capital of Japan?")
        page.keyboard.press("Enter")
        answer = page.get_by_role("article", name=name)
        expect(answer.get_by_role("button", name="Kopieren")).to_be_visible()
        page.get_by_role("button", name="Parameter", exact=True).click()
        assert english_in(page) == set()
        page.get_by_role("link", name="Modelle").click()
        expect(page.get_by_role("table", name="Modelle der lokalen API")).to_be_visible()
        page.get_by_role("button", name="Abgleichen").click()
        expect(
            page.get_by_text("Die Liste stimmt mit dem Ordner des Servers überein: ein Modell.")
        ).to_be_visible()
        assert english_in(page) == set()
        page.get_by_role("button", name=f"{name}.gguf löschen").click()
        expect(page.get_by_role("dialog")).to_contain_text("nicht rückgängig")
        assert english_in(page) == set()
        assert berth


def test_dialogs_are_german(german: BerthPage) -> None:
    page = german.open("#/settings").page
    page.get_by_role("button", name="Tastenkürzel").click()
    expect(page.get_by_role("dialog", name="Tastenkürzel")).to_contain_text("Strg")
    assert english_in(page) == set()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Befehlspalette")).to_be_visible()
    assert english_in(page) == set()


def test_before_python_the_page_is_german_already(german: BerthPage) -> None:
    page = german.page
    page.route("**/pyodide.asm.wasm", lambda _route: None)  # never answered
    german.open_early()
    expect(page.get_by_role("progressbar", name="Berth wird gestartet")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Python wird geladen, \d+,\d von \d+,\d MB"))).to_be_visible()
    expect(page.get_by_role("textbox", name="Nachricht")).to_have_attribute(
        "placeholder", GERMAN["chat.placeholder"]
    )
    assert english_in(page) == set()
    page.get_by_role("textbox", name="Nachricht").fill("früh")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Wird gesendet, sobald Berth bereit ist")).to_be_visible()


def test_english_is_never_painted_first(german: BerthPage) -> None:
    """What is painted is what layout sees: no frame shows an English text that turns German later."""
    look_at_each_frame = german.page.add_init_script("""
      globalThis.frames_said = new Set();
      const look = () => {
        for (const e of document.querySelectorAll("nav.places span[data-t], #composer-hint"))
          frames_said.add(e.textContent);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    """)
    with look_at_each_frame:
        german.open()
        said = set(german.page.evaluate("[...frames_said]"))
    assert {"Chat", "Modelle", "Verbindungen", "Einstellungen"} <= said
    assert not {"Models", "Connections", "Settings", ENGLISH["chat.hint"]} & said


def test_a_failed_start_is_explained_in_german(german: BerthPage, watch: Watch) -> None:
    watch.expect_error("404")
    watch.expect_error("dynamically imported module")
    page = german.page
    page.route("**/pyscript/core.js", lambda route: route.fulfill(status=404, body=""))
    german.open_early()
    failure = page.get_by_role("alert").filter(has_text="Python konnte nicht geladen werden.")
    expect(failure).to_be_visible(timeout=START_MS)
    expect(failure).to_contain_text("Wahrscheinliche Ursache:")
    expect(failure.get_by_role("button", name="Erneut versuchen")).to_be_visible()


def test_an_unknown_language_gets_english(chromium: Browser, watch: Watch, page_url: str) -> None:
    watch.allow_host(LOCAL_API)
    with new_context(chromium, watch, locale="fi-FI") as context:
        context.route(f"{LOCAL_API}/**", lambda route: route.fulfill(status=200, json={}))
        page = context.new_page()
        BerthPage(page, page_url).open()
        expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.usefixtures("no_local_api")
def test_the_setting_changes_the_language_and_keeps_what_is_typed(berth: BerthPage, page: Page) -> None:
    berth.open()
    berth.message.fill("half a sent")
    berth.go("Settings")
    settings = AppearanceSettings(page)
    settings.choose("Theme", "Dark")
    settings.language.select_option("Deutsch")
    expect(page.get_by_role("form", name="Darstellung und Sprache")).to_be_visible(timeout=START_MS)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("radio", name="Dunkel")).to_be_checked()
    page.get_by_role("link", name="Chat").click()
    expect(page.get_by_role("textbox", name="Nachricht")).to_have_value("half a sent")


@pytest.mark.usefixtures("no_local_api")
def test_the_setting_wins_over_the_browser(berth: BerthPage, page: Page) -> None:
    berth.open("#/settings")
    AppearanceSettings(page).language.select_option("Deutsch")
    expect(page.get_by_role("form", name="Darstellung und Sprache")).to_be_visible(timeout=START_MS)
    berth.reload()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.get_by_role("combobox", name="Sprache").select_option("Sprache des Browsers")
    expect(page.get_by_role("form", name="Appearance and language")).to_be_visible(timeout=START_MS)


def test_while_an_answer_comes_the_language_waits(docked: BerthPage, api: LocalApi) -> None:
    api.add_model()
    api.server.set_faults({"generate-delay": 30})
    docked.open_connected()
    docked.chat.ask("Anybody there?")
    expect(docked.chat.stop).to_be_visible()
    docked.go("Settings")
    AppearanceSettings(docked.page).language.select_option("Deutsch")
    expect(docked.news.filter(has_text="something is still under way")).to_be_visible()
    docked.reload()
    expect(docked.page.locator("html")).to_have_attribute("lang", "de")
