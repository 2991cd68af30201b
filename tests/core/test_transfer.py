"""The meter of a transfer: rate, time left, stalls, pauses, and clocks that misbehave."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.transfer import STALL_SECONDS, Meter

MB = 1024 * 1024


def steady(rate: float, seconds: float, total: int = 10**12, step: float = 0.1) -> tuple[Meter, float]:
    """A meter after `seconds` of `rate` bytes a second, and the time it is then."""
    meter = Meter(total, 0.0)
    now = 0.0
    while now < seconds:
        now += step
        meter.moved(now, int(now * rate))
    return meter, now


def known(value: float | None) -> float:
    assert value is not None
    return value


def test_a_steady_transfer_has_its_rate() -> None:
    meter, now = steady(5 * MB, 10)
    assert known(meter.rate(now)) == pytest.approx(5 * MB, rel=0.01)


def test_the_time_left_is_what_is_left_by_the_rate() -> None:
    meter, now = steady(5 * MB, 10, total=500 * MB)
    assert known(meter.seconds_left(now)) == pytest.approx(90, rel=0.01)


def test_the_first_second_gives_no_rate() -> None:
    meter, now = steady(5 * MB, 0.5)
    assert meter.rate(now) is None
    assert meter.seconds_left(now) is None


def test_a_new_speed_is_shown_after_a_few_seconds() -> None:
    meter, now = steady(10 * MB, 10)
    done = meter.bytes
    for step in range(1, 61):
        meter.moved(now + step / 10, done + step * MB // 10)
    assert known(meter.rate(now + 6)) == pytest.approx(1 * MB, rel=0.5)


def test_bursts_are_smoothed() -> None:
    meter = Meter(10**12, 0.0)
    rates = []
    for second in range(1, 41):
        meter.moved(second / 2, (second // 2) * 2 * MB)
        rates.append(meter.rate(second / 2))
    late = [known(rate) for rate in rates[20:]]
    assert max(late) < 1.5 * 2 * MB
    assert min(late) > 0.5 * 2 * MB


def test_without_progress_the_rate_falls() -> None:
    meter, now = steady(5 * MB, 10)
    assert known(meter.rate(now + 6)) < 0.1 * known(meter.rate(now))


def test_the_gap_between_two_events_does_not_lower_the_rate() -> None:
    meter, now = steady(5 * MB, 10)
    assert meter.rate(now + 0.5) == meter.rate(now)


def test_a_stall_is_noticed_after_30_seconds() -> None:
    meter, now = steady(5 * MB, 10)
    assert not meter.is_stalled(now + STALL_SECONDS - 1)
    assert meter.is_stalled(now + STALL_SECONDS)


def test_a_transfer_that_never_began_stalls_too() -> None:
    assert Meter(100, 50.0).is_stalled(50.0 + STALL_SECONDS)


def test_events_without_new_bytes_do_not_hide_a_stall() -> None:
    meter, now = steady(5 * MB, 10)
    for second in range(1, 31):
        meter.moved(now + second, meter.bytes)
    assert meter.is_stalled(now + STALL_SECONDS)


def test_a_byte_ends_a_stall() -> None:
    meter, now = steady(5 * MB, 10)
    meter.moved(now + 40, meter.bytes + 1)
    assert not meter.is_stalled(now + 40)


def test_a_finished_transfer_does_not_stall() -> None:
    meter = Meter(100, 0.0)
    meter.moved(1.0, 100)
    assert not meter.is_stalled(1_000)
    assert meter.seconds_left(1_000) == 0


def test_after_a_long_pause_the_rate_begins_anew() -> None:
    meter, now = steady(5 * MB, 10)
    done, now = meter.bytes, now + 3_600
    meter.moved(now, done + MB)
    assert meter.rate(now) is None
    for step in range(1, 21):
        meter.moved(now + step / 10, done + MB + step * MB)
    assert known(meter.rate(now + 2)) == pytest.approx(10 * MB, rel=0.01)


def test_bytes_while_the_clock_stands_still_count_in_the_next_step() -> None:
    meter, now = steady(5 * MB, 10)
    done = meter.bytes
    meter.moved(now, done + 5 * MB)
    assert meter.bytes == done + 5 * MB
    meter.moved(now + 1, done + 5 * MB)
    assert known(meter.rate(now + 1)) == pytest.approx(5 * MB, rel=0.01)


def test_a_count_that_falls_stands_still() -> None:
    meter, now = steady(5 * MB, 10)
    done = meter.bytes
    meter.moved(now + 0.1, 0)
    assert meter.bytes == done


@given(
    st.integers(0, 10**9),
    st.lists(st.tuples(st.floats(-5, 100), st.integers(0, 10**9)), max_size=40),
)
def test_whatever_it_is_fed_its_figures_make_sense(total: int, steps: list[tuple[float, int]]) -> None:
    meter, now = Meter(total, 0.0), 0.0
    for step, count in steps:
        now += step
        meter.moved(now, count)
        rate, left = meter.rate(now), meter.seconds_left(now)
        assert rate is None or (rate >= 0 and math.isfinite(rate))
        assert left is None or (left >= 0 and math.isfinite(left))
        assert rate is None or rate <= 1.5 * 10**9
