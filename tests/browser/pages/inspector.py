"""The inspector: the dialog that shows what is in a GGUF file."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page


class Inspector:
    """The dialog, and the ways into it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.chooser = page.get_by_label("Inspect a GGUF file")
        self.dialog = page.get_by_role("dialog")
        self.problem = self.dialog.get_by_role("alert")
        self.verdict = self.part("Fit for this tab").get_by_role("status")
        self.context = self.dialog.get_by_role("combobox", name="Context")
        self.search = self.dialog.get_by_role("searchbox", name="Search metadata")
        self.xray = self.part("Prompt X-ray")
        self.show_prompt = self.xray.get_by_role("button", name="Show the exact prompt")
        self.prompt = self.xray.get_by_role("region", name="Prompt", exact=True)

    def inspect(self, path: Path) -> Inspector:
        """Choose a file to look into."""
        self.chooser.set_input_files(path)
        return self

    def part(self, title: str) -> Locator:
        """A part of the dialog, by its heading."""
        return self.dialog.get_by_role("region", name=title, exact=True).first

    def fact(self, name: str) -> Locator:
        """The value of a fact."""
        return (
            self.part("Facts")
            .get_by_role("definition")
            .and_(self.page.locator(f"xpath=//dt[.='{name}']/following-sibling::dd"))
        )

    def table(self, title: str) -> Locator:
        """A table, by its name."""
        return self.dialog.get_by_role("table", name=title)

    def close(self) -> None:
        """Close it."""
        self.dialog.get_by_role("button", name="Close").click()
