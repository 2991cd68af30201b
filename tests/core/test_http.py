"""Requests and replies as values."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.http import HttpFailure, HttpReply, HttpRequest


def test_a_get_has_no_headers_so_that_it_needs_no_preflight() -> None:
    request = HttpRequest.get("http://host/api")
    assert (request.method, dict(request.headers), request.body) == ("GET", {}, None)


def test_json_is_posted_as_utf8() -> None:
    request = HttpRequest.post_json("http://host/api", {"question": "Käse?"}, {"X-Api": "1"})
    assert request.body == '{"question":"Käse?"}'.encode()
    assert dict(request.headers) == {"Content-Type": "application/json", "X-Api": "1"}


def test_the_path_holds_no_query() -> None:
    assert HttpRequest.get("http://host/api/v1?key=secret#x").path == "/api/v1"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:5000/api", "http://127.0.0.1:5000"),
        ("http://host:80/api", "http://host"),
        ("https://host:443/api", "https://host"),
        ("https://host:80/api", "https://host:80"),
        ("http://host:8080/", "http://host:8080"),
        ("http://me:secret@Host/", "http://host"),
        ("http://[::1]:80/", "http://[::1]"),
    ],
)
def test_origins_are_written_as_browsers_write_them(url: str, origin: str) -> None:
    assert HttpRequest.get(url).origin == origin


@pytest.mark.parametrize(
    ("status", "ok"), [(199, False), (200, True), (299, True), (301, False), (500, False)]
)
def test_only_the_200s_are_ok(status: int, ok: bool) -> None:
    assert HttpReply(status).ok is ok


@pytest.mark.parametrize(
    ("headers", "media_type"),
    [({}, ""), ({"content-type": "Text/HTML; charset=utf-8"}, "text/html"), ({"content-type": ""}, "")],
)
def test_the_media_type_has_no_parameters(headers: dict[str, str], media_type: str) -> None:
    assert HttpReply(200, headers).media_type == media_type


def test_a_body_that_is_not_utf8_is_still_text() -> None:
    assert HttpReply(200, body=b"caf\xe9").text == "caf\ufffd"


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"\xff\xfe\xff", b"[" * 200_000, b"9" * 10_000])
def test_a_body_that_is_no_json_is_none(body: bytes) -> None:
    assert HttpReply(200, body=body).json() is None


@given(st.binary(max_size=60))
def test_any_body_is_json_or_none(body: bytes) -> None:
    value = HttpReply(200, body=body).json()
    assert value is None or json.dumps(value)


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=9)


@given(JSON)
def test_posted_json_is_read_back(value: object) -> None:
    body = HttpRequest.post_json("http://host", value).body
    assert body is not None
    assert HttpReply(200, body=body).json() == value


@pytest.mark.parametrize(
    ("url", "is_socket"),
    [("ws://127.0.0.1/ws", True), ("wss://api.example/ws", True), ("http://ws.example", False)],
)
def test_a_request_for_a_websocket_is_told_by_its_url(url: str, is_socket: bool) -> None:
    assert HttpRequest.get(url).is_socket is is_socket


def test_a_failure_names_its_request_and_how_far_it_came() -> None:
    failure = HttpFailure("cut", "POST /models", 1_000)
    assert (str(failure), failure.kind, failure.moved) == ("POST /models: cut", "cut", 1_000)
