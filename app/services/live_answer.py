"""An answer while it comes: its text so far, for those who show it piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.core.calls import gathered
from app.core.connections import is_same_model
from app.core.conversations import Message, Status
from app.core.deltas import (
    Delta,
    FinishDelta,
    ModelDelta,
    RawDelta,
    ReasoningDelta,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)

Piece = Callable[[str, str], None]
"""Called with what just came: more of the text, more of the reasoning. Either may be empty."""


class LiveAnswer:
    """Gathers deltas. Nothing in it grows with the square of the answer's length."""

    def __init__(self, conversation_id: str, message: Message, started: float) -> None:
        """`message` is the answer as it was stored before the request; `started` is on the monotonic clock."""
        self.conversation_id = conversation_id
        self.message = message
        self.started = started
        self._texts = [message.text]
        self._reasonings = [message.reasoning]
        self._first_delta: float | None = None
        self._thinking_since: float | None = None
        self._thought: float | None = None
        self._usage: Usage | None = None
        self._model = ""
        self._finish = ""
        self._raw = ""
        self._calls: list[ToolCallDelta] = []
        self._subscribers: list[Piece] = []

    @property
    def id(self) -> str:
        """The message's id."""
        return self.message.id

    @property
    def text(self) -> str:
        """The answer so far."""
        return _joined(self._texts)

    @property
    def reasoning(self) -> str:
        """The reasoning so far."""
        return _joined(self._reasonings)

    @property
    def has_begun(self) -> bool:
        """Whether a first piece of text or reasoning has come."""
        return self._first_delta is not None

    @property
    def is_complete(self) -> bool:
        """Whether the server said that this is all. A stream that only ends may have been cut."""
        return bool(self._finish or self._raw)

    @property
    def has_content(self) -> bool:
        """Whether anything came that is worth keeping."""
        return bool(self.text or self.reasoning or self._raw or self._calls)

    def subscribe(self, run: Piece) -> Callable[[], None]:
        """Call `run` now with all there is and then with each piece; what is returned ends that."""
        self._subscribers.append(run)
        run(self.text, self.reasoning)
        return lambda: self._subscribers.remove(run) if run in self._subscribers else None

    def take(self, deltas: Sequence[Delta], now: float) -> tuple[str, str]:
        """Add a batch of deltas, which came at `now` on the monotonic clock; the text and reasoning in it."""
        texts, reasonings = [], []
        for delta in deltas:
            match delta:
                case TextDelta(text):
                    texts.append(text)
                case ReasoningDelta(text):
                    reasonings.append(text)
                case UsageDelta(usage):
                    self._usage = usage
                case ModelDelta(model):
                    self._model = model
                case FinishDelta(reason):
                    self._finish = reason or "stop"
                case RawDelta(text):
                    self._raw = text
                case ToolCallDelta():
                    self._calls.append(delta)
        text, reasoning = "".join(texts), "".join(reasonings)
        if text or reasoning:
            self._add(text, reasoning, now)
        return text, reasoning

    def ended(self, status: Status, now: float) -> Message:
        """The whole message, ended at `now` on the monotonic clock."""
        return replace(
            self.message,
            text=self.text,
            reasoning=self.reasoning,
            status=status,
            usage=self._usage,
            finish=self._finish,
            answered_by=self._answered_by,
            raw=self._raw,
            calls=gathered(self._calls),
            seconds=now - self.started,
            first_delta=self._first_delta,
            thought=self.thought(now),
        )

    @property
    def _answered_by(self) -> str:
        """The name of the model that answered, unless it is the one that was asked."""
        asked = self.message.model
        return "" if asked is None or is_same_model(asked.model, self._model) else self._model

    def thought(self, now: float) -> float | None:
        """Seconds of reasoning up to the first word of the answer, or up to `now`; None when there was none."""
        if self._thought is not None or self._thinking_since is None:
            return self._thought
        return now - self._thinking_since

    def _add(self, text: str, reasoning: str, now: float) -> None:
        if self._first_delta is None:
            self._first_delta = now - self.started
        if reasoning and self._thinking_since is None:
            self._thinking_since = now
        if text.strip():
            self._thought = self.thought(now)
        self._texts.append(text)
        self._reasonings.append(reasoning)
        for run in tuple(self._subscribers):
            run(text, reasoning)


def _joined(pieces: list[str]) -> str:
    """All pieces as one, and kept as one."""
    if len(pieces) > 1:
        pieces[:] = ["".join(pieces)]
    return pieces[0]
