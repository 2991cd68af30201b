"""Connections with their keys, sealed with a passphrase, as they stand in an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.problems import InvalidFile, Problem
from app.core.vault import ROUNDS, SALT_BYTES, as_bytes, as_text

VERSION = 1
LABEL = f"berth export|connections|{VERSION}"
"""What data key and content are bound to."""

MOST_ROUNDS = 20 * ROUNDS
"""A file may ask for no more work than this: some ten seconds."""


@dataclass(frozen=True, slots=True)
class SealedConnections:
    """`wrapped` is the data key, wrapped by the passphrase with `salt` and `rounds`; `sealed` is the content."""

    salt: bytes
    rounds: int
    wrapped: bytes
    sealed: bytes

    def to_member(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {
            "version": VERSION,
            "salt": as_text(self.salt),
            "rounds": self.rounds,
            "wrapped": as_text(self.wrapped),
            "sealed": as_text(self.sealed),
        }

    @classmethod
    def from_member(cls, member: Any) -> SealedConnections:
        """Read what stands in a file.

        Raises:
            InvalidFile: it is none, of a newer version, or weaker than Berth makes any.
        """
        try:
            if not isinstance(member, Mapping) or member["version"] != VERSION:
                raise ValueError("unknown version")  # noqa: TRY301  one kind of error for all that is unreadable
            rounds = int(member["rounds"])
            read = cls(
                as_bytes(member["salt"]), rounds, as_bytes(member["wrapped"]), as_bytes(member["sealed"])
            )
            if not ROUNDS <= rounds <= MOST_ROUNDS or len(read.salt) < SALT_BYTES:
                raise ValueError(f"{rounds} rounds")  # noqa: TRY301
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidFile(Problem.of("exchange.sealed", details=str(error))) from None
        return read
