"""The JavaScript packages: installed by npm into node_modules, copied from there, never executed."""

from __future__ import annotations

import json

from dev.commands import require, run
from dev.paths import NODE_MODULES, ROOT

LOCK = ROOT / "package-lock.json"
MANIFEST = ROOT / "package.json"


def pinned_versions() -> dict[str, str]:
    """Return the pinned version of every package that package.json names."""
    manifest = json.loads(MANIFEST.read_text("utf-8"))
    return {**manifest["dependencies"], **manifest["devDependencies"]}


def installed_versions() -> dict[str, str | None]:
    """Return the version of each pinned package that node_modules holds; None for one that is not there."""

    def version(name: str) -> str | None:
        try:
            return str(json.loads((NODE_MODULES / name / "package.json").read_text("utf-8"))["version"])
        except (OSError, ValueError, KeyError):
            return None

    return {name: version(name) for name in pinned_versions()}


def are_installed() -> bool:
    """Return whether node_modules holds the pinned version of every package."""
    return installed_versions() == pinned_versions()


def install(*, force: bool = False) -> None:
    """Install exactly what the lock file says, unless it is there already.

    Args:
        force: Install even when the versions agree, because a file inside a package is missing.

    Raises:
        Problem: npm is missing or failed.
    """
    if not force and are_installed():
        return
    run(
        [require("npm"), "ci", "--loglevel=error"],
        cwd=ROOT,
        what="Installing the JavaScript packages (npm ci)",
        needs_network=True,
        fix="Read npm's message above; deleting node_modules and running the command again often helps.",
    )
