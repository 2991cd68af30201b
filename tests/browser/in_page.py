"""Runs Python in a browser: the app's modules in the page's own interpreter, but without the page."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from dev.paths import ROOT
from dev.policy import security_headers

NAME = "in-page"

START = """async (base) => {
  const { loadPyodide } = await import(`${base}static/js/pyodide-shim.mjs`);
  const python = await loadPyodide({ stdout: console.log, stderr: console.error });
  python.unpackArchive(await (await fetch(`${base}static/vendor/app/app.zip`)).arrayBuffer(), "zip");
  dispatchEvent(new Event("py:ready"));
  python.runPython("from app.browser.loop import install_loop; install_loop(); del install_loop");
  globalThis.python = python;
}"""


class InPage:
    """An interpreter with the app's modules, under the page's policy. Pieces of code share their names."""

    def __init__(self, page: Page, page_url: str) -> None:
        self.page = page
        self.url = page_url

    def open(self) -> InPage:
        """Start the interpreter, at an address of the page's origin that is empty."""
        headers = {"Content-Type": "text/html", **security_headers()}
        html = "<!doctype html><title>In the page</title>"
        self.page.route(f"{self.url}{NAME}", lambda route: route.fulfill(body=html, headers=headers))
        self.page.goto(f"{self.url}{NAME}")
        self.page.evaluate(START, self.url)
        return self

    def install(self, path: str) -> InPage:
        """Make a file of this checkout importable: "tests/services/x.py" as tests.services.x."""
        source = (ROOT / path).read_text("utf-8")
        folder = f"/home/pyodide/{Path(path).parent.as_posix()}"
        self.run(
            "from pathlib import Path as _Path\n"
            f"_Path({folder!r}).mkdir(parents=True, exist_ok=True)\n"
            f"_ = _Path({folder!r}, {Path(path).name!r}).write_text({source!r})\n"
            "__import__('importlib').invalidate_caches()\n"
        )
        return self

    def run(self, code: str) -> Any:
        """Run code, which may await, and return the JSON value of its last line when that is an expression."""
        tree = ast.parse(code)
        last = tree.body[-1]
        if isinstance(last, ast.Expr):
            value = f"__import__('json').dumps({ast.unparse(last.value)})"
            code = "\n".join([*map(ast.unparse, tree.body[:-1]), value])
        text = self.page.evaluate("code => python.runPythonAsync(code)", code)
        return json.loads(text) if isinstance(text, str) else None
