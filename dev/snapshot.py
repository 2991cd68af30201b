"""Which modules the memory snapshot holds: what the page imports of the standard library while it starts."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from dev.app_bundle import app_sources

ALWAYS = (
    "asyncio", "base64", "collections", "functools", "html", "inspect", "io", "json", "pathlib",
    "pyodide.ffi", "pyodide.http", "pyodide.webloop", "random", "shutil", "sys", "tempfile", "typing",
    "zipfile",
)  # fmt: skip
"""What Pyodide and PyScript import by themselves to unpack and to run the app."""


def stdlib_imports(code: str) -> Iterator[str]:
    """Yield the standard modules that a source imports at its top level, not those inside functions."""
    for node in ast.parse(code).body:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        yield from (
            name
            for name in names
            if name.partition(".")[0] in sys.stdlib_module_names and name != "__future__"
        )


def snapshot_modules() -> list[str]:
    """Return the modules that the snapshot imports, sorted."""
    imported = (name for path in app_sources() for name in stdlib_imports(path.read_text("utf-8")))
    return sorted({*ALWAYS, *imported})
