"""Prepares the browser dependencies once, then serves the page: `python3 serve_dev.py --help`."""

from __future__ import annotations

import sys

from dev.cli import main

if __name__ == "__main__":
    sys.exit(main())
