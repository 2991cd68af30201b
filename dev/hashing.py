"""Hashes of files, in the one form that the stamp, the lock and the server share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_of(paths: Iterable[Path], base: Path) -> str:
    """Return one hash over the names (relative to `base`) and contents of several files."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(base).as_posix()}\0{sha256_of(path)}\n".encode())
    return total.hexdigest()
