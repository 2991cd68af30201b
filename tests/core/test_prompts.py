"""The prompt library and presets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.presets import Preset
from app.core.prompts import Prompt, matching, slash_query, tidy_name

TRANSLATE = Prompt("1", "translate", "Translate into {{language}}, in the tone of {{ tone }}: {{language}}")
TERSE = Prompt("2", "terse", "Answer in one sentence.")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["id", "name", "text", "typed", "x"]), inner)
    ),
)


def test_variables_are_named_once_in_their_order() -> None:
    assert TRANSLATE.variables == ("language", "tone")


def test_filling_replaces_every_place_of_a_variable() -> None:
    filled = TRANSLATE.fill({"language": "Dutch", "tone": "a sailor"})
    assert filled == "Translate into Dutch, in the tone of a sailor: Dutch"


def test_a_variable_without_a_value_stays_to_be_seen() -> None:
    assert "{{language}}" in TRANSLATE.fill({"tone": "a sailor"})


def test_code_with_braces_has_no_variables() -> None:
    assert Prompt("3", "code", "x = {a: {b: 1}}; f'{x}'").variables == ()


@pytest.mark.parametrize(
    ("text", "query"), [("/", ""), ("/Tr", "tr"), ("/a b", None), ("a /b", None), ("", None)]
)
def test_a_slash_at_the_start_asks_for_a_prompt(text: str, query: str | None) -> None:
    assert slash_query(text) == query


def test_names_that_begin_with_the_query_come_first() -> None:
    library = [Prompt("1", "letter", "x"), Prompt("2", "terse", "x"), Prompt("3", "e-mail", "x")]
    assert [prompt.name for prompt in matching(library, "e")] == ["e-mail", "letter", "terse"]


@pytest.mark.parametrize(
    ("typed", "name"), [("Code review", "code-review"), ("  /x ", "x"), ("a / b", "a-b")]
)
def test_a_name_can_follow_a_slash(typed: str, name: str) -> None:
    assert tidy_name(typed) == name


@pytest.mark.parametrize("prompt", [TRANSLATE, TERSE])
def test_a_prompt_survives_storage(prompt: Prompt) -> None:
    assert Prompt.from_record(prompt.to_record()) == prompt


def test_a_preset_survives_storage() -> None:
    preset = Preset("1", "Concise", "Be brief.", {"temperature": "0.2"})
    assert Preset.from_record(preset.to_record()) == preset


@given(ANYTHING)
def test_whatever_is_stored_never_crashes(record: object) -> None:
    Prompt.from_record(record)
    Preset.from_record(record)
