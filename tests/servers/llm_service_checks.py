"""Owns what the LLM Service refuses: by its document, and as the implementation in use does it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from flask import jsonify
from flask.typing import ResponseReturnValue

TIERS: Final = {
    "light": "light/qwen-0.5b",
    "medium": "medium/gemma-4b",
    "embedding": "embedding/bge-m3",
    "reranker": "reranker/bge-reranker-v2",
}
"""The tiers that are configured: heavy is not."""

_GENERATING: Final = ("light", "medium")
_ROUTES: Final = (
    ("embedding", ("embed", "bge", "e5", "gte", "sentence")),
    ("reranker", ("rerank", "ranker", "cross-encoder")),
    ("light", ("0.5b", "1b", "tiny", "small")),
    ("medium", ("3b", "4b", "7b", "8b", "medium")),
    ("heavy", ("13b", "24b", "70b", "large", "heavy")),
)
"""What a name has to hold to be routed to a tier, in the order in which that is looked at."""


class UnhandledError(Exception):
    """What the implementation does not catch: a text/plain 500 without CORS headers."""


def tier_of(model: str) -> str:
    """The tier that a name is routed to; `UnhandledError` when it is not configured, or cannot generate."""
    name = model.lower()
    routed = next((tier for tier, parts in _ROUTES if any(part in name for part in parts)), "medium")
    tier = name if name in {*TIERS, "heavy"} else routed
    if tier not in _GENERATING:
        raise UnhandledError
    return tier


def error(message: str, status: int, kind: str, code: str = "") -> ResponseReturnValue:
    """An error as the document words it."""
    told = {"message": message, "type": kind} | ({"code": code} if code else {})
    return jsonify(error=told), status


def documented(body: Any) -> ResponseReturnValue | None:
    """What the document answers to a request that is not valid."""
    if not isinstance(body, dict):
        return error("Invalid request body", 400, "invalid_request_error")
    if not 0 <= body.get("temperature", 1) <= 2:
        return error("temperature must be between 0.0 and 2.0", 400, "invalid_request_error")
    model = body.get("model")
    if model == "heavy":
        return error("No models available for tier: heavy", 503, "model_error")
    if model not in {*TIERS, *TIERS.values()}:
        return error(f"Model not found: {model}", 404, "invalid_request_error", "model_not_found")
    return None


def observed(body: Any) -> ResponseReturnValue | None:
    """What the implementation in use answers to a request that is not valid."""
    problem = next(_problems(body), None)
    return None if problem is None else (jsonify(detail=[problem]), 422)


def _problems(body: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(body, dict):
        yield {"type": "json_invalid", "loc": ["body", 1], "msg": "JSON decode error", "input": {}}
        return
    temperature = body.get("temperature", 1)
    if temperature > 2:
        said = {"msg": "Input should be less than or equal to 2", "input": temperature}
        yield {"type": "less_than_equal", "loc": ["body", "temperature"], **said}
    for number, message in enumerate(body.get("messages", [])):
        if not isinstance(message["content"], str):
            said = {"msg": "Input should be a valid string", "input": message["content"]}
            yield {"type": "string_type", "loc": ["body", "messages", number, "content"], **said}
        if message["role"] not in {"system", "user", "assistant"}:
            said = {"msg": "Input should be 'system', 'user' or 'assistant'", "input": message["role"]}
            yield {"type": "literal_error", "loc": ["body", "messages", number, "role"], **said}
