"""The desk of the gateway: what it asks about connections before a request, and tells about it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from app.core.connections import Connection, ModelRef
from app.core.deltas import Usage
from app.core.problems import BerthError
from app.core.saved_connections import Limits
from app.providers.base import Provider


class Waiting(Protocol):
    """A request that is held back, as the user sees it."""

    def show(self, seconds: int | None) -> None:
        """It waits so many seconds, or, for None, until others are done."""
        ...

    def end(self) -> None:
        """It waits no longer, or never did."""
        ...


class Desk(Protocol):
    """Knows what the user chose for each connection."""

    async def with_key(self, connection: Connection) -> Connection:
        """The connection with its key, for the time of one request.

        Raises:
            InvalidInput: its key is needed, and not there or not to be had now.
            StorageError: the vault cannot be read.
        """
        ...

    def limits(self, connection: Connection) -> Limits:
        """What the user allows the connection."""
        ...

    def waiting(self, connection: Connection) -> Waiting:
        """A request to the connection may have to wait."""
        ...

    def asked(self, connection: Connection) -> None:
        """A request is sent."""
        ...

    def answered(self, connection: Connection, provider: Provider, headers: Mapping[str, str]) -> None:
        """A reply has begun, with these headers."""
        ...

    def used(self, ref: ModelRef, usage: Usage) -> None:
        """An answer is over, with the figures that the API reported."""
        ...

    def ended(self, connection: Connection, error: BerthError | None) -> None:
        """A request is over: with a whole answer (None), with the API's refusal, or without a readable reply."""
        ...

    def learned(self, connection: Connection) -> None:
        """The API wants to be asked as the options of this connection say."""
        ...


class BareDesk:
    """The desk of a house without keys, limits and counting."""

    async def with_key(self, connection: Connection) -> Connection:
        """See `Desk.with_key`."""
        return connection

    def limits(self, connection: Connection) -> Limits:  # noqa: ARG002 - all alike
        """See `Desk.limits`."""
        return Limits()

    def waiting(self, connection: Connection) -> BareDesk:  # noqa: ARG002 - nobody looks
        """See `Desk.waiting`."""
        return self

    def show(self, seconds: int | None) -> None:
        """See `Waiting.show`."""

    def end(self) -> None:
        """See `Waiting.end`."""

    def asked(self, connection: Connection) -> None:
        """See `Desk.asked`."""

    def answered(self, connection: Connection, provider: Provider, headers: Mapping[str, str]) -> None:
        """See `Desk.answered`."""

    def used(self, ref: ModelRef, usage: Usage) -> None:
        """See `Desk.used`."""

    def ended(self, connection: Connection, error: BerthError | None) -> None:
        """See `Desk.ended`."""

    def learned(self, connection: Connection) -> None:
        """See `Desk.learned`."""
