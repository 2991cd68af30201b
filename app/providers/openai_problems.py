"""What the errors of OpenAI's API and its likes mean: from the server's words to the user's.

Codes and types differ from server to server; their words and status hardly do.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from app.core.http import HttpReply
from app.core.problems import Problem
from app.core.text import t
from app.providers import extract
from app.providers.extract.values import at, count, first_text, number

_WORDS = {
    "context": (
        r"context[_ ](?:length|size|window)|maximum context|exceed_context|too many tokens"
        r"|prompt is too long|input is too long|exceeds? (?:the )?(?:available |model's )?context"
    ),
    "quota": r"insufficient[_ ](?:quota|balance|credits?|funds)|exceeded your current quota|billing|payment|credit",
    "key_missing": (
        r"(?:did(?:n't| not) provide|no|missing|provide an?)\b.{0,30}\b(?:api[_ -]?key|auth|credentials)"
        r"|api[_ -]?key (?:is )?required|not authenticated"
    ),
    "key": r"(?:invalid|incorrect|wrong|expired|unknown|malformed)[_ ].{0,20}(?:api[_ -]?key|token|credentials)",
    "parameter": (
        r"unsupported[_ ](?:parameter|value)|unrecognized request argument|extra inputs are not permitted"
        r"|unknown (?:field|parameter)|not supported with this model|invalid value for"
    ),
    "region": r"unsupported_country|country, region|your (?:country|region|location)",
    "not_loaded": r"no models? (?:is |are )?(?:currently )?loaded|model (?:is )?not loaded|no model to",
    "model": (
        r"model[_ ]not[_ ]found|model\b.{0,200}\b(?:not (?:found|exist|available|supported)|does(?:n't| not) exist)"
        r"|(?:invalid|unknown|no such|unrecognized) model|not a valid model|deprecated.{0,40}model|try pulling it"
    ),
    "filtered": r"content[_ ](?:filter|policy|management)|safety system|moderation|flagged",
    "loading": r"loading model|model (?:is )?(?:still |currently )?loading|server initializing",
    "rate": r"rate[_ ]?limit|too many requests|requests per (?:minute|day)|tokens per (?:minute|day)",
    "overloaded": r"overloaded|(?:at|over) capacity|server is busy|no available (?:slot|worker)|service unavailable",
    "unsupported": r"does not support|not_supported_error|not implemented",
}
"""What the server says (its type, code and message) to the catalogue key, the certain before the general."""

_BY_WORDS = tuple((key, re.compile(words, re.IGNORECASE | re.DOTALL)) for key, words in _WORDS.items())
_BY_STATUS = {
    402: "quota",
    422: "parameter",
    429: "rate",
    501: "unsupported",
    529: "overloaded",
}
_NEEDED = re.compile(
    r"(?:request \(|resulted in |requested |has |contains? (?:at least )?)(\d{2,9})(?: input)? tokens"
)
_LIMIT = re.compile(
    r"(?:maximum context length (?:is|of)|context (?:size|window|length)\D{0,20}) ?\(?(\d{2,9})"
)
_SCANNED = 2000
"""Characters of the server's words that are looked at."""


def problem_of(reply: HttpReply) -> Problem:
    """What happened, why most likely, and what to do, for a reply that is an error or not of this API."""
    said = extract.error_text(reply)
    key = _key(reply, said)
    if key is None:
        return extract.status_problem(reply)
    return _problem(key, reply, said)


def status_of(reply: HttpReply) -> int:
    """The status that an error means: a LiteLLM proxy without a database says 400 to a key that it does not know."""
    is_unknown_key = at(extract.read_value(reply), "error.type") == "no_db_connection"
    return 401 if reply.status == 400 and is_unknown_key else reply.status


def _problem(key: str, reply: HttpReply, said: str) -> Problem:
    return Problem.of(
        f"openai.{key}",
        details=extract.details(reply),
        status=reply.status,
        path=unquote(reply.path, errors="replace") or "/",
        said=said,
        window=_window(reply, said) if key == "context" else "",
        wait=_wait(reply),
    )


def problem_of_event(reply: HttpReply) -> Problem:
    """The same for an error that a stream reports: `reply` holds the event, and the status where it names one."""
    said = extract.error_text(reply)
    return _problem(_event_key(reply, said), reply, said)


def _key(reply: HttpReply, said: str) -> str | None:
    """The catalogue key that fits; None when the status says all there is."""
    value = extract.read_value(reply)
    if value is None:
        return _not_a_reply(reply)
    by_words = _by_words(value, said)
    if status_of(reply) == 401:
        return "key_missing" if by_words == "key_missing" else "key"
    if reply.status in {404, 405} and by_words not in {"model", "not_loaded"}:
        return "path"
    if by_words is None and reply.ok:
        return "failed" if extract.reports_failure(value) else "unreadable"
    return by_words or _BY_STATUS.get(reply.status)


def _event_key(reply: HttpReply, said: str) -> str:
    return _by_words(extract.read_value(reply), said) or _BY_STATUS.get(reply.status) or "in_stream"


def _by_words(value: Any, said: str) -> str | None:
    names = (first_text(value, "error.type"), first_text(value, "error.code", "code"))
    words = " ".join((*names, said))[:_SCANNED]
    return next((key for key, pattern in _BY_WORDS if pattern.search(words)), None)


def _not_a_reply(reply: HttpReply) -> str | None:
    """Which kind of reply it is that holds no value: a page, nothing, or damaged JSON."""
    if reply.status in {404, 405}:
        return "path"
    if reply.status >= 400:
        return "key" if reply.status == 401 else None
    if not reply.body.strip():
        return "empty"
    return "unreadable" if reply.media_type.endswith("json") else "page"


def _window(reply: HttpReply, said: str) -> str:
    value = extract.read_value(reply)
    limit = count(at(value, "error.n_ctx")) or _figure(_LIMIT, said)
    needed = count(at(value, "error.n_prompt_tokens")) or _figure(_NEEDED, said)
    if limit and needed:
        return t("openai.context.window", limit=limit, needed=needed)
    return t("openai.context.window_only", limit=limit) if limit else ""


def _figure(pattern: re.Pattern[str], said: str) -> int | None:
    found = pattern.search(said)
    return int(found[1]) if found else None


def _wait(reply: HttpReply) -> str:
    """How long the server asks to wait, in words; browsers show the header only when the server exposes it."""
    seconds = number(reply.headers.get("retry-after"))
    return "" if seconds is None else t("openai.rate.wait", seconds=f"{seconds:.0f}")
