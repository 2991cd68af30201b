"""The part of a connection's form that is for custom ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Download, Locator

from tests.browser.pages.connections import ConnectionForm

CHOICES = frozenset({"Method", "How the answer comes"})
"""The fields of the request that are chosen from."""


class CustomForm:
    """The dialect in the form: its fields, the preview, the test, and the file."""

    def __init__(self, form: ConnectionForm) -> None:
        self.form = form
        self.dialog = form.dialog
        self.request = self.dialog.get_by_role("region", name="The request that will be sent")
        self.trial = self.dialog.locator("section.trial")
        self.raw = self.dialog.get_by_role("region", name="What came")
        self.read = (
            self.dialog.locator("section")
            .filter(has=self.dialog.page.get_by_role("heading", name="What was read"))
            .last
        )
        self.question = self.dialog.get_by_role("textbox", name="Question")
        self.model = self.dialog.get_by_role("textbox", name="Model to ask")

    def part(self, group: str, label: str) -> Locator:
        """A text field of one of the groups."""
        return self.dialog.get_by_role("group", name=group).get_by_role("textbox", name=label, exact=True)

    def fill_request(self, fields: Mapping[str, str]) -> None:
        """Write into the fields of the request, and choose in those with choices."""
        for label, text in fields.items():
            if label in CHOICES:
                self.dialog.get_by_role("combobox", name=label).select_option(label=text)
            else:
                self.part("The request", label).fill(text)

    def fill_reply(self, fields: Mapping[str, str]) -> None:
        """Write where things stand."""
        for label, text in fields.items():
            self.part("Where things stand in the reply", label).fill(text)

    def name_models(self, *names: str) -> None:
        """Write down models."""
        self.part("The models", "Models").fill("\n".join(names))

    def export(self) -> Download:
        """Press Export."""
        with self.dialog.page.expect_download() as download:
            self.dialog.get_by_role("button", name="Export").click()
        return download.value

    def take(self, path: Path) -> None:
        """Import a file."""
        self.dialog.get_by_label("Import a custom provider").set_input_files(path)
