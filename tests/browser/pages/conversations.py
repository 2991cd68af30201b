"""The list of conversations, and what the settings say about keeping them."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect


class ConversationList:
    """The navigation "Conversations"."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.rows = page.get_by_role("navigation", name="Conversations")
        self.links = self.rows.get_by_role("link")
        self.groups = self.rows.get_by_role("heading")
        self.open_one = self.rows.locator("[aria-current]")
        self.new = page.get_by_role("button", name="New conversation")
        self.search = page.get_by_role("searchbox", name="Search conversations")
        self.found = self.rows.locator("mark")

    def row(self, title: str) -> Locator:
        """The link of a conversation, by its whole title."""
        return self.rows.get_by_role("link", name=re.compile(f"^{re.escape(title)}"))

    def do(self, action: str, title: str) -> None:
        """Choose something from the menu of a conversation."""
        self.row(title).first.hover()
        self.rows.get_by_role("button", name=f"Actions for “{title}”", exact=True).first.click()
        self.page.get_by_role("menuitem", name=action, exact=True).click()

    def rename(self, title: str, to: str) -> None:
        """Give a conversation another title, by the keyboard."""
        self.do("Rename", title)
        self.page.get_by_role("dialog", name="Rename conversation").get_by_role("textbox", name="Name").fill(
            to
        )
        self.page.keyboard.press("Enter")
        expect(self.row(to)).to_be_visible()

    def export(self, form: str, title: str) -> str:
        """The text of the file that "Export as JSON" or "Export as Markdown" saves."""
        with self.page.expect_download() as download:
            self.do(f"Export as {form}", title)
        return Path(download.value.path()).read_text("utf-8")


class DataPanel:
    """The panel "Your conversations" of the settings."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.region = page.get_by_role("region", name="Your conversations")
        self.export_keys = self.region.get_by_role("button", name="Export with connections and keys")
        self.dialog = page.get_by_role("dialog", name="onnections")

    def import_text(self, name: str, text: str) -> None:
        """Choose a file with this text."""
        file: FilePayload = {"name": name, "mimeType": "application/json", "buffer": text.encode()}
        self.region.get_by_label("Import conversations").set_input_files(file)

    def export_all(self) -> str:
        """The text of the file that "Export all" saves."""
        with self.page.expect_download() as download:
            self.region.get_by_role("button", name="Export all").click()
        return Path(download.value.path()).read_text("utf-8")

    def export_sealed(self, passphrase: str) -> str:
        """The text of the file in which connections and keys are sealed."""
        self.export_keys.click()
        self.dialog.get_by_label("New passphrase", exact=True).fill(passphrase)
        self.dialog.get_by_label("New passphrase again").fill(passphrase)
        with self.page.expect_download() as download:
            self.dialog.get_by_role("button", name="Export").click()
        return Path(download.value.path()).read_text("utf-8")

    def answer(self, passphrase: str) -> None:
        """Type the passphrase of a file that is being imported."""
        self.dialog.get_by_label("Passphrase").fill(passphrase)
        self.dialog.get_by_role("button", name="Import connections").click()
