"""Deltas and what they add up to."""

from __future__ import annotations

import pytest

from app.core.deltas import (
    FinishDelta,
    RawDelta,
    ReasoningDelta,
    Reply,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageDelta,
)


def test_a_whole_reply_is_a_stream_of_its_parts() -> None:
    usage = Usage(completion_tokens=5)
    reply = Reply("Paris.", reasoning="Capital?", usage=usage, finish="length")
    parts = [ReasoningDelta("Capital?"), TextDelta("Paris."), UsageDelta(usage), FinishDelta("length")]
    assert list(reply.deltas()) == parts


def test_an_empty_reply_still_finishes() -> None:
    assert list(Reply("").deltas()) == [FinishDelta("stop")]


def test_a_stream_adds_up_to_a_reply() -> None:
    call = ToolCallDelta(0, "c1", "weather", "{}")
    deltas = [
        ReasoningDelta("Capi"),
        ReasoningDelta("tal?"),
        TextDelta("Par"),
        UsageDelta(Usage(completion_tokens=1)),
        TextDelta("is."),
        call,
        RawDelta("{}"),
        UsageDelta(Usage(completion_tokens=5)),
        FinishDelta("length"),
    ]
    assert Reply.of(deltas) == Reply(
        "Paris.", "Capital?", usage=Usage(completion_tokens=5), finish="length", raw="{}", calls=(call,)
    )
    assert Reply.of([]) == Reply("")


@pytest.mark.parametrize(
    ("usage", "speed"),
    [
        (Usage(completion_tokens=156, seconds=2.0), 78.0),
        (Usage(completion_tokens=156), None),
        (Usage(seconds=2.0), None),
        (Usage(completion_tokens=5, seconds=0.0), None),
        (Usage(completion_tokens=0, seconds=2.0), None),
    ],
)
def test_the_speed_needs_tokens_and_time(usage: Usage, speed: float | None) -> None:
    assert usage.tokens_per_second == speed
