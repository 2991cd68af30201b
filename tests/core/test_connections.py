"""Connections, references to models, and base URLs as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.connections import Connection, ModelRef, read_base_url
from app.core.problems import InvalidInput


def test_a_key_is_no_part_of_the_printed_form() -> None:
    assert "sk-secret" not in repr(Connection("1", "openai", "Mine", "https://api.example", key="sk-secret"))


def test_a_reference_to_a_model_is_written_and_read() -> None:
    assert str(ModelRef("local", "org/model.gguf")) == "local/org/model.gguf"
    assert ModelRef.parse("local/org/model.gguf") == ModelRef("local", "org/model.gguf")


@pytest.mark.parametrize("text", ["", "local", "/model", "local/"])
def test_half_a_reference_is_none(text: str) -> None:
    assert ModelRef.parse(text) is None


@given(st.text(min_size=1).filter(lambda text: "/" not in text), st.text(min_size=1))
def test_every_reference_is_read_back(connection: str, model: str) -> None:
    reference = ModelRef(connection, model)
    assert ModelRef.parse(str(reference)) == reference


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("http://127.0.0.1:5000/api/v1", "http://127.0.0.1:5000/api/v1"),
        ("127.0.0.1:5000/api/v1", "http://127.0.0.1:5000/api/v1"),
        ("localhost", "http://localhost"),
        ("  https://API.Example/v1/  ", "https://api.example/v1"),
        ("HTTP://host/Path//", "http://host/Path"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
    ],
)
def test_addresses_are_tidied(typed: str, read: str) -> None:
    assert read_base_url(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "http://",
        "ftp://host",
        "javascript://alert(1)",
        "http://a b",
        "http://host:99999",
        "http://host:0",
        "http://[::1",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="is not an address"):
        read_base_url(typed)


@pytest.mark.parametrize(
    "typed", ["http://me:secret@host", "http://host/?key=1", "http://host/#part", "http://me@host"]
)
def test_addresses_with_more_than_an_address_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="more than an address") as caught:
        read_base_url(typed)
    assert "secret" not in str(caught.value)


@given(st.text(max_size=40) | st.text("htps:/.@?#[]:019 \\ab\t", max_size=30))
def test_a_tidy_address_is_left_alone_and_all_else_is_refused(typed: str) -> None:
    try:
        read = read_base_url(typed)
    except InvalidInput:
        return
    assert read_base_url(read) == read
    assert read.startswith(("http://", "https://"))
    assert not read.endswith("/")
