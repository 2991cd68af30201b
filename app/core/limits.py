"""What an API allows in a time, and what is left of it, as its replies tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class RateLimit:
    """One limit; None for what the API does not tell. `reset` is a moment in seconds since 1970."""

    limit: int | None = None
    remaining: int | None = None
    reset: float | None = None

    @property
    def used(self) -> int | None:
        """What is used up of the limit; None when that cannot be told."""
        if self.limit is None or self.remaining is None:
            return None
        return max(self.limit - self.remaining, 0)


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The limits of a connection; None for a kind that the API does not tell.

    `period` is the time in which the requests are counted, where the API is known to mean a fixed one.
    """

    requests: RateLimit | None = None
    tokens: RateLimit | None = None
    period: Literal["", "day"] = ""
