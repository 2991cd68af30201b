"""Owns the lines of Ollama's streams, and the whole replies that they build."""

from __future__ import annotations

from typing import Any, Final

from tests.servers.backend import Answer

DATE: Final = "2026-11-20T10:15:37.299085Z"


def details() -> dict[str, Any]:
    """What Ollama tells about a model's kind."""
    families = {"parent_model": "", "format": "gguf", "family": "llama", "families": ["llama"]}
    return {**families, "parameter_size": "984.19K", "quantization_level": "Q8_0"}


def line_of(body: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    """A line of a chat."""
    return {
        "model": body["model"], "created_at": DATE, "message": {"role": "assistant", **message}, "done": False,
    }  # fmt: skip


def last(body: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """The last line of a chat, with its figures."""
    times = {
        "total_duration": int(answer.seconds * 1e9),
        "load_duration": 1_000,
        "prompt_eval_duration": 1_000,
    }
    counts = {"prompt_eval_count": answer.prompt_tokens, "eval_count": answer.completion_tokens}
    last = line_of(body, {"content": ""}) | {"done": True, "done_reason": answer.finish}
    return {**last, **times, **counts, "eval_duration": int(answer.seconds * 1e9)}


def joined(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole reply that the lines of a stream build."""
    whole = lines[-1]
    whole["message"]["content"] = "".join(one["message"]["content"] for one in lines)
    thinking = "".join(one["message"].get("thinking", "") for one in lines)
    whole["message"].update({"thinking": thinking} if thinking else {})
    return whole
