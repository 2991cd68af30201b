"""The path language of custom providers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.problems import InvalidInput
from app.providers import custom_paths
from app.providers.custom_paths import EVERY, find, parse
from tests.providers.asking import calm
from tests.providers.test_any_input import JSON, is_storable

VALUE = {
    "choices": [{"message": {"content": "Hello"}}, {"message": {"content": " there"}}],
    "a b": {"ü": 1.5},
    "map": {"x": {"t": "1"}, "y": {"t": "2"}},
    "none": None,
    "yes": True,
}


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("a", ("a",)),
        ("a.b", ("a", "b")),
        ("a[0].b[*]", ("a", 0, "b", EVERY)),
        ("[0][1]", (0, 1)),
        ("$", ()),
        ("$.a[2]", ("a", 2)),
        (" a b.ü ", ("a b", "ü")),
        ("", ()),
    ],
)
def test_a_path_has_its_steps(path: str, steps: tuple[object, ...]) -> None:
    assert parse(path) == steps


@pytest.mark.parametrize(
    "path", ["a[", "a[x]", "a[-1]", "a..b", "a.", "a[0]b", "[]", "]", "a[1" + "0" * 20 + "]", "x" * 301]
)
def test_what_is_no_path_says_so(path: str) -> None:
    with pytest.raises(InvalidInput, match="is not a path"):
        parse(path)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("choices[0].message.content", "Hello"),
        ("choices[*].message.content", "Hello there"),
        ("map[*].t", "12"),
        ("a b.ü", "1.5"),
        ("yes", "true"),
        ("map.x", '{"t": "1"}'),
        ("none", None),
        ("choices[5]", None),
        ("choices.message", None),
        ("choices[0][0]", None),
        ("", None),
    ],
)
def test_what_stands_at_a_path_is_found(path: str, found: str | None) -> None:
    assert custom_paths.text(VALUE, path) == found


def test_the_root_is_the_value_itself() -> None:
    assert find(VALUE, "$") == [VALUE]
    assert custom_paths.text("plain", "$") == "plain"


@calm
@given(JSON, st.text(max_size=20) | st.sampled_from(["a[*][*].b", "choices[0].delta", "$", "[*][*][*]"]))
def test_any_path_into_any_value_finds_something_or_nothing(value: Any, path: str) -> None:
    try:
        found = custom_paths.text(value, path)
    except InvalidInput:
        return
    assert found is None or is_storable(found)
