"""Reading the replies of a custom provider with the paths that the user gave; without a path, by the usual names."""

from __future__ import annotations

from typing import Any, Final

from app.core.connections import Model
from app.core.deltas import Delta, FinishDelta, ReasoningDelta, Reply, TextDelta, Usage, UsageDelta
from app.providers import custom_paths, extract
from app.providers.custom_dialect import CustomDialect
from app.providers.extract.values import count, first_text, whole

_FALSE: Final = frozenset({"", "false", "null", "0", "none"})


def error_text(dialect: CustomDialect, value: Any) -> str:
    """The error in a reply or an event; empty when it holds none."""
    if dialect.error:
        found = custom_paths.text(value, dialect.error)
        return extract.redact(found) if found and found.lower() not in _FALSE else ""
    if not extract.reports_failure(value):
        return ""
    return extract.error_message(value) or extract.raw_text(value)


def answer(dialect: CustomDialect, value: Any) -> str | None:
    """The text of the answer; None when there is none."""
    return custom_paths.text(value, dialect.answer) if dialect.answer else extract.answer_text(value)


def usage(dialect: CustomDialect, value: Any) -> Usage | None:
    """The figures; None when there are none."""
    if not dialect.prompt_tokens and not dialect.completion_tokens:
        return extract.usage(value)
    prompt, completion = _count(value, dialect.prompt_tokens), _count(value, dialect.completion_tokens)
    total = None if prompt is None or completion is None else prompt + completion
    found = Usage(prompt, completion, total)
    return None if found == Usage() else found


def finish(dialect: CustomDialect, value: Any) -> str:
    """Why the answer ended; empty when it has not."""
    if not dialect.finish:
        return extract.finish_reason(value)
    found = custom_paths.text(value, dialect.finish)
    if not found or found.lower() in _FALSE:
        return ""
    return "stop" if found == "true" else whole(found)


def whole_reply(dialect: CustomDialect, value: Any) -> Reply:
    """The answer in a whole reply; `raw` holds the JSON when there is none."""
    text = answer(dialect, value)
    reasoning = custom_paths.text(value, dialect.reasoning) or ""
    return Reply(
        text or "",
        reasoning=reasoning,
        model=extract.model_name(value),
        usage=usage(dialect, value),
        finish=finish(dialect, value) or "stop",
        raw=extract.raw_text(value) if text is None and not reasoning else "",
    )


def models(dialect: CustomDialect, value: Any) -> tuple[Model, ...] | None:
    """The models in a list, each once; None when there is no list."""
    if not dialect.models:
        return extract.model_list(value)
    items = custom_paths.find(value, dialect.models)
    entries = items[0] if len(items) == 1 and isinstance(items[0], list) else items
    found: dict[str, Model] = {}
    for item in entries:
        model_id = _model_id(dialect, item)
        if model_id.strip():
            found.setdefault(model_id, Model(model_id, model_id))
    return tuple(found.values())


class CustomReader:
    """Turns the events of a stream, in their order, into deltas."""

    def __init__(self, dialect: CustomDialect) -> None:
        """Read with the paths of `dialect`."""
        self.done = False
        self._dialect = dialect
        self._text = ""  # so far, where each event brings it all
        self._is_finished = False
        self._is_anything = False

    def read(self, value: Any) -> list[Delta] | None:
        """The deltas in an event; None when nothing is found in it."""
        dialect = self._dialect
        text = answer(dialect, value) if dialect.answer else _piece(value)
        reasoning = custom_paths.text(value, dialect.reasoning)
        figures, reason = usage(dialect, value), finish(dialect, value)
        if text is None and reasoning is None and figures is None and not reason:
            return None
        self._is_anything = True
        deltas: list[Delta] = [ReasoningDelta(reasoning)] if reasoning else []
        new = self._new(text or "")
        deltas += [TextDelta(new)] if new else []
        deltas += [UsageDelta(figures)] if figures else []
        # A socket stays open, and what comes after the end is not this answer's.
        self.done = bool(reason) and dialect.stream == "websocket"
        return deltas + (self._finish(reason) if reason else [])

    def failure(self, value: Any) -> int | None:
        """200 for an event that holds an error: its status is not told."""
        return 200 if error_text(self._dialect, value) else None

    def end(self) -> list[Delta]:
        """The end that a mark told."""
        return self._finish("stop")

    def finish(self) -> list[Delta]:
        """The end of the stream is the end of the answer, where the dialect has no other sign of it."""
        has_sign = self._dialect.finish or self._dialect.end
        return [] if has_sign or not self._is_anything else self._finish("stop")

    def _new(self, text: str) -> str:
        if not self._dialect.is_cumulative:
            return text
        new = text.removeprefix(self._text) if text.startswith(self._text) else ""
        self._text += new
        return new

    def _finish(self, reason: str) -> list[Delta]:
        if self._is_finished:
            return []
        self._is_finished = True
        return [FinishDelta(reason)]


def _piece(value: Any) -> str | None:
    """The text of an event by the usual names; unlike in a whole answer, a space at its beginning counts."""
    found = (custom_paths.text(value, path) for path in _PIECES)
    return next((text for text in found if text is not None), None)


_PIECES: Final = (
    "choices[0].delta.content",
    "choices[0].text",
    "message.content",
    "delta.text",
    "delta.content",
    "delta",
    "response",
    "token.text",
    "token",
    "text",
    "content",
)


def _model_id(dialect: CustomDialect, item: Any) -> str:
    if isinstance(item, str):
        return whole(item)
    if dialect.model_id:
        return custom_paths.text(item, dialect.model_id) or ""
    return first_text(item, "id", "name", "model")


def _count(value: Any, path: str) -> int | None:
    found = custom_paths.find(value, path)
    return count(found[0]) if found else None
