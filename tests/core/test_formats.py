"""Numbers, times and dates as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import http_date

from app.core import formats

KB, MB, GB = 1024, 1024**2, 1024**3
BERLIN = timezone(timedelta(hours=1))
NOW = datetime(2026, 1, 16, 10, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (KB, "1.0 KB"),
        (1_095_424, "1.0 MB"),
        (int(4.1 * GB), "4.1 GB"),
        (10 * GB, "10.0 GB"),
        (int(123.44 * MB), "123.4 MB"),
        (MB - 1, "1.0 MB"),
        (3 * 1024 * GB, "3.0 TB"),
        (2**64, "16.0 EB"),
        (-5, "0 B"),
    ],
)
def test_sizes(count: int, text: str) -> None:
    assert formats.size(count) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (950, "950"),
        (1_000, "1k"),
        (1_299, "1.3k"),
        (984_192, "984k"),
        (999_960, "1M"),
        (1_100_000, "1.1M"),
        (7_241_732_096, "7.2B"),
        (671_000_000_000, "671B"),
        (1_500_000_000_000, "1.5T"),
        (5 * 10**15, "5000T"),
    ],
)
def test_counts(number: int, text: str) -> None:
    assert formats.count(number) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [(12.9 * MB, "12.9 MB/s"), (0.2, "0 B/s"), (0, ""), (float("nan"), ""), (float("inf"), "")],
)
def test_rates(rate: float, text: str) -> None:
    assert formats.rate(rate) == text


@pytest.mark.parametrize(
    ("value", "text"), [(12.34, "12.3 tokens/s"), (0.52, "0.5 tokens/s"), (1234.5, "1,234 tokens/s")]
)
def test_tokens_per_second(value: float, text: str) -> None:
    assert formats.tokens_per_second(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ms"),
        (0.45, "450 ms"),
        (0.9996, "1.0 s"),
        (2.44, "2.4 s"),
        (9.96, "10 s"),
        (42.2, "42 s"),
        (59.7, "1 min 0 s"),
        (185, "3 min 5 s"),
        (3_900, "1 h 5 min"),
        (-1, "0 ms"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert formats.duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 s left"),
        (4.2, "5 s left"),
        (59, "59 s left"),
        (59.5, "1 min left"),
        (125, "2 min left"),
        (3_590, "1 h 0 min left"),
        (3_900, "1 h 5 min left"),
        (None, ""),
        (float("inf"), ""),
    ],
)
def test_time_left(seconds: float | None, text: str) -> None:
    assert formats.time_left(seconds) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-01-16T08:12:00Z", "today, 09:12"),
        ("2026-01-16T09:12:00", "today, 09:12"),
        ("2026-01-16 09:12:30.250", "today, 09:12"),
        ("2026-01-15T23:30:00Z", "today, 00:30"),
        ("2026-01-15T17:40:00+00:00", "yesterday, 18:40"),
        ("2024-01-15T10:30:00Z", "15 Jan 2024"),
        ("2024-05-10T12:00:00.123456789-07:00", "10 May 2024"),
        ("2026-11-20T10:15:37.367217", "20 Nov 2026"),
        ("Fri, 16 Jan 2026 08:12:00 GMT", "today, 09:12"),
        ("Sun, 31 Dec 2023 23:30:00 GMT", "1 Jan 2024"),
        ("1768551120", "today, 09:12"),
        (" 2026-01-16T08:12:00Z ", "today, 09:12"),
        ("2026-01-14", "14 Jan 2026"),
    ],
)
def test_dates(text: str, shown: str) -> None:
    assert formats.date(text, NOW) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "last week",
        "2026-13-45",
        "Fri, 99 Foo 2026 08:12:00 GMT",
        "Fri, 31 Feb 2026 08:12:00 GMT",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_unreadable_dates_stay_as_they_are(text: str) -> None:
    assert formats.date(text, NOW) == text


def test_a_now_without_a_zone_is_local_time() -> None:
    now = datetime.now()
    assert formats.date(now.astimezone(UTC).isoformat(), now).startswith("today, ")


@given(st.text(max_size=40), st.datetimes(timezones=st.just(BERLIN)))
def test_any_text_for_a_date_gives_a_text(text: str, now: datetime) -> None:
    assert isinstance(formats.date(text, now), str)


MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1))


@given(MOMENTS, MOMENTS)
def test_iso_and_http_dates_read_alike(moment: datetime, now: datetime) -> None:
    moment, here = moment.replace(microsecond=0, tzinfo=UTC), now.replace(tzinfo=BERLIN)
    assert formats.date(http_date(moment.timestamp()), here) == formats.date(moment.isoformat(), here)


@given(st.integers(0, 2**63))
def test_a_size_never_has_more_than_four_digits_before_its_point(count: int) -> None:
    number, unit = formats.size(count).split()
    assert float(number) < 1024
    assert unit in {"B", "KB", "MB", "GB", "TB", "PB", "EB"}


@pytest.mark.parametrize(
    ("amount", "told"), [(0, "0"), (12.4, "12.40"), (0.5, "0.50"), (0.0314, "0.031"), (0.00007, "0.00007")]
)
def test_money_keeps_the_digits_that_matter(amount: float, told: str) -> None:
    assert formats.money(amount) == told
