"""Replies for tests, as the `Http` port gives them."""

from __future__ import annotations

from app.core.http import HttpReply

BASE = "http://127.0.0.1:5000/api/v1"


def json_reply(body: str, status: int = 200, path: str = "/generate") -> HttpReply:
    """A JSON reply of an API at `BASE`."""
    return HttpReply(status, {"content-type": "application/json"}, body.encode(), f"{BASE}{path}")


def page_reply(body: str, status: int, path: str = "/generate") -> HttpReply:
    """An HTML page from the server at `BASE`."""
    return HttpReply(status, {"content-type": "text/html; charset=utf-8"}, body.encode(), f"{BASE}{path}")


def text_reply(body: str, status: int = 200, path: str = "/generate") -> HttpReply:
    """A plain text from the server at `BASE`."""
    return HttpReply(status, {"content-type": "text/plain; charset=utf-8"}, body.encode(), f"{BASE}{path}")
