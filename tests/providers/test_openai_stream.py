"""Streams of OpenAI's dialect: what they say, however the network cuts them, and how they go wrong."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.deltas import Delta, FinishDelta, ModelDelta, TextDelta, ToolCallDelta, joined
from app.providers.openai import OpenAi
from app.providers.openai_stream import CompletionDecoder
from tests.providers.openai_streams import (
    COMPLETION,
    LLAMA_SERVER,
    MALFORMED,
    RECORDINGS,
    Recording,
    chunk,
)

API = OpenAi()


def decoder() -> CompletionDecoder:
    made = API.decoder("text/event-stream")
    assert made is not None
    return made


def played(*parts: bytes) -> tuple[list[Delta], CompletionDecoder]:
    reader = decoder()
    deltas = [delta for part in parts for delta in reader.feed(part)]
    return deltas + reader.finish(), reader


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda one: one.name)
def test_a_stream_says_what_it_says(recording: Recording) -> None:
    deltas, reader = played(recording.body)
    assert joined(deltas) == list(recording.deltas)
    assert reader.error is None


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda one: one.name)
def test_a_cut_at_any_byte_changes_nothing(recording: Recording) -> None:
    body = recording.body
    for cut in range(len(body) + 1):
        deltas, reader = played(body[:cut], body[cut:])
        assert joined(deltas) == list(recording.deltas), cut
        assert reader.error is None


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda one: one.name)
def test_single_bytes_change_nothing(recording: Recording) -> None:
    deltas, _ = played(*(bytes([byte]) for byte in recording.body))
    assert joined(deltas) == list(recording.deltas)


@settings(max_examples=200)
@given(st.sampled_from(RECORDINGS), st.lists(st.integers(0, 4000)))
def test_many_cuts_change_nothing(recording: Recording, cuts: list[int]) -> None:
    places = sorted({0, len(recording.body), *(cut for cut in cuts if cut < len(recording.body))})
    parts = (recording.body[start:end] for start, end in pairwise(places))
    assert joined(played(*parts)[0]) == list(recording.deltas)


def test_one_chunk_brings_one_delta_for_all_its_words() -> None:
    assert decoder().feed(chunk('{"content":"a"}').encode() * 100) == [TextDelta("a" * 100)]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda one: one.name)
def test_a_stream_that_lacks_its_end_is_not_complete(recording: Recording) -> None:
    """Only a finish reason or [DONE] means complete."""
    body = recording.body
    ends = [place for mark in (b'"finish_reason":"', b"[DONE]") if (place := body.find(mark)) > 0]
    deltas, reader = played(body[: min(ends, default=len(body))])
    assert not any(isinstance(delta, FinishDelta) for delta in deltas)
    assert not reader.done


def test_done_is_known_before_the_connection_closes() -> None:
    reader = decoder()
    reader.feed(LLAMA_SERVER.body)
    assert reader.done


def test_nothing_after_done_is_read() -> None:
    assert joined(played(LLAMA_SERVER.body + chunk('{"content":"more"}').encode())[0]) == list(
        LLAMA_SERVER.deltas
    )


def test_a_broken_event_is_counted() -> None:
    assert played(MALFORMED.body)[1].skipped == 1


@pytest.mark.parametrize("event", ['{"choices":[{"delta', "<html>Sign in", "hello"])
def test_a_stream_that_begins_with_nonsense_is_an_error(event: str) -> None:
    _, reader = played(f"data: {event}\n\n".encode())
    assert reader.error is not None
    assert "not in a form that Berth can read" in reader.error.problem.what
    assert event in reader.error.problem.details


def test_a_stream_of_another_dialect_is_an_error() -> None:
    _, reader = played(b'event: message_start\ndata: {"type":"message_start","message":{}}\n\n')
    assert reader.error is not None
    assert "another dialect" in reader.error.problem.cause


def test_signs_of_life_are_no_nonsense() -> None:
    _, reader = played(b"data:\n\n: ping\n\ndata: \n\n" + COMPLETION.body)
    assert (reader.error, reader.skipped) == (None, 0)


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ('data: {"error":{"message":"boom","code":500}}', "broke the answer off"),
        ('data: {"error":"boom"}', "broke the answer off"),
        ('event: error\ndata: {"message":"boom"}', "broke the answer off"),
        ("event: error\ndata: boom", "broke the answer off"),
        ('data: {"error":{"message":"boom","code":429,"type":"rate_limit_exceeded"}}', "no more requests"),
        ('data: {"error":{"message":"This model\'s maximum context length is 10 tokens"}}', "too long"),
    ],
)
def test_an_error_within_a_stream_is_told_and_what_came_is_kept(event: str, what: str) -> None:
    reader = decoder()
    before, after = (chunk(f'{{"content":"{text}"}}') for text in ("Hel", "lo"))
    deltas = reader.feed(f"{before}{event}\n\n{after}".encode())
    assert deltas == [TextDelta("Hel")]
    assert reader.error is not None
    assert what in reader.error.problem.what
    assert reader.feed(chunk('{"content":"lo"}').encode()) == []
    assert reader.finish() == []


def test_an_error_that_quotes_a_key_does_not_show_it() -> None:
    _, reader = played(b'data: {"error":{"message":"Incorrect API key provided: sk-abcdef1234567890"}}\n\n')
    assert reader.error is not None
    assert "sk-abc" not in repr(reader.error.problem)


def test_tool_calls_without_numbers_are_told_apart_by_their_ids() -> None:
    call = '{"tool_calls":[{"id":"%s","function":{"name":"f","arguments":{"a":1}}}]}'
    deltas, _ = played((chunk(call % "x") + chunk(call % "y")).encode())
    assert deltas == [ToolCallDelta(0, "x", "f", '{"a": 1}'), ToolCallDelta(1, "y", "f", '{"a": 1}')]


def test_an_endless_event_is_given_up_and_what_came_is_kept() -> None:
    reader = decoder()
    assert reader.feed(chunk('{"content":"Hel"}').encode()) == [TextDelta("Hel")]
    for _ in range(9):
        reader.feed(b"x" * 2**20)
    assert reader.error is not None
    assert "more than 8 MB" in reader.error.problem.what


KEYS = (
    "choices delta message content text tool_calls function index id usage timings predicted_ms x_groq error code "
    "finish_reason reasoning thinking"
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS.split()),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(
    st.lists(JSON.map(lambda value: {"choices": [value], "usage": value, "timings": value})) | st.lists(JSON)
)
def test_no_event_is_an_exception(values: list[object]) -> None:
    played("".join(f"data: {json.dumps(value)}\n\n" for value in values).encode())


@given(st.lists(st.binary()))
def test_no_bytes_are_an_exception(parts: list[bytes]) -> None:
    played(*parts)


def test_the_model_that_answers_is_told_once() -> None:
    named = chunk('{"content":"Hi"}', more=',"model":"claude-sonnet-4"')
    assert played((named * 2).encode())[0] == [ModelDelta("claude-sonnet-4"), TextDelta("HiHi")]
