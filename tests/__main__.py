"""`python3 tests [pytest arguments]`: sets up what is missing, then runs everything.

On a fresh machine with Python 3.11 and npm it makes .venv with the pinned test dependencies, prepares
static/vendor, finds or installs Chromium, and runs pytest; its exit code is that of pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - who starts it with an older Python shall read why
    sys.exit("The tests need Python 3.11 or newer; this is Python " + sys.version.split()[0] + ".")

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dev import chromium, venv  # noqa: E402 - after the path is set
from dev.prepare import prepare, show  # noqa: E402
from dev.problem import Problem  # noqa: E402


def main(arguments: list[str]) -> int:
    """Set up and run; return the exit code of pytest."""
    try:
        python = venv.ensure(show)
        prepare()
        browser = chromium.ensure(show)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    environment = {**os.environ, chromium.VARIABLE: str(browser)}
    command = [str(python), "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
