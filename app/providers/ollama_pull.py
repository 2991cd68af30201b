"""Reading the progress of a download to Ollama: one line of JSON for each piece of news."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from app.core.http import HttpReply
from app.core.problems import ApiError, Problem
from app.core.remote_models import PullProgress
from app.providers.extract.values import at, count, first_text
from app.providers.streams import NdjsonDecoder

_SUCCESS = "success"


class PullReader:
    """See `PullDecoder`. A model comes in parts, which are added up; several may be under way at once."""

    def __init__(self, error_of: Callable[[HttpReply], ApiError]) -> None:
        """`error_of` reads an error reply; what the stream reports is handed to it as one."""
        self.error: ApiError | None = None
        self.done = False
        self._error_of = error_of
        self._lines = NdjsonDecoder()
        self._received: dict[str, int] = {}
        self._totals: dict[str, int] = {}

    def feed(self, data: bytes) -> list[PullProgress]:
        """See `PullDecoder.feed`."""
        return self._read(self._lines.feed(data))

    def finish(self) -> list[PullProgress]:
        """See `PullDecoder.finish`."""
        return self._read(self._lines.finish())

    def _read(self, lines: list[str]) -> list[PullProgress]:
        news: dict[str, PullProgress] = {}
        for line in lines:
            if self.done or self.error:
                break
            self._read_line(line, news)
        if self._lines.overflowed and not self.error:
            self.error = ApiError(Problem.of("stream.overflow"), 200)
        return list(news.values())

    def _read_line(self, line: str, news: dict[str, PullProgress]) -> None:
        value = _value(line)
        if at(value, "error"):
            self.error = self._error_of(HttpReply(200, {"content-type": "application/json"}, line.encode()))
            return
        status = first_text(value, "status")
        if not status:
            return
        self.done = status == _SUCCESS
        self._add(value)
        news[status] = PullProgress(status, sum(self._received.values()), sum(self._totals.values()))

    def _add(self, value: Any) -> None:
        part, total = first_text(value, "digest"), count(at(value, "total"))
        if part and total is not None:
            self._totals[part] = total
            self._received[part] = min(count(at(value, "completed")) or 0, total)


def _value(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
