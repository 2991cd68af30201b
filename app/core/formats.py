"""Numbers, times and dates as people read them, in the words of the chosen language."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta

from app.core.text import t

_BYTES = ("b", "kb", "mb", "gb", "tb", "pb", "eb")
_COUNTS = ("one", "thousand", "million", "billion", "trillion")
_HTTP_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HTTP_DATE = re.compile(r"\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT", re.ASCII)
_UNIX_SECONDS = re.compile(r"\d{9,11}", re.ASCII)


def size(count: int) -> str:
    """A number of bytes: “4.1 GB”, in the form of the local API.

    A unit is 1,024 of the one before and is called KB, MB, GB all the same; one decimal, except for single
    bytes.
    """
    value, power = _scaled(max(count, 0), 1024, 1023.95, len(_BYTES))
    return t(f"format.size.{_BYTES[power]}", value=_digits(value, ".1f") if power else int(value))


def rate(bytes_per_second: float) -> str:
    """The speed of a transfer: “12.3 MB/s”; empty when it is not known."""
    if not math.isfinite(bytes_per_second) or bytes_per_second <= 0:
        return ""
    return t("format.rate", size=size(round(bytes_per_second)))


def count(number: int) -> str:
    """A number of tokens or parameters: “950”, “1.3k”, “984k”, “7.2B”. A unit is 1,000 of the one before."""
    value, power = _scaled(max(number, 0), 1000, 999.5, len(_COUNTS))
    digits = _digits(value, ".1f" if value < 99.95 else ".0f")
    return t(f"format.count.{_COUNTS[power]}", value=digits.removesuffix(t("format.decimal") + "0"))


def tokens_per_second(value: float) -> str:
    """The speed of an answer: “12.3 tokens/s”."""
    return t("format.tokens_per_second", value=_digits(value, ".1f" if value < 100 else ",.0f"))


def duration(seconds: float) -> str:
    """How long something took: “450 ms”, “2.4 s”, “42 s”, “3 min 5 s”, “1 h 5 min”."""
    seconds = max(seconds, 0.0)
    if seconds < 0.9995:
        return t("format.duration.milliseconds", value=round(seconds * 1000))
    if seconds < 9.95:
        return t("format.duration.seconds", value=_digits(seconds, ".1f"))
    whole = round(seconds)
    if whole < 60:
        return t("format.duration.seconds", value=whole)
    if whole < 3600:
        return t("format.duration.minutes", minutes=whole // 60, seconds=whole % 60)
    return t("format.duration.hours", hours=whole // 3600, minutes=whole % 3600 // 60)


def time_left(seconds: float | None) -> str:
    """How long something will take: “5 s left”, “2 min left”, “1 h 5 min left”; empty when not known."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    whole = max(math.ceil(seconds), 1)
    if whole < 60:
        return t("format.left.seconds", seconds=whole)
    minutes = round(whole / 60)
    if minutes < 60:
        return t("format.left.minutes", minutes=minutes)
    return t("format.left.hours", hours=minutes // 60, minutes=minutes % 60)


def date(text: str, now: datetime) -> str:
    """A date as an API wrote it, in the zone of `now`: “today, 09:12”, “yesterday, 18:40”, “15 Jan 2026”.

    Reads ISO 8601, the date of HTTP headers (which Flask writes) and Unix seconds. A date without a zone is
    taken for local time: the servers that write such dates run on the user's own machine. What cannot be read
    stays as it is.
    """
    moment = _read_date(text.strip())
    if moment is None:
        return text
    try:
        local = moment.replace(tzinfo=now.tzinfo) if moment.tzinfo is None else moment.astimezone(now.tzinfo)
    except (OverflowError, ValueError, OSError):
        return text
    time = f"{local:%H:%M}"
    if local.date() == now.date():
        return t("format.date.today", time=time)
    if local.date() == now.date() - timedelta(days=1):
        return t("format.date.yesterday", time=time)
    return t("format.date.day", day=local.day, month=t(f"format.month.{local.month}"), year=local.year)


def money(amount: float) -> str:
    """What something cost, in whatever currency: “12.40”, “0.031”, “0.00007”. Small amounts keep two digits."""
    if amount <= 0:
        return number(0)
    decimals = 2 if amount >= 0.1 else 1 - math.floor(math.log10(amount))
    text = _digits(amount, f",.{min(decimals, 12)}f")
    return text if decimals == 2 else text.rstrip("0")


def number(value: float) -> str:
    """A number as short as it can be, with the decimal sign of the language: “10”, “0.6”, in German “0,6”."""
    return _digits(value, "g")


def whole(count: int) -> str:
    """A whole number in full: “151,936”, in German “151.936”."""
    return _digits(count, ",")


def _digits(value: float, form: str) -> str:
    """`value` in a form of Python's, with the signs of the language."""
    signs = {".": t("format.decimal"), ",": t("format.thousands")}
    return "".join(signs.get(sign, sign) for sign in f"{value:{form}}")


def _read_date(text: str) -> datetime | None:
    try:
        if _UNIX_SECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text), UTC)
        if http := _HTTP_DATE.fullmatch(text):
            day, month, year, hour, minute, second = http.groups()
            number = _HTTP_MONTHS.index(month.lower()) + 1
            return datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        return datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None


def _scaled(value: int, base: int, limit: float, units: int) -> tuple[float, int]:
    """`value` in the unit in which it reads best, and that unit's number; at `limit` the next one begins."""
    scaled, power = float(value), 0
    while power < units - 1 and scaled >= limit:
        scaled, power = scaled / base, power + 1
    return scaled, power
