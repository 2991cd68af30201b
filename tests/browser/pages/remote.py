"""The sheet for the models of a server that can be told what to do with them."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class RemoteSheet:
    """Opened with the button "Models" of a connection."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialog = page.get_by_role("dialog", name="Models on")
        self.name = self.dialog.get_by_role("textbox", name="Download a model to the server")
        self.problem = self.dialog.get_by_role("alert")
        self.close = self.dialog.get_by_role("button", name="Close")

    def pull(self, name: str) -> None:
        """Let the server download a model."""
        self.name.fill(name)
        self.dialog.get_by_role("button", name="Download", exact=True).click()

    def row(self, name: str) -> Locator:
        """A model of the server."""
        return self.dialog.get_by_role("row", name=name)

    def press(self, action: str) -> None:
        """Press a button of a model or of a download, such as "Free the memory of …"."""
        self.dialog.get_by_role("button", name=action, exact=True).click()
