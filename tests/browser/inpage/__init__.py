"""Runs Python inside the page, without the app: the same interpreter, app.zip, policy and stylesheets.

The page is index.html without PyScript and boot.mjs. A test gives it a module to import and calls its functions; what
they return comes back as JSON. Nothing in the app knows about it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from dev.paths import ROOT
from dev.site import Found, Site

HERE = Path(__file__).parent
PAGE = "inpage.html"
BOOT = "inpage.mjs"

_NOT_WANTED = re.compile(r'<script type="(?:py|module)".*?</script>|<mpy-config.*?</mpy-config>', re.DOTALL)


class InPageSite(Site):
    """The page of the checkout, and beside it the page for Python of a test."""

    def find(self, target: str) -> Found | None:
        """As `Site.find`, with inpage.html and inpage.mjs added."""
        match target.lstrip("/"):
            case "inpage.html":
                html = _NOT_WANTED.sub("", (ROOT / "index.html").read_text("utf-8"))
                script = f'<script type="module" src="./{BOOT}"></script></body>'
                return Found(HERE / PAGE, html.replace("</body>", script).encode(), "inpage")
            case "inpage.mjs":
                return Found(HERE / BOOT, None, "inpage")
        return super().find(target)


class InPage:
    """Python in an open tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, page_url: str) -> None:
        """Load the page and start its interpreter."""
        self.page.goto(page_url + PAGE)
        self.page.locator("html[data-inpage=ready]").wait_for(state="attached")

    def install(self, module: Path) -> None:
        """Make a Python file of the tests importable in the page, under its own name."""
        self.page.evaluate(
            "([name, code]) => python.FS.writeFile(`/home/pyodide/${name}`, code)",
            [module.name, module.read_text("utf-8")],
        )

    def call(self, function: str, *arguments: Any) -> Any:
        """Call `module.function` with values that JSON can hold; return what it returns, awaited."""
        module, name = function.split(".")
        code = (
            f"import json, inspect, {module}\n"
            f"result = {module}.{name}(*json.loads(arguments))\n"
            "json.dumps(await result if inspect.isawaitable(result) else result)"
        )
        return json.loads(
            self.page.evaluate(
                """async ([code, values]) => {
                    const globals = python.toPy({ arguments: values });
                    try { return await python.runPythonAsync(code, { globals }); } finally { globals.destroy(); }
                }""",
                [code, json.dumps(arguments)],
            )
        )
