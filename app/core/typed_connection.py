"""A connection as the user types it into the form, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from app.core.connections import Connection, read_base_url
from app.core.problems import InvalidInput, Problem
from app.core.saved_connections import Limits, SavedConnection, origin_of
from app.core.spending import ModelFacts

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""The hosts that are this device."""


@dataclass(frozen=True, slots=True)
class TypedConnection:
    """What stands in the form. An empty `key` leaves the key that is kept; `drops_key` takes it away."""

    provider: str
    name: str
    base_url: str
    key: str = field(default="", repr=False)
    drops_key: bool = False
    preset: str = ""
    limits: Limits = field(default_factory=Limits)
    facts: tuple[ModelFacts, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def read(self, connection_id: str) -> Connection:
        """The connection that is meant, with the key that was typed.

        Raises:
            InvalidInput: it has no name, or its address is none.
        """
        name = " ".join(self.name.split())
        if not name:
            raise InvalidInput(Problem.of("connection.no_name"))
        base_url = read_base_url(self.base_url)
        return Connection(connection_id, self.provider, name, base_url, self.key.strip(), self.options)

    def saved(
        self, connection: Connection, before: SavedConnection | None, position: float
    ) -> SavedConnection:
        """What is stored of it. A key is not; one that was kept stays only with the origin that it was given for."""
        keeps = before is not None and before.has_key and not self.drops_key and not self.moves(before)
        return SavedConnection(
            replace(connection, key=""),
            preset=self.preset,
            position=position if before is None else before.position,
            is_enabled=before is None or before.is_enabled,
            has_key=bool(connection.key) or keeps,
            limits=self.limits,
            facts=self.facts,
            rev=0 if before is None else before.rev,
        )

    def moves(self, before: SavedConnection) -> bool:
        """Whether the address leads to another origin than the one that the kept key was given for."""
        return leads_elsewhere(self.base_url, before.connection.base_url)


def leads_elsewhere(typed: str, base_url: str) -> bool:
    """Whether an address that is being typed has another origin than `base_url`; not while it cannot be read."""
    try:
        return origin_of(read_base_url(typed)) != origin_of(base_url)
    except InvalidInput:
        return False


def is_exposed(typed: str) -> bool:
    """Whether what is sent to an address can be read on its way: plain http to another device."""
    try:
        parts = urlsplit(read_base_url(typed))
    except InvalidInput:
        return False
    return parts.scheme == "http" and (parts.hostname or "") not in LOOPBACK


def free_name(name: str, taken: frozenset[str]) -> str:
    """`name`, with a number where it is taken."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} {number}"
    return found
