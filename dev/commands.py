"""Runs the programs that the preparation needs (npm, node, pip) and explains their failures."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from dev.problem import Problem

NETWORK_SIGNS = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "network",
    "Temporary failure in name resolution",
    "Failed to establish a new connection",
    "No matching distribution found",
)
"""Words in the output of npm or pip that mean: the package registry was not reached."""

LONGEST_LINE = 200
"""Characters of a line of output that a message shows; the stack of minified JavaScript has far longer ones."""

INSTALL_HINTS = {
    "npm": "Install Node.js 20 or newer, which brings npm (Debian: apt install nodejs npm), then try again.",
    "node": "Install Node.js 20 or newer (Debian: apt install nodejs), then try again.",
}


def require(program: str) -> str:
    """Return the path of `program`.

    Raises:
        Problem: It is not installed.
    """
    path = shutil.which(program)
    if path is None:
        raise Problem(
            f"{program} was not found.",
            cause="Node.js is not installed, or not on the PATH.",
            fix=INSTALL_HINTS.get(program, f"Install {program}, then try again."),
        )
    return path


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    what: str,
    fix: str,
    env: Mapping[str, str] | None = None,
    needs_network: bool = False,
) -> str:
    """Run a command to its end and return what it printed.

    Args:
        command: Program and arguments.
        cwd: Where to run it.
        what: What the command was doing, for the message: "Installing the JavaScript packages".
        fix: What a person can do when it fails for another reason than the network.
        env: Variables added to the environment.
        needs_network: Whether a missing network is a likely cause of a failure.

    Raises:
        Problem: It failed; the message carries the end of its output.
    """
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if result.returncode == 0:
        return result.stdout
    tail = "\n".join(f"  | {line[:LONGEST_LINE]}" for line in result.stdout.strip().splitlines()[-12:])
    message = f"{what} failed (exit code {result.returncode}).\n{tail}"
    if needs_network and any(sign in result.stdout for sign in NETWORK_SIGNS):
        raise Problem(
            message,
            cause="The package registry could not be reached, or does not have that version.",
            fix="Check the network (and the proxy settings of npm and pip), then run the command again:"
            " what is already prepared is kept.",
        )
    raise Problem(message, fix=fix)
