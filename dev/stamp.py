"""The memory of the preparation: what was built, from what, and whether it is still whole.

A step builds a folder. Its stamp holds a hash of everything that went in, and size, time and hash of every
file that came out. A start reads sizes and times; a file whose time changed is hashed before it is believed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from dev.hashing import sha256_of


@dataclass(frozen=True)
class BuiltFile:
    """One output as it was when it was built."""

    size: int
    mtime_ns: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> BuiltFile:
        """Measure a file that exists."""
        status = path.stat()
        return cls(status.st_size, status.st_mtime_ns, sha256_of(path))


@dataclass(frozen=True)
class Stamp:
    """What one step built.

    Attributes:
        inputs: Hash over everything that the step read.
        files: The outputs by their path inside the step's folder.
    """

    inputs: str
    files: dict[str, BuiltFile]

    @classmethod
    def of(cls, inputs: str, folder: Path) -> Stamp:
        """Measure a freshly built folder."""
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return cls(inputs, {path.relative_to(folder).as_posix(): BuiltFile.of(path) for path in paths})

    @classmethod
    def read(cls, path: Path) -> Stamp | None:
        """Return the stamp stored at `path`, or None when it is missing or unreadable."""
        try:
            data = json.loads(path.read_text("utf-8"))
            return cls(data["inputs"], {name: BuiltFile(**file) for name, file in data["files"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, path: Path) -> None:
        """Store the stamp."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1), "utf-8")

    def damage(self, folder: Path) -> str:
        """Return what is wrong with the folder, in words, or "" when every file is as it was built."""
        for name, built in self.files.items():
            path = folder / name
            try:
                status = path.stat()
            except OSError:
                return f"{name} is missing"
            if status.st_size != built.size:
                return f"{name} has {status.st_size} bytes instead of {built.size}"
            if status.st_mtime_ns != built.mtime_ns and sha256_of(path) != built.sha256:
                return f"{name} was changed"
        return ""
