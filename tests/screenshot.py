"""`python3 tests/screenshot.py`: takes the picture of the README anew, docs/screenshot.png."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dev import chromium, venv  # noqa: E402 - after the path is set
from dev.prepare import prepare, show  # noqa: E402
from dev.problem import Problem  # noqa: E402


def main() -> int:
    """Set up what is missing and take it in .venv; return the exit code."""
    try:
        python = venv.ensure(show)
        prepare()
        environment = {**os.environ, chromium.VARIABLE: str(chromium.ensure(show))}
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    command = [str(python), "-m", "tests.browser.picture"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
