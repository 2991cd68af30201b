"""PyScript's own Python library: PyScript writes it into the page's files at each start."""

from __future__ import annotations

import json
import re

from dev.browser_modules import source
from dev.problem import Problem

CACHE = "pyscript/__pycache__/{module}.cpython-314.py"
"""Where the compiled library goes: Python finds it beside the sources that PyScript writes."""


def sources() -> dict[str, str]:
    """Return the modules of the library by file name, as the shipped JavaScript holds them.

    Raises:
        Problem: The text is not where this version of PyScript keeps it.
    """
    distribution = source("@pyscript/core/dist/core.js").parent
    core = next(distribution.glob("core-*.js")).read_text("utf-8")
    found = re.findall(r'"?(\w+\.py)"?:("(?:[^"\\]|\\.)*")', core)
    if "__init__.py" not in dict(found):
        raise Problem(
            "PyScript's Python library was not found in its distribution.",
            cause="@pyscript/core has changed how it is built.",
            fix="Restore the pinned version in package.json, or correct dev/pyscript_library.py.",
        )
    return {name: json.loads(text) for name, text in found}
