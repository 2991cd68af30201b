"""Lines and events from bytes that are cut anywhere."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.providers.streams import LINE_LIMIT, LineDecoder, NdjsonDecoder, SseDecoder, SseEvent


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """`data`, cut at these places."""
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


def events(*parts: bytes) -> list[SseEvent]:
    decoder = SseDecoder()
    return [event for part in parts for event in decoder.feed(part)] + decoder.finish()


def lines(*parts: bytes) -> list[bytes]:
    decoder = LineDecoder()
    return [line for part in parts for line in decoder.feed(part)] + decoder.finish()


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_every_kind_of_line_end_ends_a_line(end: bytes) -> None:
    assert lines(b"a" + end + b"b" + end + end + b"c" + end) == [b"a", b"b", b"", b"c"]


def test_crlf_that_is_cut_is_one_line_end() -> None:
    assert lines(b"a\r", b"\nb\r", b"", b"\n", b"\n") == [b"a", b"b", b""]


def test_a_line_is_whole_when_its_end_comes_and_no_sooner() -> None:
    decoder = LineDecoder()
    assert decoder.feed(b"da") == []
    assert decoder.feed(b"ta\nnext") == [b"data"]
    assert decoder.finish() == [b"next"]


def test_other_characters_that_python_cuts_text_at_are_no_line_ends() -> None:
    text = "a\u2028b\x0bc\x0cd\x85e\x1cf\n".encode()
    assert lines(text) == [text[:-1]]


def test_a_byte_order_mark_counts_at_the_beginning_only() -> None:
    assert lines(b"\xef", b"\xbb", b"\xbfa\n\xef\xbb\xbfb\n") == [b"a", b"\xef\xbb\xbfb"]
    assert lines(b"\xef\xbb\xbfa") == [b"a"]


@given(
    st.lists(st.sampled_from([b"a", b"\r", b"\n", b"\r\n", "ü".encode(), b"data"])), st.lists(st.integers(0))
)
def test_lines_do_not_depend_on_the_cuts(parts: list[bytes], cuts: list[int]) -> None:
    data = b"".join(parts)
    assert lines(*pieces(data, cuts)) == data.splitlines()


def test_an_endless_line_is_given_up_and_the_lines_before_it_are_kept() -> None:
    decoder = LineDecoder(limit=100)
    assert decoder.feed(b"first\n" + b"x" * 90) == [b"first"]
    assert decoder.feed(b"x" * 90) == []
    assert decoder.overflowed
    assert decoder.feed(b"\nnext\n") == []
    assert decoder.finish() == []


def test_a_long_line_takes_no_more_than_its_length() -> None:
    """Eight megabytes in eighty thousand pieces: copying the line for each would not end in minutes."""
    decoder = LineDecoder()
    piece = b"x" * (LINE_LIMIT // 80_000)
    for _ in range(80_000):
        decoder.feed(piece)
    assert decoder.feed(b"\n") == [piece * 80_000]


def test_an_event_has_its_data_and_its_name() -> None:
    assert events(b"data: a\n\nevent: error\ndata:b\n\n") == [SseEvent("a"), SseEvent("b", "error")]


def test_the_name_of_an_event_is_not_that_of_the_next() -> None:
    assert events(b"event: ping\n\ndata: a\n\n") == [SseEvent("a")]


def test_lines_of_data_are_joined_by_line_breaks() -> None:
    assert events(b"data: a\ndata\ndata:  b\n\n") == [SseEvent("a\n\n b")]


def test_comments_ids_and_unknown_fields_are_no_data() -> None:
    assert events(b": alive\n\nid: 1\nretry: 5\nfoo\ndatabase: x\ndata: a\n\n:\n\n") == [SseEvent("a")]


def test_an_event_without_its_empty_line_is_given_out_at_the_end() -> None:
    assert events(b"data: a\n\ndata: b\n") == [SseEvent("a"), SseEvent("b")]
    assert events(b"data: a\n\ndata: b") == [SseEvent("a"), SseEvent("b")]


def test_bytes_that_are_not_utf8_become_replacement_characters() -> None:
    assert events(b"data: a\xff\xe2\x82b\n\n") == [SseEvent("a\ufffd\ufffdb")]


FIELDS = st.sampled_from(
    ["data: ü🦙", "data:", "data", "data:  x", ": c", "event: e", "id: 1", "", "x", "data: [DONE]"]
)


@given(st.lists(FIELDS), st.sampled_from(["\n", "\r", "\r\n"]), st.booleans(), st.lists(st.integers(0)))
def test_events_do_not_depend_on_the_cuts(fields: list[str], end: str, bom: bool, cuts: list[int]) -> None:
    data = (("\ufeff" if bom else "") + end.join(fields)).encode()
    assert events(*pieces(data, cuts)) == events(data)


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1)),
    st.lists(st.integers(0)),
)
def test_what_is_sent_arrives(texts: list[str], cuts: list[int]) -> None:
    data = "".join(f"data: {text}\n\n" for text in texts).encode()
    assert [event.data for event in events(*pieces(data, cuts))] == texts


@given(st.lists(st.binary()))
def test_no_bytes_are_an_error(parts: list[bytes]) -> None:
    assert all(isinstance(event.data, str) for event in events(*parts))


def test_an_event_that_is_too_long_is_given_up_and_those_before_it_are_kept() -> None:
    decoder = SseDecoder(limit=100)
    assert decoder.feed(b"data: first\n\n" + b"data: 0123456789\n" * 20) == [SseEvent("first")]
    assert decoder.overflowed
    assert decoder.feed(b"\n\ndata: next\n\n") == []
    assert decoder.finish() == []


def test_a_line_that_is_too_long_is_an_event_that_is_too_long() -> None:
    decoder = SseDecoder(limit=100)
    decoder.feed(b"data: " + b"x" * 200)
    assert decoder.overflowed


@given(st.lists(st.integers(0)))
def test_json_lines_do_not_depend_on_the_cuts(cuts: list[int]) -> None:
    data = '{"a": "ü"}\r\n\n{"b": 1}\n \n{"c"'.encode()
    decoder = NdjsonDecoder()
    texts = [text for part in pieces(data, cuts) for text in decoder.feed(part)] + decoder.finish()
    assert texts == ['{"a": "ü"}', '{"b": 1}', '{"c"']


def test_a_json_line_that_is_too_long_is_given_up() -> None:
    decoder = NdjsonDecoder(limit=10)
    assert decoder.feed(b"1\n" + b"2" * 20) == ["1"]
    assert decoder.overflowed
