"""Files to drop: small real ones, huge ones that take no space, and wrong ones."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from tests.core.gguf_writer import Gguf, llama, weights

MB = 2**20
GB = 2**30


def small_gguf(path: Path) -> Path:
    """Write a whole GGUF file of a few KB; gives its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(Gguf(llama(), weights()).file())
    return path


def sparse_gguf(path: Path, size: int) -> Path:
    """Write a GGUF file of `size` bytes that takes a block on the disk; gives its path."""
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 0))
    os.truncate(path, size)
    return path
