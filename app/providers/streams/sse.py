"""Server-sent events, read as the HTML standard (section 9.2.6) says, for streams of any origin."""

from __future__ import annotations

from typing import NamedTuple

from app.providers.streams.lines import LINE_LIMIT, LineDecoder


class SseEvent(NamedTuple):
    """One event: its data, and its name where it has one."""

    data: str
    name: str = ""


class SseDecoder:
    """Events from bytes that are cut anywhere.

    Comments, ids and unknown fields are dropped; an event without data is none. `overflowed` is true after an event
    longer than `limit` bytes: it and all that follows is not read.
    """

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        """Nothing has arrived yet."""
        self.overflowed = False
        self._limit = limit
        self._lines = LineDecoder(limit)
        self._data: list[bytes] = []
        self._size = 0
        self._name = ""

    def feed(self, data: bytes) -> list[SseEvent]:
        """The events that `data` completes."""
        return self._read(self._lines.feed(data))

    def finish(self) -> list[SseEvent]:
        """The last event, when the stream has ended without the empty line after it.

        The standard drops such an event, because it may be cut off. Servers that forget the line are more common than
        events that are cut and still readable, so it is handed out: whether it is whole is for its reader to see.
        """
        events = self._read(self._lines.finish())
        return [*events, self._event()] if self._data else events

    def _read(self, lines: list[bytes]) -> list[SseEvent]:
        events: list[SseEvent] = []
        for line in lines:
            if line.startswith(b"data:"):
                self._add(line[6:] if line.startswith(b"data: ") else line[5:])
            elif not line:
                if self._data:
                    events.append(self._event())
                self._name = ""
            elif line.startswith(b"event:"):
                self._name = line[6:].decode("utf-8", "replace").removeprefix(" ")
            elif line == b"data":
                self._add(b"")
        self.overflowed = self.overflowed or self._lines.overflowed
        return events

    def _add(self, value: bytes) -> None:
        if self.overflowed:
            return
        self._data.append(value)
        self._size += len(value)
        if self._size > self._limit:
            self.overflowed = True
            self._data.clear()

    def _event(self) -> SseEvent:
        data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
        self._data.clear()
        self._size = 0
        return SseEvent(data.decode("utf-8", "replace"), self._name)
