"""Passing over arrays of strings, the vocabularies and merges that make up nearly all of a header.

Their strings are never built. A long array is jumped: the key behind it is searched for, which is six times
as fast as walking from string to string. The search can land wrong (a vocabulary may hold anything), so the
reader checks all that comes after and reads the header again, walking, when it makes no sense.
"""

from __future__ import annotations

import re
import struct

from app.core.gguf.cursor import MAX_HEADER, Cursor
from app.core.gguf.layout import VALUE_TYPES

JUMP_FROM = 512
"""Arrays of fewer strings are walked: that costs less than a search."""

MAX_REJECTED = 1_000
"""After so many places that only look like keys the file is playing games, and is walked from there on."""

_U64 = struct.Struct("<Q")
_U32 = struct.Struct("<I")
_LENGTH = 8
_ZEROS = bytes(_LENGTH - 1)
"""The upper bytes of a key's length: keys are shorter than 256 bytes."""

_KEY = re.compile(rb"[a-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
_PREFIXES = (b"tokenizer.", b"general.", b"quantize.", b"split.", b"adapter.")


class StringArrays:
    """Passes over the string arrays of one header. `jumped` tells whether any was jumped."""

    def __init__(self, cursor: Cursor, jump: bool) -> None:
        """Move `cursor`; with `jump` false every array is walked."""
        self.jumped = False
        self._cursor = cursor
        self._jump = jump
        self._rejected = 0
        self._searched = dict.fromkeys(_PREFIXES, 0)

    def expect(self, prefix: str) -> None:
        """Keys may begin with `prefix` and a dot as well, which is the name of the architecture."""
        self._searched.setdefault(prefix.encode() + b".", 0)

    def skip(self, count: int, key_follows: bool) -> None:
        """Move the cursor over `count` strings; `key_follows` tells whether a key stands behind them.

        Raises:
            NeedMore, InvalidFile: the bytes at hand, or the file, end before the strings do.
        """
        if self._jump and key_follows and count >= JUMP_FROM:
            landing = self._next_key(self._cursor.position + _LENGTH * count)
            if landing is not None:
                self.jumped = True
                self._cursor.position = landing
                return
        self._walk(count)

    def _walk(self, count: int) -> None:
        cursor, unpack = self._cursor, _U64.unpack_from
        data, position = cursor.data, cursor.position
        left = count
        try:
            for left in range(count, 0, -1):  # noqa: B007  read after the loop has failed
                position += _LENGTH + unpack(data, position)[0]
        except (struct.error, OverflowError):
            position += _LENGTH * left
        if position - len(data) > MAX_HEADER:
            cursor.corrupt("text_length", cursor.position)
        cursor.take(position - cursor.position)

    def _next_key(self, start: int) -> int | None:
        """Where the first key at or after `start` begins (with its length); None when none can be seen."""
        earliest = len(self._cursor.data)
        landing = None
        for prefix in self._searched:
            found = self._find(prefix, start, earliest)
            if found is not None:
                earliest = landing = found
        return landing

    def _find(self, prefix: bytes, start: int, end: int) -> int | None:
        """The first key with `prefix` between `start` and `end`. No byte is searched twice for one prefix."""
        data, needle = self._cursor.data, _ZEROS + prefix
        at = max(start + 1, self._searched[prefix])
        while (at := data.find(needle, at, end)) >= 0:
            if self._is_key(at - 1):
                self._searched[prefix] = at
                return at - 1
            at += 1
            self._rejected += 1
            if self._rejected > MAX_REJECTED:
                self._jump = False
                return None
        self._searched[prefix] = max(self._searched[prefix], end - len(needle) + 1)
        return None

    def _is_key(self, position: int) -> bool:
        data = self._cursor.data
        begin = position + _LENGTH
        end = begin + data[position]
        if end + _U32.size > len(data):
            return False
        return _KEY.fullmatch(data, begin, end) is not None and _U32.unpack_from(data, end)[0] in VALUE_TYPES
