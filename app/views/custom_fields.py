"""The fields in which a dialect is written: the request, where things stand in the reply, and the models."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from app.browser import dom
from app.browser.dom import Element
from app.core.problems import InvalidInput, Problem
from app.core.text import t
from app.providers.custom_dialect import METHODS, PLACEHOLDERS, STREAMS, CustomDialect, checked
from app.views.field import Field

REQUEST: Final = ("method", "path", "headers", "body", "stream")
REPLY: Final = ("answer", "error", "finish", "reasoning", "prompt_tokens", "completion_tokens", "end")
MODELS: Final = ("known_models", "list_path", "models", "model_id")

_CHOICES: Final = {"method": METHODS, "stream": STREAMS}
_LINES: Final = {"headers": 2, "body": 8, "known_models": 3}
_NOT_FOR: Final = {
    "none": frozenset({"finish", "end", "is_cumulative"}),
    "websocket": frozenset({"method", "headers"}),
}
"""The fields that mean nothing for a kind of stream."""

_HELPED: Final = frozenset(
    {"path", "headers", "body", "answer", "finish", "end", "known_models", "list_path", "models", "model_id"}
)
"""The fields that need more than a label."""

_EXAMPLES: Final = {
    "path": "/v1/chat",
    "answer": "choices[0].delta.content",
    "error": "error.message",
    "finish": "choices[0].finish_reason",
    "reasoning": "choices[0].delta.reasoning",
    "prompt_tokens": "usage.prompt_tokens",
    "completion_tokens": "usage.completion_tokens",
    "end": "[DONE]",
    "list_path": "/v1/models",
    "models": "data",
    "model_id": "id",
}


class DialectFields:
    """A field for each part of a dialect."""

    def __init__(self) -> None:
        """Empty."""
        self._fields = {name: _field(name) for name in (*REQUEST, *REPLY, *MODELS)}
        self._cumulative = dom.create("input", type="checkbox", autocomplete="off")
        words = dom.create("span", t("dialect.is_cumulative"))
        self._cumulative_label = dom.create("label", self._cumulative, words, class_="check small")
        names = ", ".join(f"{{{{{name}}}}}" for name in sorted(PLACEHOLDERS))
        placeholders = dom.create(
            "details",
            dom.create("summary", t("dialect.placeholders")),
            dom.create("p", t("dialect.placeholders.help"), class_="help small quiet"),
            dom.create("p", dom.create("code", names), class_="small"),
        )
        self.elements = (
            self._group("request", REQUEST, placeholders),
            self._group("reply", REPLY, self._cumulative_label),
            self._group("models", MODELS),
        )
        for element in self.elements:
            dom.on(element, "input", lambda _: self._on_change())

    def show(self, dialect: CustomDialect) -> None:
        """Write a dialect into the fields."""
        for name, field in self._fields.items():
            field.input.value = _text(name, getattr(dialect, name))
            field.mark(None)
        self._cumulative.checked = dialect.is_cumulative
        self._fit()

    def typed(self) -> CustomDialect:
        """The dialect that stands in the fields.

        Raises:
            InvalidInput: a part of it cannot be used.
        """
        return checked(replace(CustomDialect(), **self._values()))

    def read(self) -> CustomDialect:
        """As `typed`, for good.

        Raises:
            InvalidInput: a part of it cannot be used; it is marked and focused.
        """
        for name, field in self._fields.items():
            problem = self._problem(name)
            field.mark(problem)
            if problem is not None:
                field.focus()
                raise InvalidInput(problem)
        return self.typed()

    def _problem(self, name: str) -> Problem | None:
        """What is wrong with one field, whatever stands in the others."""
        try:
            checked(replace(CustomDialect(), **{name: _value(name, self._fields[name].value)}))
        except InvalidInput as error:
            return error.problem
        return None

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {name: _value(name, field.value) for name, field in self._fields.items()}
        return {**values, "is_cumulative": bool(self._cumulative.checked)}

    def _on_change(self) -> None:
        self._fit()
        for name, field in self._fields.items():
            if field.is_marked:
                field.mark(self._problem(name))

    def _fit(self) -> None:
        """Show the fields that mean something for the kind of stream."""
        hidden = _NOT_FOR.get(self._fields["stream"].value, frozenset())
        for name, field in self._fields.items():
            dom.show(field.element, name not in hidden)
        dom.show(self._cumulative_label, "is_cumulative" not in hidden)

    def _group(self, name: str, parts: tuple[str, ...], *more: Element) -> Element:
        elements = (self._fields[part].element for part in parts)
        legend = dom.create("legend", t(f"dialect.{name}.title"))
        return dom.create("fieldset", legend, *elements, *more, class_=f"fields {name}")


def _field(name: str) -> Field:
    label, help_text = t(f"dialect.{name}"), t(f"dialect.{name}.help") if name in _HELPED else ""
    if name in _CHOICES:
        field = Field(f"dialect-{name}", label, help_text, tag="select")
        texts = (t(f"dialect.stream.{one}") if name == "stream" else one for one in _CHOICES[name])
        options = zip(_CHOICES[name], texts, strict=True)
        field.input.append(*(dom.create("option", text, value=one) for one, text in options))
        return field
    attributes: dict[str, Any] = {"spellcheck": "false", "class_": "code"}
    if name in _LINES:
        return Field(f"dialect-{name}", label, help_text, tag="textarea", rows=_LINES[name], **attributes)
    return Field(f"dialect-{name}", label, help_text, placeholder=_EXAMPLES[name], **attributes)


def _text(name: str, value: Any) -> str:
    if name == "headers":
        return "\n".join(f"{header}: {template}" for header, template in value)
    return "\n".join(value) if name == "known_models" else str(value)


def _value(name: str, text: str) -> Any:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if name == "headers":
        return tuple(
            (header.strip(), value.strip()) for header, _, value in (line.partition(":") for line in lines)
        )
    if name == "known_models":
        return tuple(lines)
    return text if name == "body" else text.strip()
