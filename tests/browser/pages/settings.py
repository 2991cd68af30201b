"""The settings: where the local API is, and how large an upload may be."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class SettingsPlace:
    """The place "Settings"."""

    def __init__(self, page: Page) -> None:
        self.form = page.get_by_role("form", name="Local API")
        self.base_url = self.form.get_by_role("textbox", name="Base URL")
        self.upload_limit = self.form.get_by_role("textbox", name="Largest upload in GB")

    def set_base_url(self, text: str) -> None:
        """Type an address and press Enter."""
        _enter(self.base_url, text)

    def set_upload_limit(self, text: str) -> None:
        """Type a number of GB and press Enter."""
        _enter(self.upload_limit, text)


def _enter(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Enter")
