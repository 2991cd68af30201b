"""Messages as a model reads them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who speaks, in the words that nearly all APIs use."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message of a prompt. `images` are data URLs, for models that see."""

    role: Role
    text: str
    images: tuple[str, ...] = ()
