"""Answers that try to run script, to reach other hosts, or to look like the page itself.

They stand in hostile_answers/, one a line: raw HTML, Markdown, formulas. In them ↵ is a line end, ⇥ a tab, ␀ the
character zero; RUN is script that sets `window.sentinel`, FOREIGN an address that no test allows.
"""

from __future__ import annotations

import re
from pathlib import Path

FOREIGN = "https://beacon.example"

_FOLDER = Path(__file__).parent / "hostile_answers"
_MEANING = {"↵": "\n", "⇥": "\t", "␀": "\0", "RUN": "window.sentinel=1", "FOREIGN": FOREIGN}
_PLACES = ("{}", "text {} text", "- item {}", "> {}")
_REPEATED = ("<", "[", "![", "*", "_", "`", "$", "> ", "- ", "\\(", "](", "<a ", "&", "| ")


def _read(name: str) -> list[str]:
    lines = (_FOLDER / name).read_text("utf-8").split("\n")[:-1]
    return [re.sub("|".join(_MEANING), lambda found: _MEANING[found[0]], line) for line in lines]


def answers() -> list[str]:
    """All of them: raw HTML in four places of a document each, the others as they are."""
    tags = [place.replace("{}", tag) for tag in _read("html.txt") for place in _PLACES]
    return [*tags, *_read("markdown.txt"), *_read("math.txt"), *(mark * 200 for mark in _REPEATED)]
