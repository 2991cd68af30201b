"""The decoder of a stream whose events are JSON values: what all dialects but their meaning have in common."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from app.core.deltas import Delta, joined
from app.core.http import HttpReply
from app.core.problems import ApiError, Problem
from app.providers import extract
from app.providers.streams.ndjson import NdjsonDecoder
from app.providers.streams.sse import SseDecoder, SseEvent

END = "[DONE]"
"""What says in most streams of server-sent events that no more comes."""


class EventReader(Protocol):
    """Knows what the events of one dialect mean, in their order. `done` is true when the answer is over."""

    done: bool

    def read(self, value: Any) -> list[Delta] | None:
        """The deltas in an event; None when it is none of this dialect."""
        ...

    def failure(self, value: Any) -> int | None:
        """The status that the error in an event would have had before the stream began; None when it is no error.

        It is 200 for an error that does not tell.
        """
        ...

    def end(self) -> list[Delta]:
        """The deltas left when the stream says that it is over."""
        ...

    def finish(self) -> list[Delta]:
        """The deltas that were held back, when no more comes."""
        ...


class JsonEventDecoder:
    """See `StreamDecoder`.

    `lines`: each line is an event, instead of server-sent events. `as_text`: the events are texts and not JSON. `end`
    is the event that says that no more comes; empty for none.
    """

    def __init__(
        self,
        reader: EventReader,
        error_of: Callable[[HttpReply], ApiError],
        *,
        lines: bool = False,
        as_text: bool = False,
        end: str = END,
    ) -> None:
        """`error_of` reads an error reply; what the stream reports is handed to it as one."""
        self.error: ApiError | None = None
        self.done = False
        self.skipped = 0
        self._reader = reader
        self._error_of = error_of
        self._end = end
        self._value: Callable[[str], Any] = str if as_text else _value
        self._lines = NdjsonDecoder() if lines else None
        self._events = SseDecoder()
        self._is_understood = False

    def feed(self, data: bytes) -> list[Delta]:
        """See `StreamDecoder.feed`."""
        deltas: list[Delta] = []
        for event in self._cut(data):
            if self.done or self.error:
                break
            self._read(event, deltas)
        source = self._lines or self._events
        if source.overflowed and not self.error:
            self.error = ApiError(Problem.of("stream.overflow"), 200)
        return joined(deltas)

    def finish(self) -> list[Delta]:
        """See `StreamDecoder.finish`."""
        deltas: list[Delta] = []
        for event in self._rest():
            if (
                not self.done
                and not self.error
                and (self._is_end(event) or self._value(event.data) is not None)
            ):
                self._read(event, deltas)
        deltas += self._reader.finish()
        if self.skipped and not self._is_understood and not self.error:
            self.error = ApiError(Problem.of("stream.unreadable"), 200)
        return joined(deltas)

    def _cut(self, data: bytes) -> list[SseEvent]:
        if self._lines is None:
            return self._events.feed(data)
        return [SseEvent(text) for text in self._lines.feed(data)]

    def _rest(self) -> list[SseEvent]:
        if self._lines is None:
            return self._events.finish()
        return [SseEvent(text) for text in self._lines.finish()]

    def _is_end(self, event: SseEvent) -> bool:
        return bool(self._end) and event.data.strip() == self._end

    def _read(self, event: SseEvent, deltas: list[Delta]) -> None:
        if self._is_end(event):
            self.done = self._is_understood = True
            deltas += self._reader.end()
            return
        value = self._value(event.data)
        status = self._failure(event, value)
        if status is not None:
            media_type = "text/plain" if value is None else "application/json"
            reply = HttpReply(status, {"content-type": media_type}, event.data.encode())
            self.error = self._error_of(reply)
            return
        found = None if value is None else self._reader.read(value)
        if found is None:
            self._skip(event, value)
            return
        self._is_understood = True
        self.done = self._reader.done
        deltas += found

    def _failure(self, event: SseEvent, value: Any) -> int | None:
        status = None if value is None else self._reader.failure(value)
        return 200 if status is None and event.name == "error" else status

    def _skip(self, event: SseEvent, value: Any) -> None:
        if not event.data.strip():
            return  # a sign of life
        self.skipped += 1
        if value is None and not self._is_understood:
            reply = HttpReply(200, {"content-type": "text/plain"}, event.data.encode())
            self.error = ApiError(Problem.of("stream.unreadable", details=extract.error_text(reply)), 200)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
