"""Reading what Ollama answers: chats, whole and line by line, and what it tells about its models."""

from __future__ import annotations

from typing import Any

from app.core.connections import Model
from app.core.deltas import Delta, FinishDelta, ReasoningDelta, ToolCallDelta, Usage, UsageDelta
from app.core.problems import ApiError
from app.core.remote_models import LoadedModel, ModelDetails
from app.providers import extract
from app.providers.extract.values import at, compact, count, first_text, number, text_at
from app.providers.streams import ThinkFilter

_NANOSECONDS = 1e9
_LICENSE_LENGTH = 2000


class ChatReader:
    """Turns a chat, or the lines of one in their order, into deltas."""

    def __init__(self) -> None:
        """Nothing has been read yet."""
        self.done = False
        self._calls = 0
        self._thinking = ThinkFilter()  # older versions leave the thoughts in the text

    def read(self, value: Any) -> list[Delta] | None:
        """The deltas in a line; None in what is none."""
        if not isinstance(value, dict) or not ("message" in value or "response" in value or "done" in value):
            return None
        deltas: list[Delta] = []
        thoughts = text_at(value, "message.thinking") or text_at(value, "thinking")
        if thoughts:
            deltas.append(ReasoningDelta(thoughts))
        text = text_at(value, "message.content") or text_at(value, "response")
        if text:
            deltas += self._thinking.feed(text)
        calls = at(value, "message.tool_calls")
        deltas += [self._call(call) for call in calls] if isinstance(calls, list) else []
        if value.get("done") is True:
            self.done = True
            deltas += self.finish() + _usage(value) + [FinishDelta(self._reason(value))]
        return deltas

    def failure(self, value: Any) -> int | None:
        """200 for a line with an error: its status is not told."""
        return 200 if at(value, "error") else None

    def end(self) -> list[Delta]:
        """Nothing: Ollama's streams have no mark of their end."""
        return []

    def finish(self) -> list[Delta]:
        """The text that may have been a mark around thoughts."""
        return self._thinking.finish()

    def _call(self, call: Any) -> ToolCallDelta:
        arguments = at(call, "function.arguments")
        told = arguments if isinstance(arguments, str) else compact(arguments or {})
        name = text_at(call, "function.name") or ""
        self._calls += 1
        return ToolCallDelta(self._calls - 1, text_at(call, "id") or "", name, told)

    def _reason(self, value: Any) -> str:
        reason = first_text(value, "done_reason") or "stop"
        return "tool_calls" if reason == "stop" and self._calls else reason


def models(value: Any, error: ApiError) -> tuple[Model, ...]:
    """The models of a list; raises `error` when there is none."""
    listed = extract.model_list(value, ("model", "name"))
    if listed is None:
        raise error
    return listed


def loaded(value: Any, error: ApiError) -> tuple[LoadedModel, ...]:
    """The models in memory; raises `error` when there is no list of them."""
    items = at(value, "models")
    if not isinstance(items, list):
        raise error
    found = (
        LoadedModel(
            first_text(item, "model", "name"),
            count(at(item, "size")),
            count(at(item, "size_vram")),
            first_text(item, "expires_at"),
            count(at(item, "context_length")),
        )
        for item in items
    )
    return tuple(model for model in found if model.id)


def details(value: Any) -> ModelDetails:
    """What is told about a model. The context length stands under a name that begins with the architecture."""
    info = at(value, "model_info")
    entries = info.items() if isinstance(info, dict) else ()
    lengths = (count(figure) for name, figure in entries if name.endswith(".context_length"))
    capabilities = at(value, "capabilities")
    known = capabilities if isinstance(capabilities, list) else []
    return ModelDetails(
        family=first_text(value, "details.family"),
        parameter_size=first_text(value, "details.parameter_size"),
        quantization=first_text(value, "details.quantization_level"),
        context_length=next((length for length in lengths if length), None),
        capabilities=tuple(one for one in known if isinstance(one, str)),
        template=first_text(value, "template"),
        license=first_text(value, "license")[:_LICENSE_LENGTH],
    )


def _usage(value: Any) -> list[Delta]:
    """The figures of the last line. The time is that of writing the answer, without loading and reading the prompt."""
    prompt, completion = count(value.get("prompt_eval_count")), count(value.get("eval_count"))
    duration = number(value.get("eval_duration"))
    if prompt is None and completion is None:
        return []
    total = (prompt or 0) + (completion or 0)
    return [UsageDelta(Usage(prompt, completion, total, duration / _NANOSECONDS if duration else None))]
