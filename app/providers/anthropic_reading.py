"""Reading messages of Anthropic's API: whole ones, and the events of streamed ones."""

from __future__ import annotations

from typing import Any

from app.core.deltas import Delta, FinishDelta, ReasoningDelta, TextDelta, ToolCallDelta, Usage, UsageDelta
from app.providers.extract.values import at, compact, count, text_at, whole

_REASONS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}
_STATUS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
"""The status that an error within a stream would have had before it, by its type."""

_USAGE = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


class MessageReader:
    """Turns the events of one message, in their order, into deltas."""

    def __init__(self) -> None:
        """Nothing has been read yet."""
        self.done = False
        self._is_finished = False
        self._calls: dict[Any, int] = {}  # the numbers of the tool calls, by the index of their block
        self._prompt_tokens: int | None = None

    def read(self, value: Any) -> list[Delta] | None:
        """The deltas in an event; none in signs of life and events of a later version."""
        kind = at(value, "type")
        match kind:
            case "message_start":
                return self._usage(at(value, "message.usage"))
            case "content_block_start":
                return self._block(at(value, "content_block"), _index(value))
            case "content_block_delta":
                return self._delta(at(value, "delta"), _index(value))
            case "message_delta":
                return self._usage(at(value, "usage")) + self._finish(at(value, "delta.stop_reason"))
        if kind == "message_stop":
            self.done = True
            return self.end()
        return [] if isinstance(kind, str) else None

    def whole(self, message: Any) -> list[Delta]:
        """The deltas of a whole message."""
        blocks = at(message, "content")
        deltas: list[Delta] = []
        for index, block in enumerate(blocks if isinstance(blocks, list) else ()):
            deltas += self._block(block, index)
        return deltas + self._usage(at(message, "usage")) + self._finish(at(message, "stop_reason"))

    def failure(self, value: Any) -> int | None:
        """The status of the error that an event stands for."""
        if at(value, "type") != "error" and not at(value, "error"):
            return None
        return _STATUS.get(text_at(value, "error.type") or "", 200)

    def end(self) -> list[Delta]:
        """The end of the message, when only the stream told it."""
        return self._finish("end_turn")

    def finish(self) -> list[Delta]:
        """Nothing: no text is held back."""
        return []

    def _block(self, block: Any, index: Any) -> list[Delta]:
        match at(block, "type"):
            case "text":
                return _text(at(block, "text"))
            case "thinking":
                return _reasoning(at(block, "thinking"))
            case "tool_use" | "server_tool_use":
                return [self._call(block, index)]
        return []

    def _delta(self, delta: Any, index: Any) -> list[Delta]:
        match at(delta, "type"):
            case "text_delta":
                return _text(at(delta, "text"))
            case "thinking_delta":
                return _reasoning(at(delta, "thinking"))
            case "input_json_delta" if index in self._calls:
                piece = text_at(delta, "partial_json")
                return [ToolCallDelta(self._calls[index], arguments=piece)] if piece else []
        return []

    def _call(self, block: Any, index: Any) -> ToolCallDelta:
        number = self._calls.setdefault(index, len(self._calls))
        arguments = at(block, "input")
        return ToolCallDelta(
            number,
            id=text_at(block, "id") or "",
            name=text_at(block, "name") or "",
            # A streamed call begins with an empty object, and its arguments come in pieces.
            arguments=compact(arguments) if arguments else "",
        )

    def _usage(self, usage: Any) -> list[Delta]:
        """The figures, which come in two parts: those of the prompt first, those of the answer at its end."""
        prompt = [tokens for name in _USAGE if (tokens := count(at(usage, name))) is not None]
        self._prompt_tokens = sum(prompt) if prompt else self._prompt_tokens
        completion = count(at(usage, "output_tokens"))
        if self._prompt_tokens is None and completion is None:
            return []
        total = (self._prompt_tokens or 0) + (completion or 0)
        return [UsageDelta(Usage(self._prompt_tokens, completion, total))]

    def _finish(self, reason: Any) -> list[Delta]:
        if self._is_finished or not isinstance(reason, str) or not reason:
            return []
        self._is_finished = True
        return [FinishDelta(_REASONS.get(reason, whole(reason)))]


def _index(event: Any) -> int:
    """The index of an event's block; servers with one block may tell none."""
    return count(at(event, "index")) or 0


def _text(text: Any) -> list[Delta]:
    return [TextDelta(whole(text))] if text and isinstance(text, str) else []


def _reasoning(text: Any) -> list[Delta]:
    return [ReasoningDelta(whole(text))] if text and isinstance(text, str) else []
