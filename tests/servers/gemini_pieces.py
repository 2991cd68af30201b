"""Owns the pieces of Gemini's streams, and the whole replies that they build."""

from __future__ import annotations

from typing import Any, Final

from tests.servers.backend import Answer

NAME: Final = "gemini-tinker-1m"
"""The one model that the reference server has for text."""

_REASONS: Final = {"stop": "STOP", "length": "MAX_TOKENS"}


def piece_of(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """A piece with these parts."""
    candidate = {"content": {"parts": parts, "role": "model"}, "index": 0}
    return {"candidates": [candidate], "modelVersion": NAME, "responseId": "r1"}


def last(parts: list[dict[str, Any]], answer: Answer, thoughts: int) -> dict[str, Any]:
    """The last piece, with the figures."""
    last = piece_of(parts)
    last["candidates"][0]["finishReason"] = _REASONS[answer.finish]
    usage = {"promptTokenCount": answer.prompt_tokens, "candidatesTokenCount": answer.completion_tokens}
    total = answer.prompt_tokens + answer.completion_tokens + thoughts
    extra = {"thoughtsTokenCount": thoughts} if thoughts else {}
    return last | {"usageMetadata": {**usage, **extra, "totalTokenCount": total}}


def joined(pieces: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole reply that the pieces of a stream build: one part for the thoughts, one for the answer."""
    parts: list[dict[str, Any]] = []
    for part in (part for piece in pieces for one in piece["candidates"] for part in one["content"]["parts"]):
        is_same_kind = parts and "text" in part and parts[-1].get("thought") == part.get("thought")
        if is_same_kind and "text" in parts[-1]:
            parts[-1]["text"] += part["text"]
        else:
            parts.append(dict(part))
    whole = pieces[-1]
    if whole["candidates"]:
        whole["candidates"][0]["content"]["parts"] = parts
    return whole
