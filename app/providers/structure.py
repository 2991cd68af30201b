"""Answers of a given structure, and tools: two parameters in JSON that each API wants in a form of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from app.core.parameters import Parameter, Parameters
from app.core.problems import InvalidInput, Problem

JSON_SCHEMA = Parameter("json_schema", "json")
"""The JSON schema that the answer has to follow."""

TOOLS = Parameter("tools", "json")
"""The functions that the model may call: a list of `{"name", "description", "parameters"}`, or OpenAI's form of it."""

_SCHEMAS = ("parameters", "input_schema", "parametersJsonSchema")
"""Where the schema of a tool's arguments stands, in the forms of the APIs that people copy tools from."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may call. `parameters` is the JSON schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, Any]

    def as_openai(self) -> dict[str, Any]:
        """In OpenAI's form, which Ollama and others took over."""
        function = {"name": self.name, "description": self.description, "parameters": self.parameters}
        return {"type": "function", "function": function}


def schema_of(parameters: Parameters) -> dict[str, Any] | None:
    """The schema that the answer has to follow; None when any answer will do.

    Raises:
        InvalidInput: it is no JSON object.
    """
    value = _value(JSON_SCHEMA, parameters)
    if value is not None and not isinstance(value, dict):
        raise InvalidInput(Problem.of("structure.schema", label=JSON_SCHEMA.label))
    return value


def tools_of(parameters: Parameters) -> tuple[Tool, ...]:
    """The functions that the model may call.

    Raises:
        InvalidInput: they are no list of functions with names.
    """
    value = _value(TOOLS, parameters)
    if value is None:
        return ()
    return tuple(_tool(one) for one in (value if isinstance(value, list) else [value]))


def openai_form(parameters: Parameters) -> dict[str, Any]:
    """Both as the fields of OpenAI's chat completions; those that are not set are left out.

    Raises:
        InvalidInput: one of them is not what it has to be.
    """
    fields: dict[str, Any] = {}
    if schema := schema_of(parameters):
        name = schema.get("title")
        given = {
            "name": name if isinstance(name, str) and name.isidentifier() else "answer",
            "schema": schema,
        }
        fields["response_format"] = {"type": "json_schema", "json_schema": given}
    if tools := tools_of(parameters):
        fields["tools"] = [tool.as_openai() for tool in tools]
    return fields


def _value(parameter: Parameter, parameters: Parameters) -> Any:
    text = parameters.get(parameter.name)
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(Problem.of("parameter.not_json", label=parameter.label, why=error)) from None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _tool(value: Any) -> Tool:
    inner = value.get("function") if isinstance(value, dict) else None
    function = inner if isinstance(inner, dict) else value
    name = function.get("name") if isinstance(function, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise InvalidInput(Problem.of("structure.tools", label=TOOLS.label))
    about = function.get("description")
    schemas = (function.get(key) for key in _SCHEMAS)
    schema = next((one for one in schemas if isinstance(one, dict)), {"type": "object", "properties": {}})
    return Tool(name, about if isinstance(about, str) else "", schema)
