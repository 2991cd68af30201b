"""Building the requests of a custom provider from its templates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from app.core.connections import Connection
from app.core.http import HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.parameters import Parameters
from app.core.problems import InvalidInput, Problem
from app.providers import custom_template, requests, structure
from app.providers.custom_dialect import PARAMETERS, CustomDialect

_SENDABLE = re.compile(r"[\x20-\x7e]*")


def build(
    dialect: CustomDialect,
    connection: Connection,
    model: str,
    said: Sequence[PromptMessage],
    parameters: Parameters,
) -> HttpRequest:
    """The request that asks for the next message after `said`, of which there is at least one.

    Raises:
        InvalidInput: the body is no JSON, or a value cannot stand in a header.
    """
    values = _values(dialect, connection, model, said, parameters)
    url = _url(connection, dialect.path, values)
    body = custom_template.fill(custom_template.read_body(dialect.body), values)
    if dialect.stream == "websocket":
        return HttpRequest("GET", _socket_url(url), body=_encoded(body))
    headers = _headers(dialect, values)
    if dialect.method == "GET" or body is None:
        return HttpRequest(dialect.method, url, headers)
    is_typed = any(name.lower() == "content-type" for name in headers)
    typed = headers if is_typed else {"Content-Type": "application/json", **headers}
    return HttpRequest(dialect.method, url, typed, _encoded(body))


def build_knock(dialect: CustomDialect, connection: Connection) -> HttpRequest:
    """The request that opens a dialect's socket and sends nothing."""
    return HttpRequest.get(_socket_url(_url(connection, dialect.path, {})))


def build_list(dialect: CustomDialect, connection: Connection) -> HttpRequest:
    """The request for the model list: a GET with the headers that need no model.

    Raises:
        InvalidInput: the key cannot be sent.
    """
    values = {"key": requests.key_of(connection) or None}
    return HttpRequest("GET", _url(connection, dialect.list_path, values), _headers(dialect, values))


def _values(
    dialect: CustomDialect,
    connection: Connection,
    model: str,
    said: Sequence[PromptMessage],
    parameters: Parameters,
) -> dict[str, Any]:
    """What stands for each placeholder; None for what is not set."""
    takes_system = "system" in dialect.names
    spoken = [one for one in said if not (takes_system and one.role is Role.SYSTEM)]
    question = next((one.text for one in reversed(said) if one.role is Role.USER), said[-1].text)
    return {
        **{one.name: parameters.get(one.name) for one in PARAMETERS},
        "json_schema": structure.schema_of(parameters),
        "tools": [tool.as_openai() for tool in structure.tools_of(parameters)] or None,
        "messages": requests.as_openai(spoken),
        "prompt": question,
        "conversation": requests.as_text(spoken),
        "system": requests.system_text(said) or None,
        "model": model,
        "key": requests.key_of(connection) or None,
    }


def _url(connection: Connection, path: str, values: Mapping[str, Any]) -> str:
    return connection.base_url + custom_template.fill_text(path, values, lambda text: quote(text, safe=""))


def _socket_url(url: str) -> str:
    return f"ws{url.removeprefix('http')}"


def _headers(dialect: CustomDialect, values: Mapping[str, Any]) -> dict[str, str]:
    """The headers; one whose value names something that is not set is left out."""
    headers: dict[str, str] = {}
    for name, template in dialect.headers:
        if any(values.get(one) is None for one in custom_template.placeholders(template)):
            continue
        value = custom_template.fill_text(template, values)
        if not _SENDABLE.fullmatch(value):
            raise InvalidInput(Problem.of("custom.header", name=name))
        headers[name] = value
    return headers


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
