"""The templates of custom providers: `{{name}}` stands for a value, and what comes out is always valid.

A body is read as JSON before anything is put in, and values go in as values: a quotation mark in a message cannot end a
string, and a number stays a number. `"top_k": {{top_k}}` and `"top_k": "{{top_k}}"` mean the same. A member or a list
entry that is nothing but a value which is not set is left out. Within a longer text, values are put in as text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from app.core.problems import InvalidInput, Problem
from app.providers.extract.values import compact

LENGTH: Final = 65_536
"""Characters that a template may have."""

DEPTH: Final = 32
"""Objects and lists that may stand in each other in a body."""

_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_STRING_OR_PLACEHOLDER = re.compile(r'"(?:[^"\\]|\\.)*"|\{\{\s*[A-Za-z_][A-Za-z0-9_]*\s*\}\}', re.DOTALL)
_MISSING: Final = object()


def placeholders(template: str) -> frozenset[str]:
    """The names in a template."""
    return frozenset(_PLACEHOLDER.findall(template))


def read_body(template: str) -> Any:
    """The body as a value in which the placeholders are still texts; None for a blank template.

    Raises:
        InvalidInput: it is no JSON, or far too large.
    """
    if not template.strip():
        return None
    if len(template) > LENGTH:
        raise InvalidInput(Problem.of("custom.body", why=f"{len(template)} > {LENGTH}"))
    try:
        value = json.loads(_STRING_OR_PLACEHOLDER.sub(_quoted, template), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(Problem.of("custom.body", why=error)) from None
    if _is_deeper(value, DEPTH):
        raise InvalidInput(Problem.of("custom.body", why=f"depth > {DEPTH}"))
    return value


def fill(body: Any, values: Mapping[str, Any]) -> Any:
    """`body` (of `read_body`) with the values put in. A value of None, or one that is not there, is not set."""
    filled = _filled(body, values)
    return None if filled is _MISSING else filled


def fill_text(template: str, values: Mapping[str, Any], form: Callable[[str], str] = str) -> str:
    """A text with the values put in, each through `form`; those that are not set leave nothing behind."""
    return _PLACEHOLDER.sub(lambda found: form(_as_text(values.get(found[1]))), template)


def _quoted(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else f'"{found[0]}"'


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return _filled_text(value, values)
    if isinstance(value, list):
        items = (_filled(item, values) for item in value)
        return [item for item in items if item is not _MISSING]
    if isinstance(value, dict):
        members = ((name, _filled(member, values)) for name, member in value.items())
        return {name: member for name, member in members if member is not _MISSING}
    return value


def _filled_text(text: str, values: Mapping[str, Any]) -> Any:
    alone = _PLACEHOLDER.fullmatch(text.strip())
    if alone is None:
        return fill_text(text, values)
    value = values.get(alone[1])
    return _MISSING if value is None else value


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else compact(value)


def _is_deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return any(isinstance(value, dict | list) for value in level)
