"""Where API keys are kept: the three modes, what is shown of the vault, and its stored record."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.core.problems import InvalidInput, Problem

VERSION = 1
"""The version of the stored forms; it is a part of what every sealed record is bound to."""

ROUNDS = 600_000
"""Rounds of PBKDF2-SHA256: what OWASP's cheat sheet on storing passwords asks for. A vault with fewer is refused."""

SALT_BYTES = 16

SHORTEST_PASSPHRASE = 8
"""Letters below which a passphrase is guessed in no time, whatever the rounds."""

LOCK_MINUTES = 15
HIDDEN_MINUTES = 5
"""Minutes without a key or a pointer, and minutes in a hidden tab, after which the vault locks itself."""


class VaultMode(StrEnum):
    """How keys are kept. Each has the texts `vault.<mode>`, `.protects` and `.lacks`."""

    TAB = "tab"
    DEVICE = "device"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a mode


@dataclass(frozen=True, slots=True)
class VaultState:
    """What the page shows of the vault.

    `held` are the ids of the connections whose keys are there, readable or locked. `is_wanted`: something waits for the
    user to unlock it. `can_store` is false where the browser has no cryptography for this page: then keys stay in the
    tab. The minutes are those after which a vault with a passphrase locks itself.
    """

    mode: VaultMode = VaultMode.DEVICE
    is_locked: bool = False
    is_wanted: bool = False
    can_store: bool = True
    held: frozenset[str] = frozenset()
    lock_minutes: int = LOCK_MINUTES
    hidden_minutes: int = HIDDEN_MINUTES

    def holding(self, connection_id: str) -> VaultState:
        """The state with one more key in it."""
        return replace(self, held=self.held | {connection_id})

    def without(self, connection_id: str) -> VaultState:
        """The state with a key less."""
        return replace(self, held=self.held - {connection_id})


@dataclass(frozen=True, slots=True)
class VaultRecord:
    """The stored form of the vault itself: its mode, and its data key in the wrapping of that mode.

    `salt` and `rounds` belong to the passphrase. There is no data key in the mode that stores nothing.
    """

    mode: VaultMode
    wrapped: bytes = b""
    salt: bytes = b""
    rounds: int = ROUNDS
    lock_minutes: int = LOCK_MINUTES
    hidden_minutes: int = HIDDEN_MINUTES
    rev: int = 0

    def to_record(self) -> dict[str, Any]:
        """JSON values only."""
        return {
            "version": VERSION,
            "mode": self.mode.value,
            "wrapped": as_text(self.wrapped),
            "salt": as_text(self.salt),
            "rounds": self.rounds,
            "lock_minutes": self.lock_minutes,
            "hidden_minutes": self.hidden_minutes,
            "rev": self.rev,
        }

    @classmethod
    def from_record(cls, record: Any) -> VaultRecord | None:
        """Read the stored form; None when there is none.

        Raises:
            InvalidInput: it is damaged, of a later version, or weaker than Berth makes any: nothing in it is used.
        """
        if record is None:
            return None
        if not isinstance(record, Mapping) or record.get("version") != VERSION:
            raise InvalidInput(Problem.of("vault.damaged", details="unknown version"))
        try:
            read = cls(
                VaultMode(record["mode"]),
                as_bytes(record["wrapped"]),
                as_bytes(record["salt"]),
                int(record["rounds"]),
                _minutes(record.get("lock_minutes"), LOCK_MINUTES),
                _minutes(record.get("hidden_minutes"), HIDDEN_MINUTES),
                int(record.get("rev") or 0),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidInput(Problem.of("vault.damaged", details=str(error))) from error
        is_weak = read.rounds < ROUNDS or len(read.salt) < SALT_BYTES
        if read.mode is VaultMode.PASSPHRASE and is_weak:
            raise InvalidInput(Problem.of("vault.damaged", details=f"{read.rounds} rounds"))
        return read


def check_passphrase(passphrase: str, repeated: str) -> None:
    """Nothing, when a new passphrase can be taken.

    Raises:
        InvalidInput: it is too short, or was not repeated.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InvalidInput(Problem.of("vault.short", count=SHORTEST_PASSPHRASE))
    if passphrase != repeated:
        raise InvalidInput(Problem.of("vault.not_repeated"))


def as_text(data: bytes) -> str:
    """Bytes in the form in which records hold them."""
    return b64encode(data).decode("ascii")


def as_bytes(text: Any) -> bytes:
    """What `as_text` wrote.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(text, str):
        raise ValueError("no text")  # noqa: TRY004 - one kind of error for all that is unreadable
    return b64decode(text, validate=True)


def _minutes(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1440 else default
