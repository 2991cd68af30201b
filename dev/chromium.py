"""Finds the Chromium that the browser tests drive, or installs it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from dev import venv
from dev.commands import run
from dev.paths import ROOT
from dev.problem import Problem

VARIABLE = "BERTH_CHROMIUM"
"""The environment variable that names the browser."""

PACKAGES = ("chromium-headless-shell", "chromium")
"""Debian's, the best first: the shell is Chromium without its own windows and menus, and opens a page in a third of the
time. Releases that do not have it have the other.
"""

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

OWN_BROWSER = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def ensure(report: Callable[[str], None]) -> Path:
    """Return the browser's executable.

    Looks at $BERTH_CHROMIUM, then on the PATH, then at what Playwright has installed; installs it with apt
    when this is root on Debian or Ubuntu, else with Playwright.

    Args:
        report: Takes one line of progress.

    Raises:
        Problem: $BERTH_CHROMIUM names no file, or the installation failed.
    """
    if named := os.environ.get(VARIABLE):
        if Path(named).is_file():
            return Path(named)
        raise Problem(f"{VARIABLE}={named}: there is no such file.", fix="Correct or unset the variable.")
    if found := find():
        return found
    report("Installing Chromium …")
    _install()
    if found := find():
        return found
    raise Problem(
        "Chromium was installed but cannot be found.",
        fix=f"Install Chromium by hand and set {VARIABLE} to its executable.",
    )


def find() -> Path | None:
    """Return a Chromium that is there already, or None."""
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    own = Path(
        run(
            [venv.PYTHON, "-c", OWN_BROWSER], cwd=ROOT, what="Asking Playwright for its browser", fix=""
        ).strip()
    )
    return own if own.is_file() else None


def _install() -> None:
    fix = f"Install Chromium by hand and set {VARIABLE} to its executable."
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run(
            ["apt-get", "update"],
            cwd=ROOT,
            what="Updating the package lists (apt-get)",
            needs_network=True,
            fix=fix,
        )
        known = run(
            ["apt-cache", "pkgnames"], cwd=ROOT, what="Reading the package lists (apt-cache)", fix=fix
        )
        run(
            [
                *("apt-get", "install", "-y", "--no-install-recommends"),
                next((package for package in PACKAGES if package in known.split()), PACKAGES[-1]),
            ],
            cwd=ROOT,
            what="Installing Chromium (apt-get)",
            needs_network=True,
            fix=fix,
            env=quiet,
        )
    else:
        run(
            [venv.PYTHON, "-m", "playwright", "install", "chromium"],
            cwd=ROOT,
            what="Installing Chromium (Playwright)",
            needs_network=True,
            fix=fix,
        )
