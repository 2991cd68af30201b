"""What the errors of Gemini's API mean: those that it words in its own way; the others are as OpenAI's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from app.core.http import HttpReply
from app.core.problems import Problem
from app.core.text import t
from app.providers import extract, openai_problems
from app.providers.extract.values import at, compact, first_text, number, text_at

_BY_WORDS = (
    ("openai.key_missing", re.compile(r"unregistered callers|without established identity", re.IGNORECASE)),
    (
        "openai.key",
        re.compile(r"api[ _]key (?:not valid|not found|expired|_invalid)|API_KEY_INVALID", re.IGNORECASE),
    ),
    ("openai.region", re.compile(r"user location is not supported", re.IGNORECASE)),
    ("gemini.thinking", re.compile(r"\bthinking", re.IGNORECASE)),
    (
        "openai.model",
        re.compile(r"models/\S+ is not (?:found|supported)|is no longer available", re.IGNORECASE),
    ),
    ("openai.context", re.compile(r"input token count .{0,40}exceeds", re.IGNORECASE)),
)
_BY_STATUS = {"RESOURCE_EXHAUSTED": "gemini.limit", "UNAVAILABLE": "openai.overloaded"}
_SCANNED = 2000


def unwrapped(value: Any) -> Any:
    """The error itself: where a stream was asked for, but without events, it comes in an array."""
    return value[0] if isinstance(value, list) and value else value


def problem_of(reply: HttpReply) -> Problem:
    """What happened, why most likely, and what to do."""
    value = unwrapped(extract.read_value(reply))
    if isinstance(value, dict):
        reply = replace(reply, body=compact(value).encode())
    said = extract.error_text(reply)
    blocked = text_at(value, "promptFeedback.blockReason")
    if blocked:
        said = first_text(value, "promptFeedback.blockReasonMessage") or blocked
    key = "openai.filtered" if blocked else _key(value, said)
    if key is None:
        return openai_problems.problem_of(reply)
    details = extract.details(reply)
    return Problem.of(key, details=details, status=reply.status, said=said, wait=_wait(value), window="")


def _key(value: Any, said: str) -> str | None:
    reason = first_text(value, "error.details.0.reason")
    words = f"{said} {reason}"[:_SCANNED]
    by_words = next((key for key, pattern in _BY_WORDS if pattern.search(words)), None)
    return by_words or _BY_STATUS.get(text_at(value, "error.status") or "")


def _wait(value: Any) -> str:
    """How long the API asks to wait, in words: it says so in one of the details, as "34s"."""
    details = at(value, "error.details")
    delays = (text_at(one, "retryDelay") for one in details) if isinstance(details, list) else iter(())
    seconds = next((number(delay.removesuffix("s")) for delay in delays if delay), None)
    return "" if seconds is None else t("openai.rate.wait", seconds=f"{seconds:.0f}")
