"""What a connection was used for: prices of its models, and the requests, tokens and money of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.core.deltas import Usage
from app.core.problems import InvalidInput, Problem

ALL_MODELS = "*"
"""The name under which facts hold for every model that has none of its own."""

MILLION = 1_000_000
"""Prices are for so many tokens, as the services give them."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What the user wrote down about a model: prices per million tokens, in whatever currency, and its context.

    None is for what is not known. `context` is in tokens.
    """

    model: str
    price_in: float | None = None
    price_out: float | None = None
    context: int | None = None

    def cost(self, usage: Usage) -> float | None:
        """What an answer cost; None when the prices or the tokens are not known."""
        if self.price_in is None and self.price_out is None:
            return None
        if usage.prompt_tokens is None and usage.completion_tokens is None:
            return None
        paid_in = (usage.prompt_tokens or 0) * (self.price_in or 0.0)
        return (paid_in + (usage.completion_tokens or 0) * (self.price_out or 0.0)) / MILLION

    def to_record(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "model": self.model,
            "price_in": self.price_in,
            "price_out": self.price_out,
            "context": self.context,
        }

    @classmethod
    def from_record(cls, record: Any) -> ModelFacts:
        """Read the stored form; whatever cannot be read is not known."""
        record = record if isinstance(record, Mapping) else {}
        context = _figure(record.get("context"))
        return cls(
            str(record.get("model") or ALL_MODELS),
            _figure(record.get("price_in")),
            _figure(record.get("price_out")),
            None if context is None else int(context),
        )


@dataclass(frozen=True, slots=True)
class DayUsage:
    """What was asked of a connection on one day: `day` is a date such as 2027-01-15, `spent` None without prices."""

    day: str = ""
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    spent: float | None = None

    def plus(self, other: DayUsage) -> DayUsage:
        """Both together, as of the day of this one."""
        is_known = self.spent is not None or other.spent is not None
        spent = (self.spent or 0.0) + (other.spent or 0.0) if is_known else None
        return replace(
            self,
            requests=self.requests + other.requests,
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            spent=spent,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        return not (self.requests or self.tokens_in or self.tokens_out)

    def to_record(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "day": self.day,
            "requests": self.requests,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
            "spent": self.spent,
        }

    @classmethod
    def from_record(cls, record: Any, day: str) -> DayUsage:
        """Read the stored form; what belongs to another day than `day`, or cannot be read, is nothing."""
        if not isinstance(record, Mapping) or record.get("day") != day:
            return cls(day)
        requests, tokens_in, tokens_out = (
            int(_figure(record.get(name)) or 0) for name in ("requests", "tokens_in", "tokens_out")
        )
        return cls(day, requests, tokens_in, tokens_out, _figure(record.get("spent")))


def facts_of(facts: Iterable[ModelFacts], model: str) -> ModelFacts | None:
    """What is known about a model; what holds for all of them when it has no facts of its own."""
    by_name = {one.model: one for one in facts}
    return by_name.get(model) or by_name.get(ALL_MODELS)


def read_price(text: str) -> float | None:
    """A price that the user typed; None for nothing.

    Raises:
        InvalidInput: not a number, or below zero.
    """
    if not text.strip():
        return None
    try:
        price = float(text.strip().replace(",", "."))
    except ValueError:
        price = -1.0
    if not 0 <= price < 1e9:
        raise InvalidInput(Problem.of("connection.price", typed=text.strip()))
    return price


def _figure(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < 1e15 else None  # type: ignore[arg-type, operator]
