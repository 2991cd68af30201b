"""The icon sprite: the icons that static/icons.txt names, as symbols of one SVG file."""

from __future__ import annotations

import re
from pathlib import Path

from dev.browser_modules import source
from dev.paths import ROOT
from dev.problem import Problem

NAMES = ROOT / "static" / "icons.txt"


def icon_names() -> list[str]:
    """Return the icons that the page uses, one name a line in static/icons.txt; # starts a comment."""
    lines = (line.partition("#")[0].strip() for line in NAMES.read_text("utf-8").splitlines())
    return sorted({line for line in lines if line})


def symbol(name: str) -> str:
    """Return one lucide icon as a <symbol>; stroke and size come from the page's CSS.

    Raises:
        Problem: lucide has no icon of that name.
    """
    package = source("lucide-static/package.json").parent
    path = package / "icons" / f"{name}.svg"
    if not path.is_file():
        raise Problem(
            f"There is no icon named {name!r}.",
            cause="static/icons.txt names an icon that lucide-static does not have.",
            fix="Correct the name; the icons are in node_modules/lucide-static/icons.",
        )
    shapes = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", path.read_text("utf-8"), flags=re.DOTALL)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(shapes.split())}</symbol>'


def build_icons(folder: Path) -> None:
    """Write the sprite; an icon is shown with <svg><use href="static/vendor/icons/icons.svg#name"/></svg>."""
    folder.mkdir(parents=True, exist_ok=True)
    symbols = "\n".join(symbol(name) for name in icon_names())
    (folder / "icons.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n', "utf-8"
    )
