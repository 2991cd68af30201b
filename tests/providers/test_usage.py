"""The figures that servers report."""

import pytest

from app.core.deltas import Usage
from app.providers.extract import usage


def test_reads_the_documented_figures() -> None:
    found = usage({"response": "x", "processing_time": 2.45, "token_count": 156})
    assert found == Usage(completion_tokens=156, seconds=2.45)


def test_the_documented_figures_give_tokens_per_second() -> None:
    found = usage({"processing_time": 2.0, "token_count": 50})
    assert found is not None
    assert found.tokens_per_second == 25.0


@pytest.mark.parametrize(
    "value",
    [
        {"usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}},
        {"usage": {"promptTokens": 3, "completionTokens": 4, "totalTokens": 7}},
    ],
    ids=["snake_case", "camelCase"],
)
def test_reads_usage_in_both_spellings(value: object) -> None:
    assert usage(value) == Usage(prompt_tokens=3, completion_tokens=4, total_tokens=7)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ({"processing_time": 1.5}, 1.5),
        ({"processing_time": "1.5"}, 1.5),
        ({"processing_time": "1.5s"}, 1.5),
        ({"processing_time": "1500 ms"}, 1.5),
        ({"duration": 1500}, 1.5),
        ({"processingTime": 1500}, 1.5),
        ({"processing_time": 0}, 0.0),
    ],
    ids=str,
)
def test_processing_time_is_in_seconds_whatever_the_server_counts_in(value: object, seconds: float) -> None:
    found = usage(value)
    assert found is not None
    assert found.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    "value",
    [
        {},
        None,
        {"token_count": "many"},
        {"token_count": True},
        {"token_count": -1},
        {"token_count": 10**400},
        {"processing_time": float("nan")},
    ],
    ids=str,
)
def test_what_is_no_figure_is_not_reported(value: object) -> None:
    assert usage(value) is None
