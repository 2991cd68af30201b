"""Finding by a few letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.fuzzy import fold, rank, score

LABELS = ["New conversation", "Go to Connections", "Choose a model", "Clear the server's memory", "Über uns"]


def found(query: str) -> list[str]:
    return rank(query, LABELS, str)


def test_nothing_typed_finds_everything_in_its_order() -> None:
    assert found("  ") == LABELS


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("nc", "New conversation"),
        ("conn", "Go to Connections"),
        ("cam", "Choose a model"),
        ("model", "Choose a model"),
        ("memory", "Clear the server's memory"),
        ("NEW CONV", "New conversation"),
        ("uber", "Über uns"),
    ],
)
def test_the_best_fit_comes_first(query: str, best: str) -> None:
    assert found(query)[0] == best


def test_letters_out_of_order_find_nothing() -> None:
    assert found("lcear") == []


def test_letters_in_a_row_beat_letters_apart() -> None:
    assert rank("ta", ["thea", "tab"], str) == ["tab", "thea"]


def test_equal_fits_keep_their_order() -> None:
    assert rank("a", ["a1", "a2", "a3"], str) == ["a1", "a2", "a3"]


@given(st.text(max_size=8), st.text(max_size=30))
def test_exactly_the_texts_with_these_letters_in_order_fit(query: str, text: str) -> None:
    letters, folded = fold(query).replace(" ", ""), fold(text)
    rest = iter(folded)
    is_in_order = all(letter in rest for letter in letters)
    if letters:
        assert (score(letters, folded) is not None) == is_in_order
