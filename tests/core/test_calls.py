"""Calls of tools: pieces of a stream become calls, and calls survive their records."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from app.core.calls import ToolCall, gathered
from app.core.deltas import ToolCallDelta


def test_pieces_become_calls_in_the_order_in_which_they_began() -> None:
    pieces = [
        ToolCallDelta(0, "call_1", "weather", ""),
        ToolCallDelta(0, arguments='{"city":'),
        ToolCallDelta(1, "call_2", "time", "{}"),
        ToolCallDelta(0, arguments='"Köln"}'),
    ]
    assert gathered(pieces) == (
        ToolCall("weather", '{"city":"Köln"}', "call_1"),
        ToolCall("time", "{}", "call_2"),
    )


def test_arguments_are_readable_also_when_they_are_no_json() -> None:
    assert ToolCall("f", '{"city":"Köln"}').readable == '{\n  "city": "Köln"\n}'
    assert ToolCall("f", '{"city":').readable == '{"city":'


@given(st.builds(ToolCall, st.text(), st.text(), st.text()))
def test_a_call_survives_its_record(call: ToolCall) -> None:
    assert ToolCall.from_record(json.loads(json.dumps(call.to_record()))) == call


def test_what_is_no_call_is_none() -> None:
    assert [ToolCall.from_record(one) for one in (None, [], {}, {"name": 1})] == [None] * 4
    assert ToolCall.from_record({"name": "f", "arguments": 3}) == ToolCall("f")
