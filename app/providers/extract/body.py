"""From the bytes of a reply to a value, and from an unknown value to something that can be shown."""

from __future__ import annotations

import json
from typing import Any

from app.core.http import HttpReply
from app.providers.extract.secrets import redact
from app.providers.extract.values import shortened, whole

RAW_LENGTH = 4000
"""Characters of an unknown answer that are kept to be shown."""

READ_LENGTH = 32_768
"""Bytes of an error that are looked at: debug pages go on for long."""

MAX_DEPTH = 64
"""How deep an unknown value is shown. No API nests deeper, and deeper input must not exhaust the stack."""


def read_value(reply: HttpReply) -> Any:
    """The value of a reply's body, read by what the reply says it is and not by what was asked for.

    A JSON object or array is itself, whatever its label: PHP calls everything text/html. Plain text is a
    string. HTML, and a body that is empty or not readable, is None.
    """
    value = reply.json()
    if isinstance(value, dict | list) or reply.media_type.endswith(("/json", "+json")):
        return value
    return None if is_html(reply) else whole(reply.text) or None


def is_html(reply: HttpReply) -> bool:
    """Whether the body is a page for people rather than a value."""
    if reply.media_type:
        return reply.media_type in {"text/html", "application/xhtml+xml"}
    return reply.body[:64].lstrip().lower().startswith((b"<!doctype", b"<html"))


def beginning(reply: HttpReply) -> str:
    """The beginning of the body as text, whatever it is: errors say what they have to say there."""
    return whole(reply.body[:READ_LENGTH].decode("utf-8", errors="replace"))


def raw_text(value: Any) -> str:
    """A value of unknown shape as indented JSON to show: without stack traces and keys, and shortened."""
    text = json.dumps(_shown(value, MAX_DEPTH), ensure_ascii=False, indent=2)
    return shortened(redact(whole(text)), RAW_LENGTH)


def _shown(value: Any, depth: int) -> Any:
    if not isinstance(value, dict | list):
        return value
    if depth == 0:
        return "…"
    if isinstance(value, list):
        return [_shown(item, depth - 1) for item in value]
    return {key: _shown(item, depth - 1) for key, item in value.items() if key != "stack"}
