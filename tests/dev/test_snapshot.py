"""Which modules go into the memory snapshot."""

from __future__ import annotations

from dev.snapshot import snapshot_modules, stdlib_imports

CODE = """
from __future__ import annotations
import json, app.core
import urllib.parse as parse
from collections.abc import Callable
from js import document
from . import sibling
def later():
    import sqlite3
"""


def test_top_level_imports_of_the_standard_library_count() -> None:
    assert list(stdlib_imports(CODE)) == ["json", "urllib.parse", "collections.abc"]


def test_what_the_app_imports_is_in_the_snapshot() -> None:
    assert {"asyncio", "dataclasses", "json", "zipfile", "app.core.store"} <= set(snapshot_modules())


def test_all_of_the_app_is_in_the_snapshot_but_what_the_page_does_not_import() -> None:
    modules = set(snapshot_modules())
    assert {"app.main", "app.browser.dom", "app.views.composer"} <= modules
    assert not {"app.start", "app.browser.jinja"} & modules
