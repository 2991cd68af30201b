"""The decoder of streamed completions: server-sent events, each with a chunk as JSON, then `[DONE]`."""

from __future__ import annotations

import json
from typing import Any

from app.core.deltas import Delta, joined
from app.core.http import HttpReply
from app.core.problems import ApiError, Problem
from app.providers import extract, openai_problems
from app.providers.extract.values import at
from app.providers.openai_reading import CompletionReader
from app.providers.streams import SseDecoder, SseEvent

MEDIA_TYPE = "text/event-stream"

_END = "[DONE]"
_KNOWN = frozenset({"choices", "usage", "timings", "x_groq"})


class CompletionDecoder:
    """See `StreamDecoder`. An answer is complete with its finish reason, or with `[DONE]` where there is none."""

    def __init__(self) -> None:
        """Nothing has arrived yet."""
        self.error: ApiError | None = None
        self.done = False
        self.skipped = 0
        self._events = SseDecoder()
        self._reader = CompletionReader()
        self._is_understood = False

    def feed(self, data: bytes) -> list[Delta]:
        """See `StreamDecoder.feed`."""
        deltas: list[Delta] = []
        for event in self._events.feed(data):
            if self.done or self.error:
                break
            self._read(event, deltas)
        if self._events.overflowed and not self.error:
            self.error = ApiError(Problem.of("stream.overflow"), 200)
        return joined(deltas)

    def finish(self) -> list[Delta]:
        """See `StreamDecoder.finish`."""
        deltas: list[Delta] = []
        for event in self._events.finish():
            if not self.done and not self.error and (event.data.strip() == _END or _value(event) is not None):
                self._read(event, deltas)
        deltas += self._reader.finish()
        if self.skipped and not self._is_understood and not self.error:
            self.error = ApiError(Problem.of("stream.unreadable"), 200)
        return joined(deltas)

    def _read(self, event: SseEvent, deltas: list[Delta]) -> None:
        value = _value(event)
        is_object = isinstance(value, dict)
        if event.name == "error" or (is_object and value.get("error")):
            self.error = self._reported(event, value)
        elif is_object and not _KNOWN.isdisjoint(value):
            self._is_understood = True
            deltas += self._reader.read(value)
        elif event.data.strip() == _END:
            self.done = self._is_understood = True
            deltas += self._reader.finish("stop")
        else:
            self._skip(event, value)

    def _skip(self, event: SseEvent, value: Any) -> None:
        if not event.data.strip():
            return  # a sign of life
        self.skipped += 1
        if value is None and not self._is_understood:
            reply = HttpReply(200, {"content-type": "text/plain"}, event.data.encode())
            problem = Problem.of("stream.unreadable", details=extract.error_text(reply))
            self.error = ApiError(problem, 200)

    def _reported(self, event: SseEvent, value: Any) -> ApiError:
        """The error that the stream reports, with the status that it would have had before the stream began."""
        code = at(value, "error.code") or at(value, "status_code")
        status = code if isinstance(code, int) and 400 <= code < 600 else 200
        media_type = "text/plain" if value is None else "application/json"
        reply = HttpReply(status, {"content-type": media_type}, event.data.encode())
        return ApiError(openai_problems.problem_of_event(reply), status)


def _value(event: SseEvent) -> Any:
    try:
        return json.loads(event.data)
    except (ValueError, RecursionError):
        return None
