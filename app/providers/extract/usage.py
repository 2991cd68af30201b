"""What a server reports about an answer: tokens and its own processing time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar

from app.core.deltas import Usage
from app.providers.extract.values import at, count, number

T = TypeVar("T")

_DURATION = re.compile(r"\s*([0-9.]{1,20})\s*(ms|s|sec|seconds)?\s*", re.IGNORECASE)


def usage(value: Any) -> Usage | None:
    """The figures of a reply in any of the known spellings; None when it holds none.

    `token_count` counts the answer. These are the server's figures: some servers count words.
    """
    found = Usage(
        prompt_tokens=_first(value, "usage.prompt_tokens", "usage.promptTokens"),
        completion_tokens=_first(value, "usage.completion_tokens", "usage.completionTokens", "token_count"),
        total_tokens=_first(value, "usage.total_tokens", "usage.totalTokens", "total_tokens"),
        seconds=_seconds(value),
    )
    return None if found == Usage() else found


def _first(value: Any, *paths: str) -> int | None:
    return _known(count(at(value, path)) for path in paths)


def _seconds(value: Any) -> float | None:
    milliseconds = _known(_duration(at(value, path), 0.001) for path in ("duration", "processingTime"))
    seconds = _duration(at(value, "processing_time"), 1)
    return milliseconds if seconds is None else seconds


def _duration(value: Any, unit: float) -> float | None:
    if not isinstance(value, str):
        found = number(value)
    elif match := _DURATION.fullmatch(value):
        found = number(match[1])
        unit = {"ms": 0.001, "": unit}.get((match[2] or "").lower(), 1)
    else:
        return None
    return None if found is None else found * unit


def _known(candidates: Iterable[T | None]) -> T | None:
    return next((found for found in candidates if found is not None), None)
