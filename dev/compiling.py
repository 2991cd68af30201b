"""Compiles Python with Pyodide itself, under Node.js, for the page's version of Python."""

from __future__ import annotations

from pathlib import Path

from dev.browser_modules import source
from dev.commands import require, run
from dev.paths import ROOT

COMPILER = ROOT / "dev" / "compile_zip.mjs"


def compile_zip(sources: Path, output: Path, prefix: str) -> None:
    """Compile the Python files in a zip with Pyodide itself, for the page's version of Python.

    Args:
        sources: A zip of sources.
        output: The zip to write: the same files with .pyc in place of .py.
        prefix: Where the page sees the files; tracebacks name it.

    Raises:
        Problem: Node.js is missing, or a source does not compile.
    """
    run(
        [require("node"), COMPILER, source("pyodide/pyodide.mjs").parent, sources, output, prefix],
        cwd=ROOT,
        what=f"Compiling {sources.name}",
        fix="Node.js 20 or newer is needed; read its message above.",
    )
