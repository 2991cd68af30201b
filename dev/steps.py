"""The steps of the preparation: each makes one folder of static/vendor."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from dev import node_packages
from dev.app_sources import app_sources
from dev.browser_modules import build_libraries, build_pyodide, build_pyscript
from dev.compiling import COMPILER
from dev.hashing import digest_of
from dev.icons import NAMES, build_icons
from dev.paths import BUILD, ROOT, VENDOR
from dev.python_parts import build_app, build_library, build_wheels, pinned_wheels
from dev.shell_texts import build_shell_texts
from dev.shell_texts import sources as text_sources
from dev.snapshot import FILLER, MAKER
from dev.stamp import Stamp

DEV = ROOT / "dev"


@dataclass(frozen=True)
class Step:
    """One folder of static/vendor.

    Attributes:
        name: The folder's name.
        title: What the step makes, for people.
        build: Fills an empty folder; raises Problem.
        inputs: Returns a hash of everything that the result depends on.
    """

    name: str
    title: str
    build: Callable[[Path], None]
    inputs: Callable[[], str]

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
        if stamp.inputs != self.inputs():
            return "what it is made from changed"
        return stamp.damage(self.folder)

    def run(self) -> None:
        """Build the folder in a staging place, then put it where it belongs.

        Raises:
            Problem: It could not be built; what was there before is untouched.
        """
        inputs = self.inputs()
        staging = BUILD / "staging" / self.name
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        self.build(staging)
        self.stamp_path.unlink(missing_ok=True)
        self._replace_folder(staging)
        Stamp.of(inputs, self.folder).write(self.stamp_path)

    def _replace_folder(self, staging: Path) -> None:
        old = BUILD / "staging" / f"{self.name}.old"
        shutil.rmtree(old, ignore_errors=True)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if self.folder.exists():
            self.folder.rename(old)  # the page is being served: it misses the folder for an instant only
        staging.rename(self.folder)
        shutil.rmtree(old, ignore_errors=True)


def _inputs(files: Iterable[Path], *more: str) -> str:
    return hashlib.sha256("\n".join((digest_of(files, ROOT), *more)).encode()).hexdigest()


def _packages(*files: Path) -> str:
    return _inputs([node_packages.LOCK, DEV / "browser_modules.py", *files])


STEPS = (
    Step("pyodide", "Python interpreter", build_pyodide, _packages),
    Step("pyscript", "PyScript", build_pyscript, _packages),
    Step("lib", "JavaScript libraries", build_libraries, _packages),
    Step(
        "text",
        "Texts of the first paint",
        build_shell_texts,
        lambda: _inputs([*text_sources(), DEV / "shell_texts.py"]),
    ),
    Step("icons", "Icons", build_icons, lambda: _packages(NAMES, DEV / "icons.py")),
    Step(
        "wheels",
        "Python wheels",
        build_wheels,
        lambda: _inputs(
            [node_packages.LOCK, DEV / "python_parts.py", DEV / "pure_wheel.py"], *pinned_wheels()
        ),
    ),
    Step("python", "Standard library", build_library, lambda: _inputs([node_packages.LOCK, COMPILER])),
    Step(
        "app",
        "Application and snapshot",
        build_app,
        lambda: _inputs([node_packages.LOCK, COMPILER, MAKER, FILLER, DEV / "snapshot.py", *app_sources()]),
    ),
)
"""In the order in which they are made."""
