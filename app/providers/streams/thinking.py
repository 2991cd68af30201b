"""Telling a model's reasoning from its answer, where the server sends both as one text."""

from __future__ import annotations

from app.core.deltas import Delta, ReasoningDelta, TextDelta

TAGS = {"<think>": "</think>", "<thinking>": "</thinking>", "[THINK]": "[/THINK]"}
"""The marks around reasoning: of DeepSeek R1, Qwen and most others; of models tuned on Claude's; of Magistral."""

_PATIENCE = 64
"""Characters of white space after which no mark is waited for."""


class ThinkFilter:
    """Splits a text that comes in pieces into reasoning and answer, without waiting for more than a mark's length.

    A mark counts at the beginning of the text only: further on, an answer may well be about such marks. The white space
    after each of the two marks is dropped.
    """

    def __init__(self) -> None:
        """Nothing has arrived yet."""
        self._close: str | None = None  # the mark that ends the reasoning, while within it
        self._has_begun = False  # whether it is known what the text begins with
        self._trims = False  # whether white space is dropped until there is something else
        self._held = ""

    def feed(self, text: str) -> list[Delta]:
        """What `text` adds to the reasoning and to the answer."""
        if not self._has_begun:
            return self._begin(self._held + text)
        if self._close is not None:
            return self._reason(self._held + text, self._close)
        return self._answer(text)

    def finish(self) -> list[Delta]:
        """What was held back, when no more text comes."""
        held, self._held = self._held, ""
        if not held:
            return []
        return [TextDelta(held) if self._close is None else ReasoningDelta(held)]

    def _begin(self, text: str) -> list[Delta]:
        start = text.lstrip()
        is_late = len(text) - len(start) > _PATIENCE
        if not is_late and any(tag.startswith(start) for tag in TAGS if tag != start):
            self._held = text
            return []
        self._has_begun = True
        self._held = ""
        tag = next((tag for tag in TAGS if start.startswith(tag)), None)
        if tag is None or is_late:
            return self._answer(text)
        self._trims = True
        self._close = TAGS[tag]
        return self._reason(start[len(tag) :], self._close)

    def _reason(self, text: str, close: str) -> list[Delta]:
        reasoning, found, answer = text.partition(close)
        if found:
            self._close = None
            self._held = ""
        else:
            self._held = _beginning_of(close, text)
            reasoning = text.removesuffix(self._held)
        deltas: list[Delta] = [ReasoningDelta(part)] if (part := self._trimmed(reasoning)) else []
        if found:
            self._trims = True
            deltas += self._answer(answer)
        return deltas

    def _answer(self, text: str) -> list[Delta]:
        text = self._trimmed(text)
        return [TextDelta(text)] if text else []

    def _trimmed(self, text: str) -> str:
        if self._trims:
            text = text.lstrip()
            self._trims = not text
        return text


def _beginning_of(mark: str, text: str) -> str:
    """The end of `text` that may be the beginning of `mark`."""
    longest = min(len(mark) - 1, len(text))
    return next((mark[:size] for size in range(longest, 0, -1) if text.endswith(mark[:size])), "")
