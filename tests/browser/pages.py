"""Page objects: the page in the words of the people who use it, found by roles and accessible names."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

START_MS = 60_000
"""How long a start may take on a busy machine, in milliseconds."""


class BerthPage:
    """The whole page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, path: str = "") -> BerthPage:
        """Load the page and wait until the app has taken over."""
        self.open_early(path)
        return self.wait_until("ready")

    def open_early(self, path: str = "") -> BerthPage:
        """Load the page and return while Python is still starting."""
        self.page.goto(self.url + path, wait_until="commit")
        return self

    def wait_until(self, state: str) -> BerthPage:
        """Wait for a state of the start: "ready" or "failed"."""
        expect(self.page.locator("html")).to_have_attribute("data-state", state, timeout=START_MS)
        return self

    def mark(self, name: str) -> dict[str, Any]:
        """Return a performance mark: its startTime in milliseconds, and its detail."""
        marks = "name => performance.getEntriesByName(name, 'mark')"
        found = self.page.evaluate(f"{marks}.map(m => ({{at: m.startTime, detail: m.detail}}))[0]", name)
        assert found, f"there is no mark {name}"
        return dict(found)

    @property
    def message(self) -> Locator:
        """The composer's text field."""
        return self.page.get_by_role("textbox", name="Message")

    @property
    def send(self) -> Locator:
        """The composer's Send button."""
        return self.page.get_by_role("button", name="Send")

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
