"""The whole page: its start, its bar, and the way to its places."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.pages.chat import ChatPlace
from tests.browser.pages.connections import ConnectionsPlace
from tests.browser.pages.inspector import Inspector
from tests.browser.pages.models import ModelsPlace
from tests.browser.pages.settings import SettingsPlace
from tests.browser.pages.tab import TabModelsPanel

START_MS = 60_000
"""How long a start may take on a busy machine, in milliseconds."""


class BerthPage:
    """The whole page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.chat = ChatPlace(page)
        self.connections = ConnectionsPlace(page)
        self.inspector = Inspector(page)
        self.models = ModelsPlace(page)
        self.settings = SettingsPlace(page)
        self.tab = TabModelsPanel(page)

    def open(self, path: str = "") -> BerthPage:
        """Load the page and wait until the app has taken over."""
        self.open_early(path)
        return self.wait_until("ready")

    def open_early(self, path: str = "") -> BerthPage:
        """Load the page and return while Python is still starting; boot.mjs attends to it already."""
        self.page.goto(self.url + path, wait_until="domcontentloaded")
        return self

    def open_connected(self, path: str = "") -> BerthPage:
        """Load the page and wait until the local API answers."""
        self.open(path)
        expect(self.local_api).to_have_text("Connected")
        return self

    def open_unconnected(self, path: str = "") -> BerthPage:
        """Load the page and wait until it knows that the local API is away."""
        self.open(path)
        expect(self.local_api).to_have_text("Not reachable")
        return self

    def reload(self) -> BerthPage:
        """Load the page again, as it is."""
        self.page.reload(wait_until="commit")
        return self.wait_until("ready")

    def tidy(self) -> BerthPage:
        """Bring a page that is open to where a start leaves it: at the chat, in no dialog, with nothing typed."""
        self.page.mouse.move(-1, -1)
        if self.dialog.count():
            self.page.keyboard.press("Escape")
        expect(self.dialog).to_have_count(0)
        if not self.chat.log.is_visible():
            self.go("Chat")
            expect(self.message).to_be_focused()
        self.message.fill("")
        self.message.focus()
        return self

    def wait_until(self, state: str) -> BerthPage:
        """Wait for a state of the start: "ready" or "failed"."""
        html = self.page.locator("html")
        expect(html).to_have_attribute("data-state", re.compile("ready|failed"), timeout=START_MS)
        reached = html.get_attribute("data-state")
        assert reached == state, f"the start ended as {reached}: {self.failure.all_inner_texts()}"
        return self

    def go(self, place: str) -> None:
        """Follow a link of the main navigation: "Chat", "Models", "Connections" or "Settings"."""
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()

    def mark(self, name: str) -> dict[str, Any]:
        """Return a performance mark: its startTime in milliseconds, and its detail."""
        marks = "name => performance.getEntriesByName(name, 'mark')"
        found = self.page.evaluate(f"{marks}.map(m => ({{at: m.startTime, detail: m.detail}}))[0]", name)
        assert found, f"there is no mark {name}"
        return dict(found)

    def run_python(self, code: str) -> Any:
        """Run Python in the page's own interpreter and return the value of the last expression."""
        shim = "document.querySelector('link[href$=\"pyodide-shim.mjs\"]').href"
        run = f"async code => (await (await import({shim})).started).runPythonAsync(code)"
        return self.page.evaluate(run, code)

    def set_visibility(self, state: str) -> None:
        """Make the page believe that its tab is "hidden" or "visible": headless tabs are always visible."""
        self.page.evaluate(
            """state => {
              Object.defineProperty(document, "visibilityState", {get: () => state, configurable: true});
              document.dispatchEvent(new Event("visibilitychange"));
            }""",
            state,
        )

    @property
    def local_api(self) -> Locator:
        """The state of the local API, in the bar of every place."""
        return self.page.get_by_role("status", name="Local API")

    @property
    def message(self) -> Locator:
        """The composer's text field."""
        return self.chat.message

    @property
    def send(self) -> Locator:
        """The composer's Send button."""
        return self.chat.send

    @property
    def boot_bar(self) -> Locator:
        """The progress bar of the start."""
        return self.page.get_by_role("progressbar", name="Starting Berth")

    @property
    def boot_note(self) -> Locator:
        """What the composer says about an early Send."""
        return self.page.get_by_text("Will be sent when Berth is ready")

    @property
    def failure(self) -> Locator:
        """The alert that says why the start failed."""
        return self.page.get_by_role("alert").filter(has_text="What to do:")

    @property
    def retry(self) -> Locator:
        """The button in that alert."""
        return self.failure.get_by_role("button", name="Retry")

    @property
    def news(self) -> Locator:
        """Everything that the page has to tell and that goes away by itself."""
        return self.page.get_by_role("status")

    @property
    def announced(self) -> Locator:
        """What was said of answers to those who hear the page, sentence by sentence."""
        return self.page.locator("[aria-live=polite] > p")

    @property
    def problems(self) -> Locator:
        """Every problem that is announced."""
        return self.page.get_by_role("alert")

    @property
    def dialog(self) -> Locator:
        """The dialog that asks before something is done that cannot be undone."""
        return self.page.get_by_role("dialog")
