"""The floors of the house: an import points downward only, and the browser stays in its rooms."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
APP = ROOT / "app"
MODULES = sorted(APP.rglob("*.py"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.mjs"))

FLOORS = {
    "core": {"core"},
    "providers": {"providers", "core"},
    "services": {"services", "providers", "core"},
    "browser": {"browser", "core", "services.ports"},
    "views": {"views", "services", "providers", "core"},
    "main": {"views", "services", "providers", "core", "browser"},
    "start": {"main", "browser"},
}
"""What the modules of each floor may import from the app."""

VIEWS_MAY_USE = {
    "browser.dom",
    "browser.files",
    "browser.focus",
    "browser.page",
    "browser.popover",
    "browser.render",
    "browser.virtual_list",
}
"""The rooms of the browser that views look into.

`dom`, `popover`, `virtual_list` and `render` make and change elements, `focus` brings the focus to one. `files` reads a
drop, which has to happen during the event itself, and `page` holds the address's fragment, which is how the navigation
and the Back button work.
"""

BROWSER_ONLY = {"js", "pyodide", "pyodide_js", "pyscript", "polyscript", "berth_modules"}
"""What exists in the page alone: under CPython nothing below the browser may miss it."""

MOST_LINES = 250
LONGER = {"app/core/text/en/api.py": "a catalogue is a list, in the order of what it speaks about"}
"""Modules that may be longer, and why."""

HTML_DOORS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|setHTMLUnsafe|srcdoc"
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def floor(path: Path) -> str:
    """The floor of a module: the folder in the app, or `main`."""
    return path.relative_to(APP).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """The modules that a module imports, wherever in it. `from a import b` counts as a.b when that is a module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} has a relative import"
            assert node.module is not None
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if is_module(inner) else node.module


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def app_imports(path: Path) -> Iterator[str]:
    """The imports from the app, without its name: `core.http`."""
    return (name.removeprefix("app.") for name in imports(path) if name.split(".")[0] == "app")


def is_in(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def wrong_imports(path: Path) -> list[str]:
    here = floor(path)
    allowed = FLOORS.get(here, set()) | (VIEWS_MAY_USE if here == "views" else set())
    return [module for module in app_imports(path) if not any(is_in(module, room) for room in allowed)]


def test_imports_point_downward() -> None:
    wrong = {name_of(path): wrong_imports(path) for path in MODULES}
    assert {name: modules for name, modules in wrong.items() if modules} == {}


def test_every_module_has_its_floor() -> None:
    assert {floor(path) for path in MODULES} == FLOORS.keys() | {"__init__"}


def test_only_the_browser_rooms_know_the_browser() -> None:
    known = {
        name_of(path): {name.split(".")[0] for name in imports(path)} & BROWSER_ONLY
        for path in MODULES
        if floor(path) not in {"browser", "main"}
    }
    assert {name: modules for name, modules in known.items() if modules} == {}


def test_what_views_may_use_is_used() -> None:
    used = {module for path in MODULES if floor(path) == "views" for module in app_imports(path)}
    assert {room for room in VIEWS_MAY_USE if any(is_in(module, room) for module in used)} == VIEWS_MAY_USE


def test_modules_are_small() -> None:
    long = {name_of(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES and name not in LONGER} == {}


def test_the_list_of_longer_modules_is_true() -> None:
    assert [name for name in LONGER if len((ROOT / name).read_text().splitlines()) <= MOST_LINES] == []


def test_modules_open_with_what_they_own() -> None:
    assert [name_of(path) for path in MODULES if not ast.get_docstring(tree(path))] == []
    assert [name_of(path) for path in SCRIPTS if not path.read_text().startswith(("//", "/*"))] == []


def test_no_html_enters_the_page_as_text() -> None:
    """What a model wrote comes in as nodes that DOMPurify made: static/js/sanitise.mjs is the one door."""
    doors = {name_of(path): HTML_DOORS.findall(path.read_text()) for path in (*MODULES, *SCRIPTS)}
    assert {name: found for name, found in doors.items() if found} == {}
