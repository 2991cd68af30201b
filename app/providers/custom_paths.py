"""The path language of custom providers: where in a JSON value something stands.

    choices[0].message.content    names with dots between them, places in a list from 0 on
    content[*].text               [*] is every place of a list (or member of an object): what is found is joined
    $                             the whole value, also a text that is no JSON

Names may hold anything but dots and brackets. An empty path means: found by its usual names.
"""

from __future__ import annotations

import re
from typing import Any, Final

from app.core.problems import InvalidInput, Problem
from app.providers.extract.values import compact, whole

EVERY: Final = "*"
ROOT: Final = "$"

Steps = tuple[str | int, ...]

_STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]{1,9}|\*)\]")
_LENGTH = 300
_MOST_FOUND = 10_000


def parse(path: str) -> Steps:
    """The steps of a path: names, numbers and `EVERY`.

    Raises:
        InvalidInput: it is no path.
    """
    text = path.strip()
    rest = text.removeprefix(ROOT)
    steps: list[str | int] = []
    position = 0
    while position < len(rest):
        found = _STEP.match(rest, position)
        is_glued = found is not None and found[1] and position > 0 and not found[0].startswith(".")
        if found is None or is_glued or len(text) > _LENGTH:
            raise InvalidInput(Problem.of("custom.path", path=text[:_LENGTH]))
        name, place = found[1], found[2]
        steps.append(name if name is not None else EVERY if place == EVERY else int(place))
        position = found.end()
    return tuple(steps)


def find(value: Any, path: str) -> list[Any]:
    """All that stands at a path, in its order; nothing for an empty path.

    Raises:
        InvalidInput: it is no path.
    """
    if not path.strip():
        return []
    found = [value]
    for step in parse(path):
        found = [inner for outer in found for inner in _inside(outer, step)][:_MOST_FOUND]
    return [one for one in found if one is not None]


def text(value: Any, path: str) -> str | None:
    """What stands at a path as one text; numbers and objects as JSON. None when nothing stands there.

    Raises:
        InvalidInput: it is no path.
    """
    found = find(value, path)
    return "".join(whole(one) if isinstance(one, str) else compact(one) for one in found) if found else None


def _inside(value: Any, step: str | int) -> list[Any]:
    if step == EVERY:
        if isinstance(value, dict):
            return list(value.values())
        return value if isinstance(value, list) else []
    if isinstance(step, int):
        return value[step : step + 1] if isinstance(value, list) else []
    return [value[step]] if isinstance(value, dict) and step in value else []
