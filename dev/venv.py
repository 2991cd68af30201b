"""The project's own virtual environment, .venv, with the pinned test dependencies of pyproject.toml.

`python3 tests` runs in it, and so do the reference servers that `serve_dev.py --local-api` starts.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

from dev.commands import run
from dev.locking import exclusive
from dev.paths import BUILD, ROOT, VENV
from dev.problem import Problem

PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = BUILD / "stamps" / "venv.txt"


def requirements() -> list[str]:
    """Return the pinned test dependencies of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return list(project["project"]["optional-dependencies"]["test"])


def _wanted() -> str:
    parts = (sys.version.split()[0], *requirements())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def is_current() -> bool:
    """Return whether the environment is there and holds what pyproject.toml asks for."""
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text("utf-8") == _wanted()


def ensure(report: Callable[[str], None]) -> Path:
    """Make the environment if it is missing or older than pyproject.toml, and return its interpreter.

    Args:
        report: Takes one line of progress; called only when there is something to do.

    Raises:
        Problem: It could not be made, or the packages could not be installed.
    """
    with exclusive(BUILD / "venv.lock", lambda: report("Another command prepares .venv; waiting for it …")):
        if is_current():
            return PYTHON
        report("Making the virtual environment .venv …")
        _make()
        report("Installing the test dependencies into .venv (a minute or two, once) …")
        _install()
        STAMP.parent.mkdir(parents=True, exist_ok=True)
        STAMP.write_text(_wanted(), "utf-8")
    return PYTHON


def _make() -> None:
    try:
        run(
            [sys.executable, "-m", "venv", "--clear", VENV],
            cwd=ROOT,
            what="Making the virtual environment .venv",
            fix="Read the message above; the folder must be writable.",
        )
    except Problem as problem:
        if "ensurepip" not in problem.what:
            raise
        raise Problem(
            problem.what,
            cause="This Python was installed without venv, as Debian does.",
            fix="Install it (Debian: apt install python3-venv), then try again.",
        ) from None


def _install() -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write("\n".join(requirements()))
        wanted.flush()
        run(
            [
                PYTHON,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
                wanted.name,
            ],
            cwd=ROOT,
            what="Installing the test dependencies (pip)",
            needs_network=True,
            fix="Read pip's message above; the pins are in pyproject.toml.",
        )
