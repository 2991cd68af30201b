"""The dialect of a custom provider: what it may hold, and its way through a file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.problems import InvalidInput
from app.providers.custom_dialect import FORMAT, CustomDialect, checked
from tests.providers.asking import calm
from tests.providers.test_any_input import JSON

DIALECTS = st.builds(
    CustomDialect,
    method=st.sampled_from(["POST", "PUT", "GET"]),
    path=st.sampled_from(["", "/chat", "/m/{{model}}?q={{prompt}}"]),
    headers=st.lists(
        st.tuples(
            st.sampled_from(["X-Key", "Authorization"]), st.sampled_from(["{{key}}", "Bearer {{key}}", "1"])
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
def test_a_dialect_survives_its_file(dialect: CustomDialect) -> None:
    assert CustomDialect.from_json(dialect.to_json()) == dialect
    assert CustomDialect.from_record(json.loads(json.dumps(dialect.to_record()))) == dialect


def test_a_file_says_what_it_is() -> None:
    assert json.loads(CustomDialect().to_json())[FORMAT] == 1


def test_what_a_file_leaves_out_gets_its_default() -> None:
    assert CustomDialect.from_json(f'{{"{FORMAT}": 1, "path": "/ask"}}') == CustomDialect(path="/ask")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", FORMAT),
        ("[]", FORMAT),
        ("{}", FORMAT),
        ("[" * 10_000, FORMAT),
        (f'{{"{FORMAT}": "1"}}', FORMAT),
        (f'{{"{FORMAT}": true}}', FORMAT),
        (f'{{"{FORMAT}": 1, "nonsense": 1}}', "nonsense"),
        (f'{{"{FORMAT}": 1, "key": "sk-secret"}}', "key"),
        (f'{{"{FORMAT}": 1, "method": "DELETE"}}', "method"),
        (f'{{"{FORMAT}": 1, "stream": "morse"}}', "stream"),
        (f'{{"{FORMAT}": 1, "path": 1}}', "path"),
        (f'{{"{FORMAT}": 1, "is_cumulative": 1}}', "is_cumulative"),
        (f'{{"{FORMAT}": 1, "headers": {{"a": "b"}}}}', "headers"),
        (f'{{"{FORMAT}": 1, "headers": [["a"]]}}', "headers"),
        (f'{{"{FORMAT}": 1, "headers": [["a", 1]]}}', "headers"),
        (f'{{"{FORMAT}": 1, "known_models": "m"}}', "known_models"),
        (f'{{"{FORMAT}": 1, "known_models": [1]}}', "known_models"),
    ],
)
def test_a_file_that_is_wrong_names_the_part(text: str, field: str) -> None:
    with pytest.raises(InvalidInput, match=f"“{field}”"):
        CustomDialect.from_json(text)


def test_a_file_of_a_later_version_says_so() -> None:
    with pytest.raises(InvalidInput, match="later version"):
        CustomDialect.from_json(f'{{"{FORMAT}": 2, "whatever": 1}}')


@calm
@given(JSON)
def test_any_json_is_a_dialect_or_refused(value: Any) -> None:
    for read in (CustomDialect.from_record, lambda one: CustomDialect.from_json(json.dumps(one))):
        try:
            found = read(value)
        except InvalidInput as error:
            assert error.problem.fix
        else:
            assert checked(found) == found


@calm
@given(st.dictionaries(st.sampled_from([*CustomDialect().to_record(), FORMAT]), JSON, max_size=4))
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
