"""Connections as the user saved them, and their stored form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from app.core.connections import Connection, read_base_url
from app.core.problems import InvalidInput, Problem
from app.core.spending import ModelFacts

SCHEMES = {"ws": "http", "wss": "https"}
"""A WebSocket is opened at the origin of the page that it belongs to, under its own scheme."""


class InvalidConnection(Exception):
    """A stored record that is no connection."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the user allows a connection: requests at a time, and seconds of silence. None is the house's own limit.

    `first_byte` is the longest wait for the first byte of an answer, `idle` the longest pause within one.
    """

    parallel: int | None = None
    first_byte: float | None = None
    idle: float | None = None


@dataclass(frozen=True, slots=True)
class SavedConnection:
    """A connection with all that the user chose for it.

    `preset` is the id of the service it was made from. `position` orders the list. `has_key` tells that the user gave a
    key, which is in the vault or, when that forgot it, has to be given again. `facts` are the models that the user
    wrote down, with prices and context sizes. `rev` counts the times that it was written.
    """

    connection: Connection
    preset: str = ""
    position: float = 0.0
    is_enabled: bool = True
    has_key: bool = False
    limits: Limits = field(default_factory=Limits)
    facts: tuple[ModelFacts, ...] = ()
    rev: int = 0

    @property
    def id(self) -> str:
        """The connection's id."""
        return self.connection.id

    def enabled(self, is_enabled: bool) -> SavedConnection:
        """The same, switched on or off."""
        return replace(self, is_enabled=is_enabled)

    def to_record(self) -> dict[str, Any]:
        """The stored form: JSON values only, and never a key."""
        connection, limits = self.connection, self.limits
        return {
            "id": connection.id,
            "provider": connection.provider,
            "name": connection.name,
            "base_url": connection.base_url,
            "options": dict(connection.options),
            "preset": self.preset,
            "position": self.position,
            "is_enabled": self.is_enabled,
            "has_key": self.has_key,
            "limits": {"parallel": limits.parallel, "first_byte": limits.first_byte, "idle": limits.idle},
            "facts": [facts.to_record() for facts in self.facts],
            "rev": self.rev,
        }

    @classmethod
    def from_record(cls, record: Any) -> SavedConnection:
        """Read the stored form; what matters little gets its default when it cannot be read.

        Raises:
            InvalidConnection: there is no id, provider or address.
        """
        if not isinstance(record, Mapping):
            raise InvalidConnection("no object")
        named = {name: record.get(name) for name in ("id", "provider", "name", "base_url")}
        if not all(isinstance(value, str) and value for value in named.values()):
            raise InvalidConnection("an id, a provider, a name and an address belong to it")
        try:
            base_url = read_base_url(str(named["base_url"]))
        except InvalidInput as error:
            raise InvalidConnection(str(error)) from error
        options = record.get("options")
        facts = record.get("facts")
        return cls(
            Connection(
                str(named["id"]),
                str(named["provider"]),
                str(named["name"]),
                base_url,
                options=dict(options) if isinstance(options, Mapping) else {},
            ),
            preset=str(record.get("preset") or ""),
            position=number(record.get("position")) or 0.0,
            is_enabled=record.get("is_enabled") is not False,
            has_key=record.get("has_key") is True,
            limits=_limits(record.get("limits")),
            facts=tuple(map(ModelFacts.from_record, facts)) if isinstance(facts, list) else (),
            rev=int(number(record.get("rev")) or 0),
        )


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, the port left out where it is the scheme's own; a WebSocket's as http(s)."""
    parts = urlsplit(url)
    scheme = SCHEMES.get(parts.scheme, parts.scheme)
    host = parts.netloc.rpartition("@")[2].lower()
    return f"{scheme}://{host.removesuffix({'http': ':80', 'https': ':443'}.get(scheme, ''))}"


def read_limits(parallel: str, first_byte: str, idle: str) -> Limits:
    """The limits that a user typed; nothing typed is no limit of their own.

    Raises:
        InvalidInput: not a whole number above zero, or not a number of seconds above zero.
    """
    return Limits(read_count(parallel), read_seconds(first_byte), read_seconds(idle))


def read_count(text: str) -> int | None:
    """A whole number above zero; None for nothing.

    Raises:
        InvalidInput: something else.
    """
    if not text.strip():
        return None
    if not text.strip().isdecimal() or int(text) < 1:
        raise InvalidInput(Problem.of("connection.count", typed=text.strip()))
    return int(text)


def read_seconds(text: str) -> float | None:
    """Seconds above zero; None for nothing.

    Raises:
        InvalidInput: something else.
    """
    if not text.strip():
        return None
    seconds = number(text.strip().replace(",", "."))
    if seconds is None or not 0 < seconds < 1e6:
        raise InvalidInput(Problem.of("connection.seconds", typed=text.strip()))
    return seconds


def number(value: object) -> float | None:
    """A finite number, also one that is written as a text; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if abs(read) < 1e300 else None


def _limits(record: Any) -> Limits:
    if not isinstance(record, Mapping):
        return Limits()
    parallel = number(record.get("parallel"))
    return Limits(
        int(parallel) if parallel and parallel >= 1 else None,
        number(record.get("first_byte")),
        number(record.get("idle")),
    )
