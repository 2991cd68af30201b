"""What went wrong, in words for the user: every failure says what happened, why most likely, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.text import t


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure as the user reads it.

    `snippet` is something to copy (a command, a line of code); `details` is the raw word of a server,
    shown folded and always as text.
    """

    what: str
    cause: str = ""
    fix: str = ""
    snippet: str = ""
    details: str = ""

    @classmethod
    def of(cls, key: str, /, *, snippet: str = "", details: str = "", **values: object) -> Problem:
        """Read the texts `<key>.what`, `<key>.cause` and `<key>.fix` from the catalogue of the chosen language."""
        return cls(
            what=t(f"{key}.what", **values),
            cause=t(f"{key}.cause", **values),
            fix=t(f"{key}.fix", **values),
            snippet=snippet,
            details=details,
        )

    def __str__(self) -> str:
        """All sentences in a row, for logs and test output."""
        return " ".join(part for part in (self.what, self.cause, self.fix) if part)


class BerthError(Exception):
    """The root of all expected failures. Carries the `Problem` that the user reads."""

    def __init__(self, problem: Problem) -> None:
        """Keep `problem`; it is also the text of the exception."""
        super().__init__(str(problem))
        self.problem = problem


class ApiError(BerthError):
    """An API answered, and its answer is an error. `status` is the HTTP status."""

    def __init__(self, problem: Problem, status: int) -> None:
        """Keep the problem and the HTTP status that came with it."""
        super().__init__(problem)
        self.status = status


class NetworkError(BerthError):
    """A request ended without a readable reply: refused, reset, blocked by CORS, or timed out."""


class StorageError(BerthError):
    """The browser's storage failed: quota, corruption, or not available at all."""


class InvalidFile(BerthError):
    """A file is not what it has to be, found out before a byte of it was sent."""


class InvalidInput(BerthError):
    """Something the user typed cannot be used as it is."""


class EngineError(BerthError):
    """The engine in the tab could not do what was asked."""
