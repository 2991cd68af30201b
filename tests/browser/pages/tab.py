"""Models in the tab: what runs here, what this browser keeps, and the settings of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page


class TabModelsPanel:
    """The region "Models in this tab" of the place "Models"."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.region = page.get_by_role("region", name="Models in this tab")
        self.table = self.region.get_by_role("table", name="Models in this tab")
        self.problem = self.region.get_by_role("alert")
        self.engine = self.region.get_by_role("status")
        self.chooser = page.get_by_label("Run GGUF files here")
        self.moving = self.region.get_by_role("listitem")

    def run(self, *paths: Path) -> None:
        """Choose files to run here."""
        files: Sequence[Path] = paths
        self.chooser.set_input_files(list(files))

    def row(self, name: str) -> Locator:
        """The row of a model."""
        return self.table.get_by_role("row").filter(has=self.page.get_by_role("cell", name=name, exact=True))

    def press(self, action: str) -> None:
        """Press a button of the region, by its name."""
        self.region.get_by_role("button", name=action).click()

    def download(self, url: str, checksum: str = "") -> None:
        """Fill in the dialog for an address, and send it off."""
        self.press("Download a model")
        dialog = self.page.get_by_role("dialog", name="Download a model")
        dialog.get_by_role("textbox", name="Address of the GGUF file").fill(url)
        dialog.get_by_role("textbox", name="SHA-256, if you have it").fill(checksum)
        dialog.get_by_role("button", name="Download").click()

    def rename(self, name: str, other: str) -> None:
        """Give a kept model another name."""
        self.press(f"Rename {name}")
        dialog = self.page.get_by_role("dialog", name="Rename model")
        dialog.get_by_role("textbox", name="Name").fill(other)
        dialog.get_by_role("button", name="Save").click()
