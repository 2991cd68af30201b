"""The Python of the page: its sources, and the zip of them that the page unpacks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from dev.hashing import digest_of
from dev.paths import ROOT


def app_sources() -> list[Path]:
    """Return the Python files of the app."""
    return sorted((ROOT / "app").rglob("*.py"))


def app_digest() -> str:
    """Return one hash over all sources of the app."""
    return digest_of(app_sources(), ROOT)


def source_zip(more: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """Return a zip of the app's sources as they are on disk now.

    Args:
        more: Further files by their name in the zip.
    """
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in app_sources()}
    files |= {name: text.encode() for name, text in more.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as output:
        for name, data in files.items():
            output.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
