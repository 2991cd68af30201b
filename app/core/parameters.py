"""Generation parameters: what a provider takes, the defaults shown, and the reading of what the user typed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.core.problems import InvalidInput, Problem
from app.core.text import t

ParameterValue = str | int | float | bool | tuple[str, ...]
Parameters = Mapping[str, ParameterValue]
"""Only what the user set: a parameter that is not set is left out of the request."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as its API documents it.

    `name` is the API's own name. `default` is what the server uses when the parameter is left out: it is shown and
    never sent. Bounds are inclusive. `placeholder` is a part that a text must contain, as `{question}` in a template.
    A "list" is typed with one entry per line, in which `\\n` and `\\t` stand for a line break and a tab. A "json" is a
    text that holds an object or an array in JSON. `text` is the
    catalogue's name for it, where APIs mean different things by one name.
    """

    name: str
    kind: Literal["integer", "number", "text", "list", "json"]
    default: int | float | None = None
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    placeholder: str = ""
    text: str = ""

    @property
    def label(self) -> str:
        """The field's label."""
        return t(f"parameter.{self.text or self.name}.label")

    @property
    def help(self) -> str:
        """One sentence on what the parameter does."""
        return t(f"parameter.{self.text or self.name}.help")

    def read(self, text: str) -> ParameterValue | None:
        """The value of what the user typed; None for nothing, which means: leave it out.

        Raises:
            InvalidInput: not a number, not a whole one, out of bounds, or without the required placeholder.
        """
        if not text.strip():
            return None
        if self.kind == "text":
            return self._read_text(text)
        if self.kind == "json":
            return self._read_json(text)
        if self.kind == "list":
            return tuple(_unescaped(line) for line in text.splitlines() if line)
        return self._read_number(text.strip())

    def _read_text(self, text: str) -> str:
        if self.placeholder and self.placeholder not in text:
            raise InvalidInput(
                Problem.of("parameter.placeholder", label=self.label, placeholder=self.placeholder)
            )
        return text

    def _read_json(self, text: str) -> str:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InvalidInput(Problem.of("parameter.not_json", label=self.label, why=error)) from None
        if not isinstance(value, dict | list):
            raise InvalidInput(Problem.of("parameter.not_json", label=self.label, why=text.strip()[:80]))
        return text

    def _read_number(self, text: str) -> int | float:
        try:
            value = int(text) if self.kind == "integer" else float(text.replace(",", "."))
        except ValueError:
            raise InvalidInput(
                Problem.of(f"parameter.not_{self.kind}", label=self.label, typed=text)
            ) from None
        if isinstance(value, float) and not math.isfinite(value):
            raise InvalidInput(Problem.of("parameter.not_number", label=self.label, typed=text))
        too_low = self.minimum is not None and value < self.minimum
        too_high = self.maximum is not None and value > self.maximum
        if too_low or too_high:
            low, high = _plain(self.minimum, "−∞"), _plain(self.maximum, "∞")
            raise InvalidInput(Problem.of("parameter.bounds", label=self.label, low=low, high=high))
        return value


def read_all(parameters: Iterable[Parameter], typed: Mapping[str, str]) -> dict[str, ParameterValue]:
    """The values of all that is set in `typed` (parameter name to text), for the parameters that the provider takes.

    Raises:
        InvalidInput: the first text that cannot be read.
    """
    values = {parameter.name: parameter.read(typed.get(parameter.name, "")) for parameter in parameters}
    return {name: value for name, value in values.items() if value is not None}


def _unescaped(line: str) -> str:
    return line.replace("\\n", "\n").replace("\\t", "\t")


def _plain(bound: float | None, unbounded: str) -> str:
    if bound is None:
        return unbounded
    return str(int(bound)) if bound == int(bound) else str(bound)
