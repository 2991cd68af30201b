"""The templates of custom providers: what comes out is always valid, whatever is put in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.problems import InvalidInput
from app.providers.custom_template import DEPTH, LENGTH, fill, fill_text, placeholders, read_body
from tests.providers.asking import calm
from tests.providers.test_any_input import JSON

VALUES = {"model": "m", "temperature": 0.5, "stop": ("a", "b"), "messages": [{"role": "user"}], "flag": False}


def filled(template: str, values: dict[str, Any] | None = None) -> Any:
    return fill(read_body(template), VALUES if values is None else values)


@pytest.mark.parametrize(
    "template", ['{"a": {{temperature}}}', '{"a": "{{temperature}}"}', '{"a": " {{ temperature }} "}']
)
def test_a_value_keeps_its_type_with_and_without_quotation_marks(template: str) -> None:
    assert filled(template) == {"a": 0.5}


def test_values_of_all_types_go_in() -> None:
    assert filled('{"m": {{messages}}, "s": {{stop}}, "f": {{flag}}, "n": {"deep": [{{model}}]}}') == {
        "m": [{"role": "user"}],
        "s": ("a", "b"),
        "f": False,
        "n": {"deep": ["m"]},
    }


def test_within_a_longer_text_a_value_is_text() -> None:
    assert filled('{"q": "Ask {{model}} at {{temperature}}: {{stop}}"}') == {"q": 'Ask m at 0.5: ["a", "b"]'}


def test_what_is_not_set_is_left_out() -> None:
    assert filled('{"a": {{missing}}, "b": [1, {{missing}}], "c": "<{{missing}}>"}') == {"b": [1], "c": "<>"}
    assert filled("{{missing}}") is None


def test_a_placeholder_within_quotation_marks_stays_within_them() -> None:
    assert filled(r'{"a": "say \"{{model}}\" {", "b": 1}') == {"a": 'say "m" {', "b": 1}


def test_a_blank_body_is_none() -> None:
    assert read_body("  ") is None


@pytest.mark.parametrize(
    "template",
    [
        "{",
        "{{model}",
        '{"a": NaN}',
        '{"a": {{model}} {{model}}}',
        "{{1x}}",
        "[" * 5000,
        '{"a": "' + "x" * LENGTH + '"}',
    ],
)
def test_what_is_no_json_says_so(template: str) -> None:
    with pytest.raises(InvalidInput, match="body is not JSON"):
        read_body(template)


def test_a_body_may_be_deep_but_not_without_end() -> None:
    read_body("[" * DEPTH + "]" * DEPTH)
    with pytest.raises(InvalidInput):
        read_body("[" * (DEPTH + 1) + "]" * (DEPTH + 1))


def test_names_are_found() -> None:
    assert placeholders("/{{model}}?q={{ prompt }}&{{}}{{a-b}}") == {"model", "prompt"}


def test_a_text_takes_values_through_a_form() -> None:
    assert (
        fill_text("/{{model}}/{{missing}}", {"model": "a/b"}, lambda text: text.replace("/", "%2F"))
        == "/a%2Fb/"
    )


@calm
@given(st.text())
def test_no_text_breaks_out_of_its_place(text: str) -> None:
    body = filled('{"a": {{x}}, "b": "<{{x}}>", "c": true}', {"x": text})
    assert json.loads(json.dumps(body)) == {"a": text, "b": f"<{text}>", "c": True}


@calm
@given(st.text(), st.dictionaries(st.sampled_from(["a", "model", "x"]), JSON, max_size=3))
def test_any_template_is_filled_or_refused(template: str, values: dict[str, Any]) -> None:
    try:
        fill(read_body(template), values)
    except InvalidInput as error:
        assert error.problem.cause
    fill_text(template, values)
