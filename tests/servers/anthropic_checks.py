"""Owns what Anthropic's API refuses, and how it says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from flask import jsonify
from flask.typing import ResponseReturnValue

_FIELDS: Final = frozenset(
    {
        "model",
        "max_tokens",
        "messages",
        "system",
        "temperature",
        "top_p",
        "top_k",
        "stop_sequences",
        "stream",
        "thinking",
        "tools",
        "tool_choice",
        "output_config",
        "metadata",
        "service_tier",
    }
)
_STATUS: Final = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "not_found_error": 404,
    "rate_limit_error": 429,
    "api_error": 500,
    "overloaded_error": 529,
}


class RefusedError(Exception):
    """The request is refused, with a type of error and its message."""


def checked(body: Any, model: str) -> dict[str, Any]:
    """The body, when Anthropic would take it and the model is `model`; `RefusedError` when not."""
    if not isinstance(body, dict):
        raise RefusedError("invalid_request_error", "The request body is not valid JSON")
    problem = next(_problems(body), "")
    if problem:
        raise RefusedError("invalid_request_error", problem)
    if body["model"] != model:
        raise RefusedError("not_found_error", f"model: {body['model']}")
    return body


def _problems(body: dict[str, Any]) -> Iterator[str]:
    yield from (f"{name}: Field required" for name in ("model", "max_tokens", "messages") if name not in body)
    yield from (f"{name}: Extra inputs are not permitted" for name in sorted(body.keys() - _FIELDS))
    messages = body.get("messages") or []
    if not messages:
        yield "messages: at least one message is required"
    for number, message in enumerate(messages):
        if message["role"] not in {"user", "assistant"}:
            yield f'messages: Unexpected role "{message["role"]}". Allowed roles are "user" or "assistant".'
        if not message["content"]:
            yield f"messages.{number}: all messages must have non-empty content"
    if messages and messages[0]["role"] != "user":
        yield 'messages: first message must use the "user" role'
    last = messages[-1] if messages else {"role": "user", "content": ""}
    if (
        last["role"] == "assistant"
        and isinstance(last["content"], str)
        and last["content"] != last["content"].rstrip()
    ):
        yield "messages: final assistant content cannot end with trailing whitespace"
    budget = (body.get("thinking") or {}).get("budget_tokens")
    if budget is not None and budget >= body["max_tokens"]:
        yield "`max_tokens` must be greater than `thinking.budget_tokens`"
    if budget is not None and body.get("temperature", 1) != 1:
        yield "`temperature` may only be set to 1 when thinking is enabled"


def error(kind: str, message: str) -> dict[str, Any]:
    """An error as the API words it."""
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_011"}


def refused(refusal: RefusedError) -> ResponseReturnValue:
    """The answer to a request that is refused."""
    kind, message = refusal.args
    return jsonify(error(kind, message)), _STATUS[kind]
