"""A request as people read it: its first line, its headers, and its body with line breaks where it is JSON."""

from __future__ import annotations

import json

from app.core.http import HttpRequest


def preview_text(request: HttpRequest) -> str:
    """The text of a request. White space within its JSON is for the eye alone."""
    lines = [
        f"{request.method} {request.url}",
        *(f"{name}: {text}" for name, text in request.headers.items()),
    ]
    if request.body is None:
        return "\n".join(lines)
    return "\n".join([*lines, "", _body(request.body)])


def _body(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text
