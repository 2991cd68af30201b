"""The scanner: it finds what json.loads finds, however the text is cut, and refuses what json.loads refuses."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.exchange.scanner import Element, Malformed, Scanner

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
outermost = st.lists(json_values, max_size=5) | st.dictionaries(st.text(max_size=5), json_values, max_size=5)


def scanned(text: str, cuts: list[int]) -> list[Element]:
    scanner = Scanner()
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    found: list[Element] = []
    for start, end in pairwise(places):
        found += scanner.feed(text[start:end])
    return found + list(scanner.close())


def elements(value: Any) -> list[Element]:
    """What there is to find in a value."""
    if isinstance(value, list):
        return [Element("", one, is_in_array=True) for one in value]
    found: list[Element] = []
    for key, member in value.items():
        if isinstance(member, list):
            found += [Element(key, one, is_in_array=True) for one in member]
        else:
            found.append(Element(key, member, is_in_array=False))
    return found


@given(outermost, st.sampled_from([None, 0, 2]), st.booleans(), st.lists(st.integers(0, 300), max_size=8))
def test_any_json_in_any_pieces(value: Any, indent: int | None, ascii_only: bool, cuts: list[int]) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert scanned(text, cuts) == elements(value)


@given(outermost)
def test_letter_by_letter(value: Any) -> None:
    text = json.dumps(value)
    assert scanned(text, list(range(len(text)))) == elements(value)


@given(outermost.filter(bool), st.data())
def test_a_file_that_is_cut_is_no_file(value: Any, data: st.DataObject) -> None:
    text = json.dumps(value)
    with pytest.raises(Malformed):
        scanned(text[: data.draw(st.integers(0, len(text) - 1))], [])


def is_json(text: str) -> bool:
    """Whether json.loads finds an array or an object."""
    try:
        return isinstance(json.loads(text), (list, dict))
    except ValueError:
        return False


@given(st.text(max_size=30), st.lists(st.integers(0, 30), max_size=3))
def test_any_text_is_read_or_refused(text: str, cuts: list[int]) -> None:
    try:
        scanned(text, cuts)
    except Malformed:
        assert not is_json(text)


@pytest.mark.parametrize(
    "text", ["", "  ", "7", '"text"', "[1] [2]", '{"a": }', "[1 2]", "{1: 2}", "\ufeff[", "[[[" * 40_000]
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        scanned(text, [])


def test_an_error_early_in_a_long_file_is_found_at_once() -> None:
    scanner = Scanner()
    with pytest.raises(Malformed):
        list(scanner.feed('[{"a": nonsense}, ' + "1, " * 100))


def test_no_more_is_kept_than_is_not_whole() -> None:
    scanner = Scanner()
    for _ in scanner.feed("["):
        pass
    for _ in range(100):
        assert len(list(scanner.feed('{"text": "' + "x" * 1000 + '"},'))) == 1
        assert len(scanner._text) - scanner._at < 10
