"""The prompt library and presets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversations import Heading
from app.core.presets import Preset
from app.core.prompts import Prompt, matching, searched, slash_query, tidy_name
from app.core.shelf import Shelf

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


def test_a_preset_replaces_the_system_prompt_and_the_parameters_that_the_provider_knows() -> None:
    heading = Heading(
        "1", 0.0, system="Be long.", typed={"a": {"seed": "1", "top_k": "2"}, "b": {"seed": "3"}}
    )
    preset = Preset("1", "Concise", "Be brief.", {"seed": "7", "unknown": "x"})
    laid = preset.over(heading, "a", {"seed", "top_k"})
    assert (laid.system, laid.typed) == ("Be brief.", {"a": {"seed": "7"}, "b": {"seed": "3"}})
    assert preset.fits(laid, "a", {"seed", "top_k"})
    assert not preset.fits(heading, "a", {"seed", "top_k"})


def test_a_preset_keeps_the_parameters_of_other_providers_when_it_is_updated() -> None:
    heading = Heading("1", 0.0, system="Be long.", typed={"a": {"seed": "1", "top_k": " "}})
    updated = Preset("1", "Concise", "Be brief.", {"seed": "7", "of_b": "x"}).taken_from(
        heading, "a", {"seed", "top_k"}
    )
    assert (updated.system, updated.typed) == ("Be long.", {"seed": "1", "of_b": "x"})


def test_prompts_are_found_by_words_of_their_names_and_texts() -> None:
    assert searched([TRANSLATE, TERSE], "tone TRANS") == (TRANSLATE,)
    assert searched([TRANSLATE, TERSE], "") == (TRANSLATE, TERSE)
    assert searched([TRANSLATE, TERSE], "/terse") == (TERSE,)


def test_a_prompt_is_recognised_by_its_first_line_with_words() -> None:
    assert Prompt("1", "x", "\n  \n First.\nSecond.").first_line == "First."


def test_a_shelf_is_in_the_order_of_names_and_finds_one_that_is_free() -> None:
    shelf = Shelf((TRANSLATE,)).holding(TERSE)
    assert [prompt.name for prompt in shelf.items] == ["terse", "translate"]
    assert shelf.free_name("Terse", "-") == "Terse-2"
    assert shelf.without("2").free_name("terse") == "terse"
