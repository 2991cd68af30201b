"""When a rate limit ends, in any of the ways in which servers say so."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from app.core.http import HttpReply
from app.providers.extract.body import read_value
from app.providers.extract.values import MILLISECONDS, at, number

_MOMENT = 1e9
"""From here on a number is a moment; below it is a number of seconds to wait."""

_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(ms|h|m|s|day|hour|minute|min|second|sec)", re.IGNORECASE)
_SECONDS = {
    "ms": 0.001,
    "s": 1,
    "sec": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
}
_LONGEST_TEXT = 64


def reset_time(reply: HttpReply, now: float) -> float | None:
    """The moment at which the limit that `reply` reports ends, in seconds since 1970 and never before `now`.

    Read from, in this order: `resetTime` in the body (ISO), the header `X-RateLimit-Reset` (unix seconds or
    milliseconds), `Retry-After` (seconds or a date), `retryAfter` in the body (seconds, or text such as
    "15 minutes"). None when the server says nothing.
    """
    value = read_value(reply)
    said = (
        at(value, "resetTime"),
        reply.headers.get("x-ratelimit-reset"),
        reply.headers.get("retry-after"),
        at(value, "retryAfter"),
    )
    moments = (moment(one, now) for one in said)
    found = next((one for one in moments if one is not None), None)
    return None if found is None else max(found, now)


def moment(said: Any, now: float) -> float | None:
    """The moment that a server means: a unix time, seconds from `now`, a date, or text such as "6m0s"; else None."""
    figure = number(said)
    if figure is not None:
        if figure >= MILLISECONDS:
            return figure / 1000
        return figure if figure >= _MOMENT else now + figure
    if not isinstance(said, str) or len(said) > _LONGEST_TEXT:
        return None
    date = _date(said)
    return _after(said, now) if date is None else date


def _date(text: str) -> float | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            date = read(text.strip())
            return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _after(text: str, now: float) -> float | None:
    spans = [float(amount) * _SECONDS.get(unit.lower(), 86400) for amount, unit in _SPAN.findall(text)]
    return now + sum(spans) if spans else None
