"""What the tests and the benchmark of answers share: a page with answers in it, and texts."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

from tests.browser.in_page import InPage


class AnswersPage:
    """A page with a conversation and nothing else: the app's renderer, stylesheets and policy, driven by Python."""

    def __init__(self, page: Page, page_url: str) -> None:
        self.page = page
        self._python = InPage(page, page_url)

    def open(self, *, warm: bool = True) -> AnswersPage:
        """Start it; `warm` loads the libraries too, so that nothing depends on when they come."""
        self._python.open()
        self._python.install("tests/browser/prose/driver.py")
        self._python.run("import json\nfrom tests.browser.prose import driver\nNone")
        if warm:
            self.call("warm")
        return self

    def call(self, function: str, *arguments: Any) -> Any:
        """Call a function of driver.py with values that JSON can hold, and return what it returns."""
        return self._python.run(f"await driver.{function}(*json.loads({json.dumps(arguments)!r}))")
