"""The models: where files are dropped, how they travel, and what the local API has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.browser.dropping import drop


class UploadRow:
    """One file in the list of uploads."""

    def __init__(self, page: Page, name: str) -> None:
        uploads = page.get_by_role("region", name="Uploads")
        exactly = re.compile(f"^{re.escape(name)}$")
        self.row = uploads.get_by_role("listitem").filter(has=page.get_by_text(exactly))
        self.bar = self.row.get_by_role("progressbar", name=f"Uploading {name}")
        self.cancel = self.row.get_by_role("button", name=f"Cancel {name}")
        self.retry = self.row.get_by_role("button", name=f"Retry {name}")
        self.inspect = self.row.get_by_role("button", name=f"Inspect {name}")
        self.run = self.row.get_by_role("button", name=f"Run here {name}")
        self.problem = self.row.get_by_role("alert")


class ModelsPlace:
    """The place "Models"."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.region = page.get_by_role("region", name="Models", exact=True)
        self.drop_region = page.get_by_role("region", name="Drop GGUF files here")
        self.chooser = page.get_by_label("Choose GGUF files")
        self.uploads = page.get_by_role("region", name="Uploads")
        self.clear_finished = self.uploads.get_by_role("button", name="Clear finished")
        self.table = page.get_by_role("table", name="Local API models")
        self.sync = page.get_by_role("button", name="Sync")
        self.clear_cache = page.get_by_role("button", name="Clear cache")
        self.problem = self.region.get_by_role("alert")

    def drop(self, *paths: Path) -> None:
        """Drop files and folders on the region that is made for it."""
        drop(self.page, self.drop_region, paths)

    def choose(self, paths: Sequence[Path]) -> None:
        """Choose files in the file chooser."""
        self.chooser.set_input_files(list(paths))

    def upload(self, name: str) -> UploadRow:
        """The row of an upload, by the name of its file."""
        return UploadRow(self.page, name)

    def row(self, name: str) -> Locator:
        """The row of a model in the table."""
        return self.table.get_by_role("row").filter(has=self.page.get_by_role("cell", name=name, exact=True))

    def delete(self, name: str) -> None:
        """Press the button that asks whether to delete a model."""
        self.table.get_by_role("button", name=f"Delete {name}").click()

    def chat_with(self, name: str) -> None:
        """Press the button that leads to a chat with a model."""
        self.table.get_by_role("button", name=f"Chat with {name}").click()

    def memory(self) -> Locator:
        """The entries of the server's memory."""
        return self.region.get_by_role("list").get_by_role("listitem")
