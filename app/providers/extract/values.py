"""Looking into JSON values of unknown shape: paths, texts and numbers, without ever raising."""

from __future__ import annotations

import json
import math
from typing import Any

MILLISECONDS = 1e12
"""From here on a unix time is in milliseconds: as seconds it would be tens of thousands of years away."""

LARGEST_EXACT = 2**53
"""The largest integer that JavaScript, and so the page's storage, keeps exactly."""


def at(value: Any, path: str) -> Any:
    """What stands at a dotted path (`choices.0.message`; numbers index arrays), or None."""
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def text_at(value: Any, path: str) -> str | None:
    """The string at a dotted path, or None."""
    found = at(value, path)
    return whole(found) if isinstance(found, str) else None


def first_text(value: Any, *paths: str) -> str:
    """The first string at one of the paths that is not blank; empty when there is none."""
    texts = (text_at(value, path) for path in paths)
    return next((text for text in texts if text and text.strip()), "")


def whole(text: str) -> str:
    """`text` with each half of a character replaced by U+FFFD.

    JSON may hold half a surrogate pair (`"\\ud83d"`), which cannot be encoded: neither stored nor sent again.
    """
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def number(value: Any) -> float | None:
    """A finite number that is not negative, also one written as text (`"2.45"`); None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and found >= 0 else None


def count(value: Any) -> int | None:
    """A whole number that is not negative and that JavaScript keeps exactly; None for anything else."""
    found = None if isinstance(value, str) else number(value)
    if found is None or found != int(found) or found > LARGEST_EXACT:
        return None
    return int(value)


def vector(value: Any) -> tuple[float, ...]:
    """The numbers of an embedding; empty when it is none."""
    if not isinstance(value, list) or not all(type(figure) in {int, float} for figure in value):
        return ()
    try:
        return tuple(map(float, value))
    except OverflowError:
        return ()


def compact(value: Any) -> str:
    """A value as JSON in one line; empty for one that is nested too deep to be written."""
    try:
        return whole(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return ""


def shortened(text: str, length: int) -> str:
    """`text` in at most `length` characters, the last one an ellipsis when it had to be cut."""
    return text if len(text) <= length else text[: length - 1] + "…"
