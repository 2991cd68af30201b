"""What the errors of Anthropic's API mean: those that only it has; the others it shares with OpenAI's."""

from __future__ import annotations

import re

from app.core.http import HttpReply
from app.core.problems import Problem
from app.core.text import t
from app.providers import extract, openai_problems
from app.providers.extract.values import text_at

_BROWSER = re.compile(r"dangerous-direct-browser-access|CORS requests are not allowed", re.IGNORECASE)
_KEY_MISSING = re.compile(r"x-api-key header is required|authentication method", re.IGNORECASE)
_TOO_LONG = re.compile(r"prompt is too long: (\d{2,9}) tokens > (\d{2,9})")
_THINKING = re.compile(r"\bthinking\b|\bbudget_tokens\b|\beffort\b", re.IGNORECASE)


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
    kind = text_at(value, "error.type")
    if _BROWSER.search(said):
        return "anthropic.browser"
    if _TOO_LONG.search(said):
        return "openai.context"
    if reply.status == 401 and _KEY_MISSING.search(said):
        return "openai.key_missing"
    if kind == "not_found_error" and said.startswith("model"):
        return "openai.model"
    if kind == "overloaded_error":
        return "openai.overloaded"
    if reply.status == 400 and _THINKING.search(said):
        return "anthropic.thinking"
    return None


def _window(said: str) -> str:
    found = _TOO_LONG.search(said)
    return t("openai.context.window", needed=found[1], limit=found[2]) if found else ""
