"""The dialect of a custom provider: what it may hold, and its stored form."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.problems import InvalidInput
from app.providers.custom_dialect import CustomDialect, checked
from tests.providers.asking import calm
from tests.providers.test_any_input import JSON

DIALECTS = st.builds(
    CustomDialect,
    method=st.sampled_from(["POST", "PUT", "GET"]),
    path=st.sampled_from(["", "/chat", "/m/{{model}}?q={{prompt}}"]),
    headers=st.lists(
        st.tuples(
            st.sampled_from(["X-Key", "Authorization"]),
            st.sampled_from(["{{key}}", "Bearer {{key}}", "Basic {{key}}"]),
        ),
        max_size=3,
    ).map(tuple),
    body=st.sampled_from(["", "{}", '{"m": {{messages}}, "t": {{temperature}}}']),
    stream=st.sampled_from(["none", "sse", "ndjson", "websocket"]),
    answer=st.sampled_from(["", "$", "a[0].b[*]"]),
    end=st.text(max_size=5),
    is_cumulative=st.booleans(),
    known_models=st.lists(st.text(max_size=10), max_size=3).map(tuple),
)


@calm
@given(DIALECTS)
def test_a_dialect_survives_being_stored(dialect: CustomDialect) -> None:
    assert CustomDialect.from_record(json.loads(json.dumps(dialect.to_record()))) == dialect


@calm
@given(JSON)
def test_any_json_is_a_dialect_or_refused(value: Any) -> None:
    try:
        found = CustomDialect.from_record(value)
    except InvalidInput as error:
        assert error.problem.fix
    else:
        assert checked(found) == found


@calm
@given(st.dictionaries(st.sampled_from([*CustomDialect().to_record(), "nonsense"]), JSON, max_size=4))
def test_any_values_of_its_fields_are_a_dialect_or_refused(record: dict[str, Any]) -> None:
    try:
        CustomDialect.from_record(record)
    except InvalidInput as error:
        assert error.problem.cause


@pytest.mark.parametrize("path", ["chat", "//", "/a b", "/a#b", "/a\\b", "http://evil.example/"])
def test_a_path_that_could_lead_elsewhere_is_refused(path: str) -> None:
    if path == "//":
        checked(CustomDialect(path=path))  # still a path below the connection's own host
        return
    with pytest.raises(InvalidInput, match="cannot follow the base URL"):
        checked(CustomDialect(path=path))


def test_the_key_cannot_stand_in_a_url() -> None:
    for dialect in (CustomDialect(path="/ask?key={{key}}"), CustomDialect(list_path="/models/{{ key }}")):
        with pytest.raises(InvalidInput, match="cannot stand in the URL"):
            checked(dialect)


@pytest.mark.parametrize(
    "header",
    [
        ("Cookie", "a"),
        ("sec-fetch-mode", "cors"),
        ("Origin", "x"),
        ("a b", "c"),
        ("a", "b\r\nc: d"),
        ("", "x"),
        ("a", "ü"),
    ],
)
def test_headers_that_no_page_can_send_are_refused(header: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput, match="cannot be sent"):
        checked(CustomDialect(headers=(header,)))


@pytest.mark.parametrize("field", ["path", "body", "list_path"])
def test_a_placeholder_that_does_not_exist_is_refused(field: str) -> None:
    fields: dict[str, Any] = {field: '{"a": {{nonsense}}}' if field == "body" else "/{{nonsense}}"}
    with pytest.raises(InvalidInput, match="nothing called “nonsense”"):
        checked(replace(CustomDialect(), **fields))


def test_a_body_and_paths_are_checked_too() -> None:
    with pytest.raises(InvalidInput, match="body is not JSON"):
        checked(CustomDialect(body="{"))
    with pytest.raises(InvalidInput, match="is not a path"):
        checked(CustomDialect(answer="a["))


@pytest.mark.parametrize(
    "fields",
    [
        {"headers": (("Authorization", "Bearer abc"),)},
        {"headers": (("x-api-key", "abc"),)},
        {"headers": (("X-Odd-Token", "abc"),)},
        {"body": '{"k": "sk-0123456789abcdef"}'},
        {"body": '{"api_key": "abcdefgh"}'},
        {"path": "/ask?key=abcdefgh"},
        {"list_path": "/list?x=1&key=abcdefgh"},
    ],
)
def test_a_key_that_is_written_out_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="written out"):
        checked(CustomDialect(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"headers": (("X-Api-Key", "{{key}}"), ("X-Version", "1"))},
        {"body": '{"api_key": {{key}}, "secret-token": "{{key}}", "max_tokens": 100000}'},
    ],
)
def test_a_placeholder_for_the_key_is_no_key(fields: dict[str, Any]) -> None:
    assert checked(CustomDialect(**fields))
