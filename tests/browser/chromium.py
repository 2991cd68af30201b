"""Where Chromium is and how it is started."""

from __future__ import annotations

import os

from dev import chromium

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str:
    """Return the browser that `python3 tests` chose, else one that is installed."""
    found = os.environ.get(chromium.VARIABLE) or chromium.find()
    if not found:
        raise FileNotFoundError("No Chromium here: run `python3 tests`, which installs one.")
    return str(found)
