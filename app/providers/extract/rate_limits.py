"""What the headers of a reply tell about rate limits, in the spellings of all known APIs.

Browsers show a page only the headers that the server exposes, so that none of them may be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.core.limits import RateLimit, RateLimits
from app.providers.extract.limits import moment
from app.providers.extract.values import number

_REQUESTS = (
    "x-ratelimit-{}-requests",  # OpenAI, Groq, xAI, Together
    "anthropic-ratelimit-requests-{}",
    "x-ratelimit-{}",  # LLM Router, OpenRouter
    "ratelimit-{}",
)
_TOKENS = (
    "x-ratelimit-{}-tokens",
    "anthropic-ratelimit-tokens-{}",
    "anthropic-ratelimit-input-tokens-{}",
    "x-ratelimitbysize-{}-minute",  # Mistral
)


def rate_limits(headers: Mapping[str, str], now: float) -> RateLimits | None:
    """The limits in the headers of a reply (names in lower case); None when there are none to be read.

    `now` is in seconds since 1970.
    """
    requests, tokens = _first(headers, _REQUESTS, now), _first(headers, _TOKENS, now)
    return RateLimits(requests, tokens) if requests or tokens else None


def _first(headers: Mapping[str, str], spellings: Iterable[str], now: float) -> RateLimit | None:
    limits = (_read(headers, spelling, now) for spelling in spellings)
    return next((limit for limit in limits if limit), None)


def _read(headers: Mapping[str, str], spelling: str, now: float) -> RateLimit | None:
    limit = _count(headers.get(spelling.format("limit")))
    remaining = _count(headers.get(spelling.format("remaining")))
    if limit is None and remaining is None:
        return None
    return RateLimit(limit, remaining, moment(headers.get(spelling.format("reset")), now))


def _count(text: str | None) -> int | None:
    found = number((text or "").partition(",")[0].partition(";")[0])
    return None if found is None or found > 1e15 else int(found)
