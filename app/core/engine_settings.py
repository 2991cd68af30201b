"""How the engine in the tab runs a model, as the user set it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

from app.core.problems import InvalidInput, Problem

MOST_CONTEXT = 1_048_576
MOST_THREADS = 64


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """`context` in tokens and `threads`; 0 leaves the choice to the page. The GPU is off unless the user says so."""

    context: int = 0
    threads: int = 0
    gpu: bool = False

    def with_context(self, text: str) -> EngineSettings:
        """The same with a context that the user typed; nothing for the usual one.

        Raises:
            InvalidInput: no number of tokens.
        """
        return replace(self, context=_whole(text, MOST_CONTEXT, "tab.context_typed"))

    def with_threads(self, text: str) -> EngineSettings:
        """The same with a number of threads that the user typed; nothing for the usual one.

        Raises:
            InvalidInput: no number of threads.
        """
        return replace(self, threads=_whole(text, MOST_THREADS, "tab.threads_typed"))

    def with_gpu(self, gpu: bool) -> EngineSettings:
        """The same with or without the GPU."""
        return replace(self, gpu=gpu)

    def to_record(self) -> dict[str, Any]:
        """The stored form: JSON values only."""
        return {"context": self.context, "threads": self.threads, "gpu": self.gpu}

    @classmethod
    def from_record(cls, record: object) -> Self:
        """Read the stored form; whatever is missing or unreadable in it gets its default."""
        if not isinstance(record, dict):
            return cls()
        return cls(
            context=_stored(record.get("context"), MOST_CONTEXT),
            threads=_stored(record.get("threads"), MOST_THREADS),
            gpu=record.get("gpu") is True,
        )


def _whole(text: str, most: int, key: str) -> int:
    typed = text.strip()
    if not typed:
        return 0
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= most):
        raise InvalidInput(Problem.of(key, typed=typed, most=most))
    return int(typed)


def _stored(value: object, most: int) -> int:
    return value if type(value) is int and 0 <= value <= most else 0
