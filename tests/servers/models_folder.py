"""Owns the folder of model files behind a reference server: listing, storing an upload, deleting.

An upload is written once, straight into the folder, under a temporary name that ends in ``.part``; it is
renamed when it is complete and removed when it is not. Runs of zero bytes become holes: a sparse file stays
sparse.
"""

from __future__ import annotations

import errno
import os
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SUFFIX: Final = ".gguf"
_PART: Final = "berth-upload-{}.part"


@dataclass(frozen=True)
class ModelFile:
    """One stored model file: its name with extension, bytes, and Unix times in seconds."""

    name: str
    size: int
    modified: float
    uploaded: float


class PartFile:
    """An upload on its way into the folder."""

    def __init__(self, folder: Path, budget: int | None) -> None:
        """`budget` is how many bytes fit, for a disk that is full on purpose; `None` for the real disk."""
        self.path = folder / _PART.format(uuid.uuid4().hex)
        self._budget = budget
        self._length = 0
        self._file = self.path.open("xb")

    def write(self, data: bytes) -> None:
        """Append `data`. `OSError` when the disk is full."""
        self._length += len(data)
        if self._budget is not None and self._length > self._budget:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if data[:1] == b"\0" and data == bytes(len(data)):
            self._file.seek(len(data), os.SEEK_CUR)
        else:
            self._file.write(data)

    def finish(self) -> None:
        """Bring everything to the file. `OSError` when the disk is full."""
        self._file.truncate()
        self._file.close()

    def discard(self) -> None:
        """Remove what is there; nothing once the folder has kept it."""
        with suppress(OSError):  # on a full disk, closing fails too
            self._file.close()
        self.path.unlink(missing_ok=True)


class ModelsFolder:
    """The models of one server. Safe to use from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.storing = threading.Lock()
        """Held while a name is checked and taken."""
        path.mkdir(parents=True, exist_ok=True)
        for left_over in path.glob(_PART.format("*")):
            left_over.unlink()

    def shown_path(self, name: str) -> str:
        """How answers name the file: relative, as in ``./models/name.gguf``."""
        return f"./{self.path.name}/{name}"

    def list(self) -> list[ModelFile]:
        """Every model, by name."""
        found = []
        for path in sorted(self.path.glob(f"*{SUFFIX}")):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            found.append(ModelFile(path.name, status.st_size, status.st_mtime, status.st_ctime))
        return found

    def find(self, name: str) -> ModelFile | None:
        """The model of this name, with or without ``.gguf``."""
        stored = stored_name(name)
        return next((model for model in self.list() if model.name == stored), None)

    def file(self, model: ModelFile) -> Path:
        """Where the model is stored."""
        return self.path / model.name

    def delete(self, model: ModelFile) -> None:
        """Remove the model's file. `OSError` when it cannot be removed."""
        self.file(model).unlink()

    def keep(self, part: PartFile, name: str) -> ModelFile:
        """Give a finished upload its final name, replacing what has that name."""
        target = self.path / stored_name(name)
        part.path.replace(target)
        status = target.stat()
        return ModelFile(target.name, status.st_size, status.st_mtime, status.st_ctime)


def stored_name(name: str) -> str:
    """The name with ``.gguf`` appended when it lacks it (exactly so: ``.GGUF`` does not count)."""
    return name if name.endswith(SUFFIX) else name + SUFFIX
