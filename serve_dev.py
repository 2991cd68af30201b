"""Prepares the browser dependencies once, then serves the page: `python3 serve_dev.py --help`."""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - who starts it with an older Python shall read why
    sys.exit("Berth needs Python 3.11 or newer; this is Python " + sys.version.split()[0] + ".")

from dev.cli import main

if __name__ == "__main__":
    sys.exit(main())
