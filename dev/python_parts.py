"""The Python side of static/vendor: wheels and their lock file, standard library, app and snapshot."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

from dev import pyscript_library
from dev.app_bundle import DIGEST
from dev.app_sources import app_digest, source_zip
from dev.browser_modules import source
from dev.commands import run
from dev.compiling import compile_zip
from dev.hashing import sha256_of
from dev.paths import ROOT, VENDOR, VENV
from dev.problem import Problem
from dev.pure_wheel import make_pure
from dev.snapshot import take_snapshot

LIBRARY = VENDOR / "python" / "stdlib_pyc.zip"
PLATFORM = "manylinux2014_x86_64"
"""Whose wheels are fetched on every machine, where a package has none without machine code: one file, one hash."""

STDLIB_PREFIX = "/lib/python314.zip/"
"""Where Pyodide mounts its standard library."""

APP_PREFIX = "/home/pyodide/"
"""Where the page unpacks the app."""


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
             "--only-binary", ":all:", "--python-version", "3.14", "--platform", PLATFORM, "--require-hashes",
             "--requirement", requirements.name, "--dest", folder],
            cwd=ROOT,
            what="Downloading the Python wheels", needs_network=True,
            fix="Read pip's message above; the pins are in pyproject.toml under [tool.berth].",
        )  # fmt: skip
    for wheel in folder.glob(f"*{PLATFORM}*.whl"):
        make_pure(wheel)
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


def build_library(folder: Path) -> None:
    """Compile the standard library: the page starts twice as fast with it as with the sources."""
    compile_zip(source("pyodide/python_stdlib.zip"), folder / LIBRARY.name, STDLIB_PREFIX)


def build_app(folder: Path) -> None:
    """Compile the app, with PyScript's own library that would be compiled at each start, and take the snapshot.

    Raises:
        Problem: A source does not compile, or Node.js is missing.
    """
    library = {
        pyscript_library.CACHE.format(module=name.removesuffix(".py")): code
        for name, code in pyscript_library.sources().items()
    }
    sources = folder / "sources.zip"
    sources.write_bytes(source_zip(library))
    compile_zip(sources, folder / "app.zip", APP_PREFIX)
    sources.unlink()
    (folder / DIGEST.name).write_text(app_digest())
    take_snapshot(LIBRARY, folder / "app.zip", folder / "snapshot.bin.gz")
