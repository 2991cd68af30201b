"""Schemas and tools, as users write them and as APIs want them; and prompts in the forms that APIs want."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.connections import Connection
from app.core.problems import InvalidInput
from app.providers import requests, structure
from app.providers.structure import JSON_SCHEMA, TOOLS, Tool, openai_form, schema_of, tools_of
from tests.providers.asking import PIXEL, SCHEMA, assistant, calm, system, user
from tests.providers.test_any_input import JSON


def test_nothing_set_is_nothing_sent() -> None:
    assert openai_form({}) == {}
    assert openai_form({"json_schema": " ", "tools": ""}) == {}


def test_a_schema_goes_along_under_its_title() -> None:
    assert openai_form({"json_schema": SCHEMA})["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": json.loads(SCHEMA)},
    }
    titled = openai_form({"json_schema": '{"title": "city", "type": "object"}'})
    assert titled["response_format"]["json_schema"]["name"] == "city"


@pytest.mark.parametrize(
    "tools",
    [
        f'[{{"name": "f", "description": "d", "parameters": {SCHEMA}}}]',
        f'{{"name": "f", "description": "d", "input_schema": {SCHEMA}}}',
        f'[{{"type": "function", "function": {{"name": "f", "description": "d", "parameters": {SCHEMA}}}}}]',
    ],
)
def test_tools_in_the_forms_of_several_apis_are_read(tools: str) -> None:
    assert tools_of({"tools": tools}) == (Tool("f", "d", json.loads(SCHEMA)),)


def test_a_tool_without_parameters_takes_none() -> None:
    (tool,) = tools_of({"tools": '[{"name": "now"}]'})
    assert tool.as_openai()["function"]["parameters"] == {"type": "object", "properties": {}}


@pytest.mark.parametrize("tools", ["[1]", '[{"description": "x"}]', '[{"name": ""}]', '{"function": {}}'])
def test_tools_without_names_are_refused(tools: str) -> None:
    with pytest.raises(InvalidInput, match="not a list of functions"):
        tools_of({"tools": tools})


def test_what_is_no_json_or_no_schema_is_refused() -> None:
    for wrong in ("{", '{"a": NaN}', "[" * 5000):
        with pytest.raises(InvalidInput, match="is not JSON"):
            schema_of({"json_schema": wrong})
    with pytest.raises(InvalidInput, match="not a JSON schema"):
        schema_of({"json_schema": "[1]"})


@calm
@given(JSON)
def test_any_json_is_tools_or_refused(value: Any) -> None:
    for read in (tools_of, schema_of):
        try:
            read({"tools": json.dumps(value), "json_schema": json.dumps(value)})
        except InvalidInput as error:
            assert error.problem.fix


def test_the_fields_are_read_as_json() -> None:
    assert JSON_SCHEMA.read(SCHEMA) == SCHEMA
    assert TOOLS.read(" ") is None
    for wrong in ("{", "7"):
        with pytest.raises(InvalidInput, match="is not JSON"):
            structure.TOOLS.read(wrong)


def test_turns_are_merged_with_their_images() -> None:
    said = [
        assistant("cut"),
        user("", PIXEL),
        user("What?"),
        assistant("A pixel"),
        system("x"),
        user("Sure?"),
    ]
    assert requests.turns(said) == [user("What?", PIXEL), assistant("A pixel"), user("Sure?")]
    assert requests.system_text(said) == "x"


def test_an_image_is_told_from_its_type() -> None:
    assert requests.image_data(PIXEL) == ("image/png", "iVBORw0KGgo=")
    assert requests.image_data("data:,x") == ("image/png", "x")


@calm
@given(st.text(max_size=20))
def test_a_key_is_sendable_or_refused(key: str) -> None:
    try:
        header = requests.bearer(Connection("a", "openai", "A", "http://127.0.0.1", key))
    except InvalidInput as error:
        assert key.strip() not in str(error.problem) or len(key.strip()) < 4
    else:
        assert all(text.isascii() and text.isprintable() for text in header.values())
