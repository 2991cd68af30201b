"""Reading files in tests: whole, or cut into any pieces."""

from __future__ import annotations

import json
from typing import Any

from app.core.conversations import Conversation
from app.core.exchange.berth import Writer
from app.core.exchange.importing import Importer


def imported(text: str, cut: int = 1 << 20) -> list[Conversation | None]:
    """What is in a file that arrives in pieces of `cut` letters."""
    importer = Importer("file.json")
    found: list[Conversation | None] = []
    for start in range(0, len(text), cut):
        found += importer.feed(text[start : start + cut])
    return found + list(importer.close())


def only(value: Any) -> Conversation:
    """The one conversation in a file with this JSON."""
    (conversation,) = imported(json.dumps(value))
    assert conversation is not None
    return conversation


def exported(*conversations: Conversation) -> str:
    """A file in Berth's own format."""
    writer = Writer()
    pieces = [writer.begin(1_800_000_000), *map(writer.conversation, conversations), writer.end()]
    return "".join(pieces)
