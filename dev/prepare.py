"""Prepares static/vendor: everything that the page needs and that is not written in this repository.

A step runs when what it is made from changed or when its result is damaged; otherwise a start costs some
hundred `stat` calls. An interrupted preparation leaves the finished steps, and no half folder.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from dev import node_packages
from dev.locking import exclusive
from dev.paths import BUILD, VENDOR
from dev.steps import STEPS, Step

Report = Callable[[str], None]
"""Takes one line of progress."""

SIZES = VENDOR / "sizes.json"
COUNTED = ("pyodide/pyodide.asm.wasm", "python/stdlib_pyc.zip", "app/snapshot.bin.gz")
"""The downloads whose bytes the page counts while it starts (static/js/downloads.mjs)."""


def show(line: str) -> None:
    """Print one line of progress at once."""
    print(line, flush=True)


def prepare(report: Report = show) -> None:
    """Make static/vendor complete and current.

    Args:
        report: Takes one line of progress; called only when there is something to do.

    Raises:
        Problem: A step failed; the steps before it are kept.
    """
    with exclusive(BUILD / "lock", lambda: report("Another preparation is running; waiting for it …")):
        due = [(step, reason) for step in STEPS if (reason := step.reason())]
        if due and not node_packages.are_installed():
            report("Installing the JavaScript packages …")
            node_packages.install()
        for number, (step, reason) in enumerate(due, 1):
            _run(step, f"[{number}/{len(due)}] {step.title}", reason, report)
        if due or not SIZES.exists():
            _write_sizes()


def _run(step: Step, label: str, reason: str, report: Report) -> None:
    started = time.monotonic()
    report(f"{label}: {reason} …")
    step.run()
    report(f"{label}: ready ({time.monotonic() - started:.1f} s)")


def _write_sizes() -> None:
    sizes = {name: (VENDOR / name).stat().st_size for name in COUNTED}
    SIZES.write_text(json.dumps(sizes, indent=1) + "\n", "utf-8")
