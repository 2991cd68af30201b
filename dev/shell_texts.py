"""What index.html says in the other languages, so that the first paint speaks the reader's.

The catalogues are Python and lie in app.zip, which arrives later. What is made here is one small script: the texts, and
static/js/appearance.js, which puts them on the page. One and not two, since the first paint waits for each.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path

from dev.paths import ROOT

INDEX = ROOT / "index.html"
CATALOGUES = ROOT / "app" / "core" / "text"
APPEARANCE = ROOT / "static" / "js" / "appearance.js"
REFERENCE = "en"
"""The language that index.html is written in."""


def sources() -> list[Path]:
    """Return the files that the script is made from."""
    return [INDEX, APPEARANCE, *sorted(CATALOGUES.rglob("*.py"))]


def shell_keys(html: str) -> set[str]:
    """Return the catalogue's keys of all texts in the page."""
    return set(re.findall(r'\bdata-t(?:-[a-z]+)?="([^"]+)"', html))


def catalogue(folder: Path) -> Mapping[str, str]:
    """Return the texts of one language, read from its sources: they may have changed since they were imported."""
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            is_texts = isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "TEXTS"
            if is_texts and path.name != "__init__.py":
                texts |= ast.literal_eval(node.value)  # type: ignore[attr-defined]
    return texts


def build_shell_texts(folder: Path) -> None:
    """Write shell.js, which sets `berthTexts`, language code to key to text, and then runs appearance.js."""
    keys = shell_keys(INDEX.read_text("utf-8"))
    languages = sorted(path for path in CATALOGUES.iterdir() if (path / "__init__.py").exists())
    texts = {
        path.name: {key: text for key, text in catalogue(path).items() if key in keys}
        for path in languages
        if path.name != REFERENCE
    }
    folder.mkdir(parents=True, exist_ok=True)
    words = json.dumps(texts, ensure_ascii=False, indent=0, sort_keys=True)
    script = f"globalThis.berthTexts = {words};\n{APPEARANCE.read_text('utf-8')}"
    (folder / "shell.js").write_text(script, "utf-8")
