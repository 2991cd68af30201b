"""Reading what Gemini generates: whole replies and the events of a stream, which have the same form."""

from __future__ import annotations

from typing import Any

from app.core.deltas import Delta, FinishDelta, ReasoningDelta, TextDelta, ToolCallDelta, Usage, UsageDelta
from app.providers.extract.values import at, compact, count, text_at, whole

_REASONS = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "SAFETY": "content_filter",
    "RECITATION": "content_filter",
    "LANGUAGE": "content_filter",
    "BLOCKLIST": "content_filter",
    "PROHIBITED_CONTENT": "content_filter",
    "SPII": "content_filter",
}
_KNOWN = ("candidates", "usageMetadata", "promptFeedback", "modelVersion", "responseId")


class ContentReader:
    """Turns the pieces of one generated content, in their order, into deltas. Only the first candidate is read."""

    def __init__(self) -> None:
        """Nothing has been read yet."""
        self.done = False
        self._is_finished = False
        self._calls = 0

    def read(self, value: Any) -> list[Delta] | None:
        """The deltas in a piece; None in what is none."""
        if not isinstance(value, dict) or not any(key in value for key in _KNOWN):
            return None
        parts = at(value, "candidates.0.content.parts")
        deltas: list[Delta] = []
        for part in parts if isinstance(parts, list) else ():
            self._read_part(part, deltas)
        figures = _usage(value.get("usageMetadata"))
        if figures is not None:
            deltas.append(UsageDelta(figures))
        return deltas + self._finish(at(value, "candidates.0.finishReason"))

    def failure(self, value: Any) -> int | None:
        """The status of the error that a piece stands for: one of its own, or a prompt that was blocked."""
        if not at(value, "error") and not at(value, "promptFeedback.blockReason"):
            return None
        status = count(at(value, "error.code")) or 0
        return status if 400 <= status < 600 else 200

    def end(self) -> list[Delta]:
        """The end of the answer, when only the stream told it."""
        return self._finish("STOP")

    def finish(self) -> list[Delta]:
        """Nothing: no text is held back."""
        return []

    def _read_part(self, part: Any, deltas: list[Delta]) -> None:
        text = text_at(part, "text")
        if text:
            deltas.append(ReasoningDelta(text) if at(part, "thought") is True else TextDelta(text))
        call = at(part, "functionCall")
        if isinstance(call, dict):
            told = text_at(call, "id") or "", text_at(call, "name") or ""
            deltas.append(ToolCallDelta(self._calls, *told, compact(call.get("args") or {})))
            self._calls += 1

    def _finish(self, reason: Any) -> list[Delta]:
        if self._is_finished or not isinstance(reason, str) or not reason:
            return []
        self._is_finished = True
        if reason == "STOP" and self._calls:
            return [FinishDelta("tool_calls")]
        return [FinishDelta(_REASONS.get(reason, whole(reason)))]


def _usage(value: Any) -> Usage | None:
    """The figures, which grow from piece to piece. Thoughts are paid for as a part of the answer."""
    prompt = count(at(value, "promptTokenCount"))
    answer, thoughts = count(at(value, "candidatesTokenCount")), count(at(value, "thoughtsTokenCount"))
    completion = None if answer is None and thoughts is None else (answer or 0) + (thoughts or 0)
    found = Usage(prompt, completion, count(at(value, "totalTokenCount")))
    return None if found == Usage() else found
