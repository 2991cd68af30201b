"""Chat templates in real Jinja2. This runs in a worker of its own, which static/js/template-worker.mjs starts.

A template comes with a file of anyone. It runs in Jinja's sandbox, without any object of this page; what a sandbox
cannot hold (loops without end, texts that fill the memory) ends with the worker, which has a time and a memory limit.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST_TEXT = 2_000_000
"""Characters of a prompt; no model in a tab reads a tenth of it."""


class Refused(TemplateError):
    """The template itself does not take this conversation, and says why."""


class TooLong(Exception):
    """The prompt grew beyond `MOST_TEXT`."""


_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (TemplateSyntaxError, "syntax"),
    (Refused, "refused"),
    (TooLong, "length"),
    (MemoryError, "memory"),
    (OverflowError, "memory"),
)


class Generation(Extension):
    """The tag `generation` of Hugging Face, which marks what a model wrote: the text in it stays as it is."""

    tags = {"generation"}  # noqa: RUF012  Jinja's own form

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Give the body alone."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def render(request: str) -> str:
    """Apply a template.

    Takes JSON: `template` and `variables`. Gives JSON: `text`, or `error` ("syntax", "refused", "length", "memory",
    "failed") with `message` and, where it is known, `line`.
    """
    asked = json.loads(request)
    try:
        reply: dict[str, Any] = {"text": _render(asked["template"], asked["variables"])}
    except Exception as error:  # noqa: BLE001  a template may raise whatever it likes
        kind = next((name for of, name in _KINDS if isinstance(error, of)), "failed")
        message = str(error) if kind in {"syntax", "refused"} else f"{type(error).__name__}: {error}"
        reply = {"error": kind, "message": message[:1_000], "line": getattr(error, "lineno", None)}
    return json.dumps(reply)


def _render(template: str, variables: dict[str, Any]) -> str:
    parts, length = [], 0
    for part in _environment().from_string(template).generate(**variables):
        length += len(part)
        if length > MOST_TEXT:
            raise TooLong
        parts.append(part)
    return "".join(parts)


def _environment() -> ImmutableSandboxedEnvironment:
    """The environment of Hugging Face's `apply_chat_template`, which templates are written for."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", Generation]
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _raise
    environment.globals["strftime_now"] = lambda form: datetime.now().astimezone().strftime(form)
    return environment


def _to_json(value: Any, ensure_ascii: bool = False, indent: int | None = None, **more: Any) -> str:
    """As Hugging Face has it: nothing is escaped for HTML."""
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, **more)


def _raise(message: str) -> None:
    raise Refused(message)
