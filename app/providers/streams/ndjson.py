"""Newline-delimited JSON: one value on each line, as Ollama streams it."""

from __future__ import annotations

from app.providers.streams.lines import LINE_LIMIT, LineDecoder


class NdjsonDecoder:
    """The JSON text of each line, from bytes that are cut anywhere; blank lines are dropped.

    `overflowed` is true after a line longer than `limit` bytes: it and all that follows is not read.
    """

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        """Nothing has arrived yet."""
        self._lines = LineDecoder(limit)

    @property
    def overflowed(self) -> bool:
        """Whether a line was too long."""
        return self._lines.overflowed

    def feed(self, data: bytes) -> list[str]:
        """The texts that `data` completes."""
        return _texts(self._lines.feed(data))

    def finish(self) -> list[str]:
        """The last text, when the stream has ended without a line end; it may be cut off."""
        return _texts(self._lines.finish())


def _texts(lines: list[bytes]) -> list[str]:
    return [line.decode("utf-8", "replace") for line in lines if line.strip()]
