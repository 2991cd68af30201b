"""Makes a wheel for every machine from one for a single machine, where the Python in it works by itself."""

from __future__ import annotations

import zipfile
from pathlib import Path

MACHINE_CODE = (".so", ".pyd", ".dll", ".c", ".pyi")
"""What a page has no use for: the compiled part, its source and its types."""


def make_pure(wheel: Path) -> Path:
    """Replace a wheel by one that holds its Python alone; returns the new file.

    MarkupSafe is such a package: what it compiles is there in Python as well.
    """
    name, version = wheel.name.split("-")[:2]
    target = wheel.with_name(f"{name}-{version}-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as given, zipfile.ZipFile(target, "w") as made:
        for entry in given.infolist():
            if not entry.is_dir() and not entry.filename.endswith((*MACHINE_CODE, "RECORD", "WHEEL")):
                # With a fixed time the file is the same on every machine.
                file = zipfile.ZipInfo(entry.filename, (2024, 1, 1, 0, 0, 0))
                made.writestr(file, given.read(entry), zipfile.ZIP_DEFLATED)
    wheel.unlink()
    return target
