"""Cutting a stream of bytes into lines, wherever the network has cut it."""

from __future__ import annotations

LINE_LIMIT = 8 * 2**20
"""Bytes that one line may have. No API sends longer ones; without a limit an endless line would fill the memory."""

_BOM = b"\xef\xbb\xbf"
_CR = 0x0D
_LF = 0x0A


class LineDecoder:
    """Lines that end in CR, LF or CRLF, without their ends. A byte order mark before the first one is dropped.

    `overflowed` is true after a line longer than `limit`: it and all that follows is not read.
    """

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        """Nothing has arrived yet."""
        self.overflowed = False
        self._limit = limit
        self._open: list[bytes] = []  # pieces of a line whose end has not arrived
        self._size = 0
        self._is_first = True
        self._after_cr = False

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that `data` completes."""
        if self._after_cr and data.startswith(b"\n"):
            data = data[1:]
            self._after_cr = False
        if not data or self.overflowed:
            return []
        self._after_cr = data[-1] == _CR
        lines = data.splitlines()  # of bytes: cuts at CR, LF and CRLF and nowhere else
        is_open = data[-1] != _LF and not self._after_cr
        if is_open and len(lines) == 1:
            self._keep(data)
            return []
        if self._open:
            lines[0] = self._closed(lines[0])
        if is_open:
            self._keep(lines.pop())
        if self._is_first:
            self._is_first = False
            lines[0] = lines[0].removeprefix(_BOM)
        return lines

    def finish(self) -> list[bytes]:
        """The last line, when the stream has ended without ending it."""
        if not self._open or self.overflowed:
            return []
        last = self._closed(b"")
        return [last.removeprefix(_BOM) if self._is_first else last]

    def _closed(self, end: bytes) -> bytes:
        line = b"".join([*self._open, end])
        self._open.clear()
        self._size = 0
        return line

    def _keep(self, piece: bytes) -> None:
        self._open.append(piece)
        self._size += len(piece)
        if self._size > self._limit:
            self.overflowed = True
            self._open.clear()
