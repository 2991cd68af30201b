"""Reading chat completions: whole ones, and the chunks of streamed ones, in the forms that servers give them.

The form is OpenAI's. Beyond it there are reasoning in fields of two names, in parts (Mistral) or between marks in the
text (most local servers), figures in places of their own (llama-server, Groq), and legacy completions.
"""

from __future__ import annotations

import json
from typing import Any

from app.core.deltas import (
    Delta,
    FinishDelta,
    ModelDelta,
    ReasoningDelta,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)
from app.providers import extract
from app.providers.extract.values import at, count, number, whole
from app.providers.streams import ThinkFilter


def is_completion(value: Any) -> bool:
    """Whether a value is a completion or a chunk of one, as far as its outer form goes."""
    return isinstance(value, dict) and isinstance(value.get("choices"), list)


class CompletionReader:
    """Turns one completion, or the chunks of one in their order, into deltas. Only the first choice is read."""

    def __init__(self) -> None:
        """Nothing has been read yet."""
        self.is_finished = False
        self._model = ""
        self._thinking = ThinkFilter()
        self._half = ""  # a high surrogate whose other half is still to come
        self._calls: list[str] = []  # the ids of the tool calls, by index

    def read(self, value: dict[str, Any]) -> list[Delta]:
        """The deltas in a completion or a chunk; none in what is neither."""
        deltas: list[Delta] = []
        if not self._model and (model := extract.model_name(value)):
            self._model = model
            deltas.append(ModelDelta(model))
        choices = value.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            self._read_choice(choices[0], deltas)
        if value.get("usage") or "timings" in value or "x_groq" in value:
            figures = usage(value)
            if figures is not None:
                deltas.append(UsageDelta(figures))
        return deltas

    def finish(self, reason: str = "") -> list[Delta]:
        """What was held back, when no more comes; with a `reason` the answer is complete, if it was not before."""
        deltas = self._thinking.finish()
        if reason and not self.is_finished:
            self.is_finished = True
            deltas.append(FinishDelta(reason))
        return deltas

    def _read_choice(self, choice: dict[str, Any], deltas: list[Delta]) -> None:
        delta = choice.get("delta") or choice.get("message")
        if isinstance(delta, dict):
            self._read_delta(delta, deltas)
        else:
            self._read_text(choice.get("text"), deltas)
        reason = choice.get("finish_reason")
        if reason and isinstance(reason, str):
            deltas += self.finish(reason)

    def _read_delta(self, delta: dict[str, Any], deltas: list[Delta]) -> None:
        reasoning = delta.get("reasoning_content") or delta.get("reasoning")
        if reasoning and isinstance(reasoning, str):
            deltas.append(ReasoningDelta(whole(reasoning)))
        content = delta.get("content")
        if isinstance(content, list):
            self._read_parts(content, deltas)
        else:
            self._read_text(content, deltas)
        refusal = delta.get("refusal")
        if refusal and isinstance(refusal, str):
            deltas.append(TextDelta(whole(refusal)))
        calls = delta.get("tool_calls")
        if isinstance(calls, list):
            deltas.extend(self._call(call) for call in calls if isinstance(call, dict))

    def _read_text(self, text: Any, deltas: list[Delta]) -> None:
        if not text or not isinstance(text, str):
            return
        if self._half or not text.isascii():
            text = self._paired(text)
        deltas += self._thinking.feed(text)

    def _read_parts(self, parts: list[Any], deltas: list[Delta]) -> None:
        for part in parts:
            thoughts = at(part, "thinking")
            if isinstance(thoughts, list):
                texts = [text for thought in thoughts if isinstance(text := at(thought, "text"), str)]
                deltas.append(ReasoningDelta(whole("".join(texts))))
            else:
                self._read_text(at(part, "text"), deltas)

    def _paired(self, text: str) -> str:
        """`text` without halves of characters; one at its end is kept for the next text, which may bring the other."""
        text = self._half + text
        self._half = text[-1] if "\ud800" <= text[-1] <= "\udbff" else ""
        return whole(text.removesuffix(self._half))

    def _call(self, call: dict[str, Any]) -> ToolCallDelta:
        name, arguments = at(call, "function.name"), at(call, "function.arguments")
        if isinstance(arguments, dict):
            arguments = json.dumps(arguments)
        call_id = call["id"] if isinstance(call.get("id"), str) else ""
        return ToolCallDelta(
            index=self._index(call.get("index"), call_id),
            id=call_id,
            name=whole(name) if isinstance(name, str) else "",
            arguments=whole(arguments) if isinstance(arguments, str) else "",
        )

    def _index(self, index: Any, call_id: str) -> int:
        """The number of a tool call; servers that give none begin each call with an id of its own."""
        told = count(index)
        if told is not None:
            return told
        if call_id not in self._calls and (call_id or not self._calls):
            self._calls.append(call_id)
        return self._calls.index(call_id) if call_id else len(self._calls) - 1


def usage(value: Any) -> Usage | None:
    """The figures of a completion; None when it has none.

    llama-server tells its own times, without the time in which the request waited: tokens per second come from those.
    """
    told = extract.usage(value) or extract.usage(at(value, "x_groq"))
    generated = number(at(value, "timings.predicted_ms"))
    if generated is None:
        return told
    prompt = (count(at(value, "timings.prompt_n")) or 0) + (count(at(value, "timings.cache_n")) or 0)
    completion = count(at(value, "timings.predicted_n"))
    return Usage(
        prompt_tokens=told.prompt_tokens if told else prompt or None,
        completion_tokens=told.completion_tokens if told else completion,
        total_tokens=told.total_tokens if told else prompt + (completion or 0) or None,
        seconds=generated / 1000,
    )
