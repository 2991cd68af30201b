"""What the errors of Anthropic's API mean: those that only it has; the others it shares with OpenAI's."""

from __future__ import annotations

import re

from app.core.http import HttpReply
from app.core.problems import Problem
from app.core.text import t
from app.providers import extract, openai_problems
from app.providers.extract.values import text_at

_TOO_LONG = re.compile(r"prompt is too long: (\d{2,9}) tokens > (\d{2,9})")
_BY_WORDS = (
    (
        "anthropic.browser",
        re.compile(r"dangerous-direct-browser-access|CORS requests are not", re.IGNORECASE),
    ),
    ("openai.context", _TOO_LONG),
    ("openai.key_missing", re.compile(r"x-api-key header is required", re.IGNORECASE)),
    ("anthropic.thinking", re.compile(r"\bthinking\b|\bbudget_tokens\b|\beffort\b", re.IGNORECASE)),
)
_BY_TYPE = {"overloaded_error": "openai.overloaded"}


def problem_of(reply: HttpReply) -> Problem:
    """What happened, why most likely, and what to do."""
    said = extract.error_text(reply)
    key = _key(reply, said)
    if key is None:
        return openai_problems.problem_of(reply)
    window = _window(said)
    return Problem.of(
        key, details=extract.details(reply), status=reply.status, said=said, wait="", window=window
    )


def _key(reply: HttpReply, said: str) -> str | None:
    value = extract.read_value(reply)
    if not isinstance(value, dict):
        return None
    kind = text_at(value, "error.type") or ""
    if kind == "not_found_error" and said.startswith("model"):
        return "openai.model"
    by_words = next((key for key, pattern in _BY_WORDS if pattern.search(said)), None)
    return by_words or _BY_TYPE.get(kind)


def _window(said: str) -> str:
    found = _TOO_LONG.search(said)
    return t("openai.context.window", needed=found[1], limit=found[2]) if found else ""
