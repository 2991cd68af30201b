"""The stylesheets keep the page quick: what they may not contain, because it was measured to be dear."""

from __future__ import annotations

import re
from pathlib import Path

CSS = Path(__file__).parent.parent / "static" / "css"


def test_no_rule_makes_the_root_depend_on_what_is_somewhere_in_the_page() -> None:
    """`:root:has(…)` is asked again after every change anywhere: it doubled the price of a streamed answer."""
    found = [
        f"{sheet.name}: {match}"
        for sheet in CSS.glob("*.css")
        for match in re.findall(
            r"(?:^|[\s,{])(?::root|html|body)[^\s,{>+~]*:has\([^{]*", sheet.read_text("utf-8")
        )
    ]
    assert found == []
