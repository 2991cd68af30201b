"""Deltas: the pieces of a streamed reply, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of the model's reasoning, shown apart from the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """More of one tool call: `arguments` are pieces of a JSON text that belong to call number `index`."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a server reports about an answer; None where it reports nothing. `seconds` is its own processing time."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    seconds: float | None = None

    @property
    def tokens_per_second(self) -> float | None:
        """Completion tokens by the server's own processing time; None when it reports either not."""
        if not self.completion_tokens or not self.seconds:
            return None
        return self.completion_tokens / self.seconds


@dataclass(frozen=True, slots=True)
class UsageDelta:
    """The server's figures so far; a later one replaces an earlier one."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class FinishDelta:
    """The reply is complete.

    `reason` is stop, length, tool_calls or content_filter where the server means that, and else the server's own word.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class ModelDelta:
    """The model that answers, by the name that the API gives it: behind a router not the one that was asked."""

    model: str


@dataclass(frozen=True, slots=True)
class RawDelta:
    """A reply in which no answer could be found, as it is: it is shown, never dropped."""

    text: str


Delta = TextDelta | ReasoningDelta | ToolCallDelta | UsageDelta | ModelDelta | FinishDelta | RawDelta


def joined(deltas: Iterable[Delta]) -> list[Delta]:
    """The same stream in as few deltas as it can be told: neighbours of one kind become one."""
    whole: list[Delta] = []
    for kind, group in groupby(deltas, type):
        if kind is TextDelta:
            whole.append(TextDelta("".join([delta.text for delta in group if isinstance(delta, TextDelta)])))
        elif kind is ReasoningDelta:
            texts = [delta.text for delta in group if isinstance(delta, ReasoningDelta)]
            whole.append(ReasoningDelta("".join(texts)))
        else:
            whole.extend(group)
    return whole


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, as APIs without streaming give it.

    `raw` holds the reply's JSON when no answer could be found in it: it is shown, never dropped.
    """

    text: str
    reasoning: str = ""
    model: str = ""
    usage: Usage | None = None
    finish: str = "stop"
    raw: str = ""
    calls: tuple[ToolCallDelta, ...] = ()

    @classmethod
    def of(cls, deltas: Iterable[Delta]) -> Reply:
        """A stream's deltas as one answer."""
        answer = cls("")
        for delta in joined(deltas):
            match delta:
                case TextDelta(text):
                    answer = replace(answer, text=answer.text + text)
                case ReasoningDelta(text):
                    answer = replace(answer, reasoning=answer.reasoning + text)
                case RawDelta(text):
                    answer = replace(answer, raw=answer.raw + text)
                case ToolCallDelta():
                    answer = replace(answer, calls=(*answer.calls, delta))
                case UsageDelta(usage):
                    answer = replace(answer, usage=usage)
                case ModelDelta(model):
                    answer = replace(answer, model=model)
                case FinishDelta(reason):
                    answer = replace(answer, finish=reason)
        return answer

    def deltas(self) -> Iterator[Delta]:
        """The same answer as the deltas of a stream."""
        if self.model:
            yield ModelDelta(self.model)
        if self.reasoning:
            yield ReasoningDelta(self.reasoning)
        if self.text:
            yield TextDelta(self.text)
        if self.raw:
            yield RawDelta(self.raw)
        yield from self.calls
        if self.usage is not None:
            yield UsageDelta(self.usage)
        yield FinishDelta(self.finish)
