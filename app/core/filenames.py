"""File names: the one under which the local API stores an upload, and the names of shards."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

EXTENSION = ".gguf"
MAX_LENGTH = 255
"""The longest file name that common file systems take, in bytes."""

_NOT_SAFE = re.compile(r"[^A-Za-z0-9_.-]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows their first dot."""

_SHARD = re.compile(
    r"(?P<stem>.+)-(?P<number>[0-9]{5})-of-(?P<count>[0-9]{5})\.gguf", re.IGNORECASE | re.DOTALL
)


def stored_name(name: str) -> str:
    """The name under which the local API's server stores a file called `name`, and under which to send it.

    It is a fixed point of the server's own sanitising on every platform (Werkzeug's `secure_filename`:
    non-ASCII dropped, white space to `_`, all but `A-Za-z0-9_.-` removed, `.` and `_` stripped from both
    ends). Where that would leave nothing, a leading dash or the name of a device, `model` takes the place or
    stands before it. The extension is `.gguf` in lower case, because the server's list looks for no other.
    """
    stem = name[: -len(EXTENSION)] if name.lower().endswith(EXTENSION) else name
    ascii_stem = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode("ascii")
    spaced = ascii_stem.replace("/", " ").replace("\\", " ")
    safe = _NOT_SAFE.sub("", "_".join(spaced.split())).strip("._")
    if not safe.strip("._-"):
        safe = "model"
    elif safe.startswith("-"):
        safe = f"model{safe}"
    elif _DEVICE.match(safe):
        safe = f"model_{safe}"
    return safe[: MAX_LENGTH - len(EXTENSION)].rstrip("._") + EXTENSION


@dataclass(frozen=True, slots=True)
class Shard:
    """One file of a model that comes in several: number `number` of `count`, counted from 1."""

    stem: str
    number: int
    count: int

    @classmethod
    def parse(cls, name: str) -> Shard | None:
        """Read `stem-00001-of-00003.gguf`, llama.cpp's way to name shards; None for any other name."""
        match = _SHARD.fullmatch(name)
        if match is None:
            return None
        number, count = int(match["number"]), int(match["count"])
        return cls(match["stem"], number, count) if 1 <= number <= count else None

    @property
    def name(self) -> str:
        """The file name of this shard."""
        return f"{self.stem}-{self.number:05d}-of-{self.count:05d}{EXTENSION}"

    def siblings(self) -> tuple[str, ...]:
        """The file names of all shards of the model, this one among them, in order."""
        return tuple(Shard(self.stem, number, self.count).name for number in range(1, self.count + 1))
