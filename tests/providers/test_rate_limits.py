"""Rate limits in the headers of replies."""

import pytest

from app.core.limits import RateLimit, RateLimits
from app.providers.extract import rate_limits

NOW = 1_755_000_000.0


@pytest.mark.parametrize(
    ("headers", "limits"),
    [
        ({}, None),
        ({"x-ratelimit-limit": "soon"}, None),
        (
            {
                "x-ratelimit-limit-requests": "60",
                "x-ratelimit-remaining-requests": "59",
                "x-ratelimit-reset-requests": "1s",
                "x-ratelimit-limit-tokens": "150000",
                "x-ratelimit-remaining-tokens": "149984",
                "x-ratelimit-reset-tokens": "6m0s",
            },
            RateLimits(RateLimit(60, 59, NOW + 1), RateLimit(150000, 149984, NOW + 360)),
        ),
        (
            {
                "anthropic-ratelimit-requests-limit": "50",
                "anthropic-ratelimit-requests-remaining": "0",
                "anthropic-ratelimit-requests-reset": "2025-08-12T12:01:00Z",
            },
            RateLimits(RateLimit(50, 0, 1_755_000_060.0)),
        ),
        ({"x-ratelimit-limit": "1000", "x-ratelimit-remaining": "899"}, RateLimits(RateLimit(1000, 899))),
        ({"ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "7"}, RateLimits(RateLimit(100, 7))),
    ],
)
def test_limits_are_read_in_each_spelling(headers: dict[str, str], limits: RateLimits | None) -> None:
    assert rate_limits(headers, NOW) == limits


def test_what_is_used_is_derived() -> None:
    assert RateLimit(1000, 899).used == 101
    assert RateLimit(1000).used is None
    assert RateLimit(5, 9).used == 0
