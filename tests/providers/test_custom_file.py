"""The file of a custom provider: what it holds, what is read from it, and that no key is in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.problems import InvalidInput
from app.providers.custom_dialect import CustomDialect
from app.providers.custom_file import FORMAT, LENGTH, CustomFile
from tests.providers.asking import calm
from tests.providers.test_any_input import JSON
from tests.providers.test_custom_dialect import DIALECTS


@calm
@given(
    DIALECTS, st.sampled_from(["", "My API", "Größe 2"]), st.sampled_from(["", "https://api.example/base"])
)
def test_a_provider_survives_its_file(dialect: CustomDialect, name: str, base_url: str) -> None:
    file = CustomFile(dialect, name, base_url)
    assert CustomFile.from_json(file.to_json()) == file


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("My API (2)", "my-api-2.berth-provider.json"),
        ("Größe", "größe.berth-provider.json"),
        ("../..", "custom.berth-provider.json"),
        ("", "custom.berth-provider.json"),
    ],
)
def test_a_file_is_called_after_its_provider(name: str, file_name: str) -> None:
    assert CustomFile(CustomDialect(), name).file_name == file_name


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://me:pw@api.example", "https://a.example/?key=1"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        CustomFile.from_json(json.dumps({FORMAT: 1, "base_url": address}))


@calm
@given(JSON)
def test_any_json_is_a_provider_or_refused(value: Any) -> None:
    try:
        file = CustomFile.from_json(json.dumps(value))
    except InvalidInput as error:
        assert error.problem.fix
    else:
        assert CustomFile.from_json(file.to_json()) == file


def test_a_file_says_what_it_is() -> None:
    assert json.loads(CustomFile(CustomDialect()).to_json())[FORMAT] == 1


def test_what_a_file_leaves_out_gets_its_default() -> None:
    assert CustomFile.from_json(f'{{"{FORMAT}": 1, "path": "/ask"}}') == CustomFile(
        CustomDialect(path="/ask")
    )


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
        (f'{{"{FORMAT}": 1, "name": 1}}', "name"),
        (f'{{"{FORMAT}": 1, "base_url": []}}', "base_url"),
        (f'{{"{FORMAT}": 1, "body": "{"x" * LENGTH}"}}', FORMAT),
    ],
)
def test_a_file_that_is_wrong_names_the_part(text: str, field: str) -> None:
    with pytest.raises(InvalidInput, match=f"“{field}”"):
        CustomFile.from_json(text)


def test_a_file_of_a_later_version_says_so() -> None:
    with pytest.raises(InvalidInput, match="later version"):
        CustomFile.from_json(f'{{"{FORMAT}": 2, "whatever": 1}}')
