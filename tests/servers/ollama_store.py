"""Owns the models of the Ollama reference server: a folder of GGUF files under Ollama's names, and its library."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PIECE: Final = 256 * 1024
_SUFFIX: Final = ".gguf"


@dataclass(frozen=True)
class Kept:
    """A model that is there."""

    name: str
    path: Path

    @property
    def digest(self) -> str:
        """The hash of the file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


class Store:
    """The models in a folder. `tinker-1m-q8_0.gguf` is called `tinker-1m-q8_0:latest`."""

    def __init__(self, folder: Path, library: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._library = library

    def all(self) -> list[Kept]:
        """Every model."""
        return [Kept(f"{path.stem}:latest", path) for path in sorted(self._folder.glob(f"*{_SUFFIX}"))]

    def find(self, name: str) -> Kept | None:
        """The model of that name; its tag may be left out."""
        wanted = name if ":" in name else f"{name}:latest"
        return next((kept for kept in self.all() if kept.name == wanted), None)

    def pull(self, name: str) -> Iterator[dict[str, Any]]:
        """Copy a model from the library in pieces; what has been done is told after each."""
        yield {"status": "pulling manifest"}
        stem, _, tag = name.partition(":")
        source = self._library / f"{Path(stem).name}{_SUFFIX}"
        if tag not in {"", "latest"} or not stem or not source.is_file():
            yield {"error": "pull model manifest: file does not exist"}
            return
        size = source.stat().st_size
        digest = f"sha256:{hashlib.sha256(source.read_bytes()).hexdigest()}"
        news = {"status": f"pulling {digest[7:19]}", "digest": digest, "total": size}
        yield news
        partial = self._folder / f"{source.name}.partial"
        with source.open("rb") as whole, partial.open("wb") as copy:
            while piece := whole.read(PIECE):
                copy.write(piece)
                yield news | {"completed": copy.tell()}
        partial.rename(self._folder / source.name)
        yield from (
            {"status": status} for status in ("verifying sha256 digest", "writing manifest", "success")
        )
