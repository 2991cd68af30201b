"""What an error reply says, in the server's own words, and what its status means in general."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from app.core.http import HttpReply
from app.core.problems import Problem
from app.providers.extract.answer import answer_text
from app.providers.extract.body import READ_LENGTH, beginning, is_html, raw_text, read_value
from app.providers.extract.html import html_text
from app.providers.extract.secrets import redact
from app.providers.extract.values import at, first_text, shortened, text_at, whole

TEXT_LENGTH = 300
"""Characters of a plain text that are kept."""

MESSAGE_LENGTH = 2000
"""Characters of a message in JSON that are kept: some servers put a whole report there."""

_HINTS = {
    400: "api.bad_request",
    401: "api.key",
    403: "api.forbidden",
    404: "api.not_found",
    405: "api.method",
    408: "api.slow",
    409: "api.exists",
    413: "api.too_large",
    415: "api.parameter",
    422: "api.parameter",
    429: "api.limit",
    502: "api.gateway",
    503: "api.loading",
    504: "api.slow",
}


def reports_failure(value: Any) -> bool:
    """Whether a value says that something failed, whatever the status it came with."""
    if not isinstance(value, dict):
        return False
    if value.get("success") is False or value.get("status") == "error":
        return True
    return bool(value.get("error")) and not answer_text(value)


def error_message(value: Any) -> str:
    """The message in an error value of any known shape; empty when there is none. Never a stack trace."""
    error = text_at(value, "error")
    if error and error.strip():
        message = first_text(value, "message")
        return _safe(f"{error}: {message}" if message and message != error else error)
    nested = first_text(value, "error.message")
    if nested:
        code = first_text(value, "error.code")
        return _safe(f"{nested} ({code})" if code else nested)
    message = (
        first_text(value, "message", "detail") or _listed(at(value, "detail")) or _listed(at(value, "errors"))
    )
    return _safe(message or first_text(value, "details"))


def error_text(reply: HttpReply) -> str:
    """What an error reply says, as plain text without markup or keys: its message, title, text or status."""
    value = read_value(reply)
    if isinstance(value, dict | list):
        said = _said(value)
    else:
        start = beginning(reply)
        said = (
            _safe(html_text(start)) if is_html(reply) else _plain(value if isinstance(value, str) else start)
        )
    return said or _status_text(reply.status)


def details(reply: HttpReply) -> str:
    """The raw word of the server for `Problem.details`: status and path, then what the reply says."""
    return f"HTTP {reply.status} {redact(reply.path)}".rstrip() + f"\n{error_text(reply)}"


def status_problem(reply: HttpReply) -> Problem:
    """What the status of an error reply means for any API; the server's own words are in the details."""
    key = _HINTS.get(reply.status)
    if key is None:
        key = "api.failed" if reply.status >= 500 else "api.refused"
    return Problem.of(key, details=details(reply), status=reply.status, said=error_text(reply))


def _said(value: Any) -> str:
    return (error_message(value) or shortened(raw_text(value), TEXT_LENGTH)) if value else ""


def _plain(text: str) -> str:
    readable = text.partition('"stack"')[0]  # JSON that breaks off ends up here
    return shortened(_safe(readable), TEXT_LENGTH)


def _safe(message: str) -> str:
    return shortened(redact(whole(message.strip()[:READ_LENGTH])), MESSAGE_LENGTH)


def _listed(items: Any) -> str:
    """One line for each entry of a list of errors: FastAPI's `loc.joined: msg`, a `message`, or text."""
    if not isinstance(items, list):
        return ""
    lines = [_line(item) for item in items[:20]]
    return "\n".join(line for line in lines if line)


def _line(item: Any) -> str:
    if isinstance(item, str):
        return item
    message = first_text(item, "msg", "message")
    location = at(item, "loc")
    if not message or not isinstance(location, list):
        return message
    return ".".join(str(step) for step in location if isinstance(step, str | int)) + f": {message}"


def _status_text(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"HTTP {status}"
