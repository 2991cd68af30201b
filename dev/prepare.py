"""Prepares static/vendor: everything that the page needs and that is not written in this repository.

Each step builds one folder, in a staging place first, so that an interrupted preparation leaves no half folder behind.
A step runs when its inputs changed or its outputs are damaged; otherwise a start costs some hundred `stat` calls.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dev import node_packages
from dev.app_bundle import app_sources, build_app
from dev.browser_modules import build_libraries, build_pyodide, build_pyscript
from dev.hashing import digest_of
from dev.icons import NAMES, build_icons
from dev.paths import BUILD, ROOT, VENDOR
from dev.python_parts import COMPILER, build_stdlib, build_wheels
from dev.stamp import Stamp

Report = Callable[[str], None]
"""Takes one line of progress."""

DEV = ROOT / "dev"


@dataclass(frozen=True)
class Step:
    """One folder of static/vendor.

    Attributes:
        name: The folder's name.
        title: What the step does, for people.
        build: Fills an empty folder.
        inputs: The files that the result depends on.
    """

    name: str
    title: str
    build: Callable[[Path], None]
    inputs: Callable[[], list[Path]]

    @property
    def folder(self) -> Path:
        """Where the result goes."""
        return VENDOR / self.name

    @property
    def stamp_path(self) -> Path:
        """Where the result's stamp is kept."""
        return BUILD / "stamps" / f"{self.name}.json"

    def reason(self) -> str:
        """Return why the step must run, in words, or "" when its result is there, whole and current."""
        stamp = Stamp.read(self.stamp_path)
        if stamp is None:
            return "not prepared yet"
        if stamp.inputs != digest_of(self.inputs(), ROOT):
            return "its inputs changed"
        return stamp.damage(self.folder)

    def run(self) -> None:
        """Build the folder afresh and put it in place.

        Raises:
            Problem: It could not be built; what was there before is untouched.
        """
        inputs = digest_of(self.inputs(), ROOT)
        staging = BUILD / "staging" / self.name
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        self.build(staging)
        self.stamp_path.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        staging.rename(self.folder)
        Stamp.of(inputs, self.folder).write(self.stamp_path)


STEPS = (
    Step("pyodide", "Python interpreter", build_pyodide, lambda: [node_packages.LOCK, DEV / "browser_modules.py"]),
    Step("pyscript", "PyScript", build_pyscript, lambda: [node_packages.LOCK, DEV / "browser_modules.py"]),
    Step("lib", "JavaScript libraries", build_libraries, lambda: [node_packages.LOCK, DEV / "browser_modules.py"]),
    Step("icons", "Icons", build_icons, lambda: [node_packages.LOCK, NAMES, DEV / "icons.py"]),
    Step("wheels", "Python wheels", build_wheels, lambda: [ROOT / "pyproject.toml", DEV / "python_parts.py"]),
    Step("python", "Standard library", build_stdlib, lambda: [node_packages.LOCK, COMPILER]),
    Step("app", "Application", build_app, lambda: [node_packages.LOCK, COMPILER, *app_sources()]),
)


def prepare(report: Report = print) -> None:
    """Make static/vendor complete and current.

    Args:
        report: Takes one line of progress; called only when there is something to do.

    Raises:
        Problem: A step failed; the steps before it are kept.
    """
    due = [(step, reason) for step in STEPS if (reason := step.reason())]
    if not due:
        return
    if node_packages.installed_versions() != node_packages.pinned_versions():
        report("Installing the JavaScript packages …")
        node_packages.install()
    for number, (step, reason) in enumerate(due, 1):
        started = time.monotonic()
        report(f"[{number}/{len(due)}] {step.title}: {reason} …")
        step.run()
        report(f"[{number}/{len(due)}] {step.title}: ready ({time.monotonic() - started:.1f} s)")
