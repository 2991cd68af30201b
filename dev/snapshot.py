"""The memory snapshot: an interpreter that has imported what the page imports while it starts.

It holds the standard modules that the app uses, and all of the app. Both would cost most of the time between the
interpreter and the app. So no module may reach into the page while it is imported; `import js` and `import
berth_modules` are well, since they stand for what the page has of that name when the snapshot is restored.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from dev.app_sources import app_digest, app_sources
from dev.browser_modules import source
from dev.commands import require, run
from dev.paths import ROOT

ALWAYS = (
    "asyncio", "base64", "collections", "functools", "html", "inspect", "io", "json", "pathlib",
    "pyodide.ffi", "pyodide.http", "pyodide.webloop", "random", "shutil", "sys", "tempfile", "typing",
    "zipfile",
)  # fmt: skip
"""What Pyodide and PyScript import by themselves to unpack and to run the app."""

NOT_IMPORTED = ("app.start", "app.browser.jinja")
"""The modules that the page does not import: the first is its script, the other runs in a worker."""

MAKER = ROOT / "dev" / "make_snapshot.mjs"
FILLER = ROOT / "dev" / "in_snapshot.py"


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


def app_modules() -> list[str]:
    """Return the modules of the app that the page imports."""
    relative = (path.relative_to(ROOT).with_suffix("") for path in app_sources())
    names = [".".join(path.parts).removesuffix(".__init__") for path in relative]
    return [name for name in names if name not in NOT_IMPORTED]


def snapshot_modules() -> list[str]:
    """Return the modules that the snapshot imports, sorted."""
    imported = (name for path in app_sources() for name in stdlib_imports(path.read_text("utf-8")))
    return sorted({*ALWAYS, *imported, *app_modules()})


def take_snapshot(library: Path, app_zip: Path, output: Path) -> None:
    """Write the snapshot.

    Args:
        library: The compiled standard library; the page needs the very same bytes.
        app_zip: The compiled app.
        output: The file to write; static/js/snapshot.mjs describes its format.

    Raises:
        Problem: A module cannot be in a snapshot, or Node.js is missing.
    """
    pyodide = source("pyodide/pyodide.mjs").parent
    run(
        [require("node"), MAKER, pyodide, library, app_zip, app_digest(), output, *snapshot_modules()],
        cwd=ROOT,
        what="Taking the memory snapshot",
        fix="A module of the app must not reach into the page when it is imported.",
    )
