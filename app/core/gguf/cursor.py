"""Reading bounded values from the first bytes of a file that may be truncated, corrupt or hostile."""

from __future__ import annotations

import struct
from typing import NoReturn

from app.core.problems import InvalidFile, Problem
from app.core.text import t

MEGABYTE = 1024 * 1024
READ_SIZES = (MEGABYTE, 8 * MEGABYTE, 16 * MEGABYTE)
"""How much of a file is read at a time; the largest headers known (262,000 tokens) need under 7 MB."""

MAX_HEADER = READ_SIZES[-1]
FIRST_READ = READ_SIZES[0]
"""How many bytes to hand to `read_header` at first."""

_U32 = struct.Struct("<I")
_U64 = struct.Struct("<Q")


class NeedMore(Exception):
    """The header goes on beyond the bytes at hand: read the first `size` bytes of the file and try again."""

    def __init__(self, size: int) -> None:
        """Ask for `size` bytes, counted from the start of the file and never more than it has."""
        super().__init__(f"the first {size} bytes are needed")
        self.size = size


class Cursor:
    """A position in `data`, the first bytes of a file of `size` bytes. It reads nothing that is not there."""

    def __init__(self, name: str, size: int, data: bytes, position: int = 0) -> None:
        """Start at `position`; `name` is for messages only."""
        self.name = name
        self.size = size
        self.data = data
        self.position = position

    def take(self, length: int) -> int:
        """Step over `length` bytes and return where they begin.

        Raises:
            NeedMore, InvalidFile: they are not there, see `short`.
        """
        start = self.position
        end = start + length
        if end > len(self.data):
            self.short(end)
        self.position = end
        return start

    def expect(self, length: int) -> None:
        """Make sure that `length` more bytes are at hand; raises as `take` does."""
        if self.position + length > len(self.data):
            self.short(self.position + length)

    def u32(self) -> int:
        """The next four bytes as an unsigned number."""
        value: int = _U32.unpack_from(self.data, self.take(4))[0]
        return value

    def u64(self) -> int:
        """The next eight bytes as an unsigned number."""
        value: int = _U64.unpack_from(self.data, self.take(8))[0]
        return value

    def count(self, minimum: int, limit: int = MAX_HEADER) -> int:
        """A number of things that take at least `minimum` bytes each, with room for all of them at hand.

        Raises:
            InvalidFile: more than `limit`, or more than any header has room for.
            NeedMore: they can be there, but not in the bytes at hand.
        """
        at = self.position
        count = self.u64()
        if count > limit or count * minimum > MAX_HEADER:
            self.corrupt("count", at, count=count)
        self.expect(count * minimum)
        return count

    def text(self, limit: int) -> str:
        """A name: UTF-8, not empty, of at most `limit` bytes.

        Raises:
            InvalidFile, NeedMore: it is none, or not all of it is at hand.
        """
        at = self.position
        length = self.u64()
        if not 0 < length <= limit:
            self.corrupt("name_length", at, length=length)
        start = self.take(length)
        try:
            return self.data[start : start + length].decode()
        except UnicodeDecodeError:
            self.corrupt("name_text", start)

    def short(self, end: int) -> NoReturn:
        """Say that the bytes up to `end` are needed.

        Raises:
            NeedMore: the file has them.
            InvalidFile: the file ends before them, or a header of that length cannot be.
        """
        if end > self.size:
            raise InvalidFile(Problem.of("gguf.truncated", name=self.name, size=f"{self.size:,}"))
        for size in READ_SIZES:
            if end <= size:
                raise NeedMore(min(size, self.size))
        raise InvalidFile(Problem.of("gguf.header_too_long", name=self.name, limit=MAX_HEADER // MEGABYTE))

    def corrupt(self, finding: str, position: int, **values: object) -> NoReturn:
        """Raise `InvalidFile`: what stands at `position` cannot be, because of `gguf.finding.<finding>`."""
        reason = t(f"gguf.finding.{finding}", **values)
        raise InvalidFile(
            Problem.of("gguf.corrupt", name=self.name, position=f"{position:,}", finding=reason)
        )
