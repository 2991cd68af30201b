"""When a rate limit ends."""

import pytest

from app.core.http import HttpReply
from app.providers.extract import reset_time

NOW = 1_800_000_000.0


def reply(body: str = "", **headers: str) -> HttpReply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpReply(429, {"content-type": "application/json", **named}, body.encode())


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (reply('{"resetTime":"2027-01-15T08:01:00.000Z"}'), 60),
        (reply(x_ratelimit_reset="1800000060"), 60),
        (reply(x_ratelimit_reset="1800000060000"), 60),
        (reply(x_ratelimit_reset="30"), 30),
        (reply(x_ratelimit_reset="6m0s"), 360),
        (reply(retry_after="300"), 300),
        (reply(retry_after="Fri, 15 Jan 2027 08:01:00 GMT"), 60),
        (reply('{"retryAfter":"15 minutes"}'), 900),
        (reply('{"retryAfter":20}'), 20),
        (reply('{"retryAfter":"5 minutes"}', retry_after="300"), 300),
        (reply(x_ratelimit_reset="1700000000"), 0),
    ],
)
def test_reads_the_moment_in_every_known_form(said: HttpReply, seconds: float) -> None:
    assert reset_time(said, NOW) == pytest.approx(NOW + seconds)


@pytest.mark.parametrize(
    "said", [reply(), reply("{}"), reply('{"retryAfter":"soon"}'), reply(retry_after="-1")]
)
def test_says_nothing_when_the_server_says_nothing(said: HttpReply) -> None:
    assert reset_time(said, NOW) is None
