"""The Python side of static/vendor: wheels, their lock file, and the compiled standard library."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

from dev.browser_modules import source
from dev.commands import require, run
from dev.compiling import compile_zip
from dev.hashing import sha256_of
from dev.paths import ROOT, VENV
from dev.problem import Problem
from dev.snapshot import snapshot_modules

SNAPSHOT_MAKER = ROOT / "dev" / "make_snapshot.mjs"
STDLIB_PREFIX = "/lib/python314.zip/"
"""Where Pyodide mounts its standard library."""


def pinned_wheels() -> list[str]:
    """Return the page's wheels as pyproject.toml pins them: "name==version --hash=sha256:…"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return list(project["tool"]["berth"]["page-wheels"])


def pip_command() -> list[str]:
    """Return the command that runs pip: this interpreter's, or that of the project's virtual environment.

    Raises:
        Problem: There is no pip.
    """
    for python in (sys.executable, str(VENV / "bin" / "python"), shutil.which("python3") or ""):
        if python and Path(python).exists() and _has_pip(python):
            return [python, "-m", "pip"]
    raise Problem(
        "pip was not found.",
        cause="This Python was installed without it, as Debian does.",
        fix="Install it (Debian: apt install python3-pip python3-venv), then try again.",
    )


def _has_pip(python: str) -> bool:
    try:
        run([python, "-c", "import pip"], cwd=ROOT, what="Looking for pip", fix="")
    except Problem:
        return False
    return True


def build_wheels(folder: Path) -> None:
    """Download the pinned wheels and write the lock file that lets Pyodide load them by name."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirements:
        requirements.write("\n".join(pinned_wheels()))
        requirements.flush()
        run(
            [*pip_command(), "download", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--only-binary", ":all:", "--python-version", "3.14", "--require-hashes",
             "--requirement", requirements.name, "--dest", folder],
            cwd=ROOT,
            what="Downloading the Python wheels",
            fix="Read pip's message above; the pins are in pyproject.toml under [tool.berth].",
        )  # fmt: skip
    (folder / "pyodide-lock.json").write_text(json.dumps(lock(folder), indent=1) + "\n", "utf-8")


def lock(folder: Path) -> dict[str, object]:
    """Return Pyodide's lock file, trimmed to the wheels in `folder`.

    The wheels of the public index differ from those that Pyodide's own lock file describes (they were built
    again), so the hashes are those of the files that are shipped.
    """
    stock = json.loads(source("pyodide/pyodide-lock.json").read_text("utf-8"))
    packages = {}
    for wheel in sorted(folder.glob("*.whl")):
        distribution, version = wheel.name.split("-")[:2]
        name = re.sub(r"[-_.]+", "-", distribution).lower()
        packages[name] = {
            "name": name,
            "version": version,
            "file_name": wheel.name,
            "sha256": sha256_of(wheel),
            "imports": [distribution],
            "depends": [],
            "install_dir": "site",
            "package_type": "package",
            "tool": {},
            "unvendored_tests": False,
        }
    return {"info": stock["info"], "packages": packages}


def build_python(folder: Path) -> None:
    """Compile the standard library, and take a snapshot of an interpreter after the usual imports.

    The page starts twice as fast with the compiled library as with its sources, and faster still with the
    snapshot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stock, library = source("pyodide/python_stdlib.zip"), folder / "stdlib_pyc.zip"
    compile_zip(stock, library, STDLIB_PREFIX)
    run(
        [require("node"), SNAPSHOT_MAKER, stock.parent, library, stock.with_name("pyodide-lock.json"),
         folder / "snapshot.bin.gz", *snapshot_modules()],
        cwd=ROOT,
        what="Taking the snapshot of the interpreter",
        fix="Node.js 20 or newer is needed; read its message above.",
    )  # fmt: skip
