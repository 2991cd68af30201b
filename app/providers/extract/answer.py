"""The answer in a reply: its text, the model that gave it, and why it ended."""

from __future__ import annotations

from typing import Any

from app.providers.extract.values import at, first_text, text_at, whole

_PATHS = (
    "response",
    "response.text",
    "response.response",
    "response.content",
    "text",
    "content",
    "result",
    "result.text",
    "message.content",
    "choices.0.message.content",
    "choices.0.text",
    "choices.0.delta.content",
    "candidates.0.content.parts",
)
_REFUSALS = ("choices.0.message.refusal", "message.refusal")


def answer_text(value: Any) -> str | None:
    """The text of an answer, without the one space that raw completions begin with.

    The first text that is not empty wins; an empty one counts when there is no other, as an empty answer.
    A list of parts is joined. None when nothing is an answer here, also when the value says `success: false`.
    """
    if isinstance(value, str):
        return _trimmed(value)
    if at(value, "success") is False:
        return None
    found = [text for path in _PATHS if (text := _text(at(value, path))) is not None]
    full = next((text for text in found if text), None)
    refusal = None if full else first_text(value, *_REFUSALS)
    return _trimmed(full or refusal or "") if found or refusal else None


def model_name(value: Any) -> str:
    """The model that answered, as the server names it; empty when it does not."""
    return first_text(value, "model", "model_used", "response.model")


def finish_reason(value: Any) -> str:
    """Why the answer ended, in the server's word; "stop" for `done: true`; empty when it says nothing."""
    reason = text_at(value, "choices.0.finish_reason") or text_at(value, "done")
    return reason or ("stop" if at(value, "done") is True else "")


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return None
    parts = [text for part in value if isinstance(text := at(part, "text"), str)]
    return "".join(parts) if parts else None


def _trimmed(text: str) -> str:
    return whole(text.removeprefix(" "))
