"""The text of a request, as the form of a custom connection shows it."""

from __future__ import annotations

from app.core.http import HttpRequest
from app.providers.custom_preview import preview_text


def test_a_request_is_its_line_its_headers_and_its_body() -> None:
    request = HttpRequest("PUT", "https://api.example/ask", {"X-Pass": "[your-key]"}, '{"a":"ü"}'.encode())
    assert preview_text(request) == 'PUT https://api.example/ask\nX-Pass: [your-key]\n\n{\n  "a": "ü"\n}'


def test_without_a_body_there_is_none() -> None:
    assert preview_text(HttpRequest.get("https://api.example/ask?q=1")) == "GET https://api.example/ask?q=1"


def test_a_body_that_is_no_json_stands_as_it_is() -> None:
    assert preview_text(HttpRequest("POST", "https://a.example", body=b"Hello")).endswith("\n\nHello")
