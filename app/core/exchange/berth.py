"""Berth's own format; the package says what is in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.core import branches
from app.core.conversation_records import (
    InvalidRecord,
    assemble,
    heading_record,
    message_record,
    read_heading,
    read_message,
)
from app.core.conversations import Conversation, Message, Status
from app.core.shelf import Named

FORMAT = "berth"
VERSION = 1
CONVERSATIONS, UNREADABLE = "conversations", "unreadable"
PROMPTS, PRESETS, CONNECTIONS = "prompts", "presets", "connections"
CHECKED = frozenset({CONVERSATIONS, PROMPTS, PRESETS})
"""The arrays whose elements the checksum is of."""

_OWN = frozenset({"rank", "rev"})
"""Fields of a stored heading that belong to the database and not to the conversation."""


class Digest:
    """The checksum of elements, one after the other."""

    def __init__(self) -> None:
        """Of none yet."""
        self._hash = hashlib.sha256()

    def add(self, element: Any) -> None:
        """Another element, as it stands in the file."""
        self._hash.update(json.dumps(element, sort_keys=True, separators=(",", ":")).encode() + b"\n")

    @property
    def text(self) -> str:
        """The checksum in hexadecimal."""
        return self._hash.hexdigest()


class Writer:
    """Writes a file piece by piece: `begin`, a `conversation` for each, any number of `shelf`, `end`."""

    def __init__(self) -> None:
        """Nothing is written yet."""
        self._digest = Digest()
        self._is_first = True

    def begin(self, now: float) -> str:
        """The head of the file; `now` is in seconds since 1970."""
        moment = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        head = {"format": FORMAT, "version": VERSION, "exported": moment}
        return f'{json.dumps(head, indent=1)[:-2]},\n "{CONVERSATIONS}": ['

    def conversation(self, conversation: Conversation) -> str:
        """One conversation, whole."""
        element = to_element(conversation)
        self._digest.add(element)
        comma, self._is_first = "" if self._is_first else ",", False
        return f"{comma}\n{json.dumps(element, ensure_ascii=False)}"

    def shelf(self, name: str, items: Iterable[Named]) -> str:
        """All of the prompts or presets; `name` is the array's. Only after the last conversation."""
        elements = [
            {key: value for key, value in one.to_record().items() if key not in _OWN} for one in items
        ]
        for element in elements:
            self._digest.add(element)
        lines = ",\n".join(json.dumps(element, ensure_ascii=False) for element in elements)
        return f'\n ],\n "{name}": [\n{lines}'

    def end(
        self, unreadable: Iterable[Mapping[str, Any]] = (), connections: Mapping[str, Any] | None = None
    ) -> str:
        """The end of the file, with records that nobody could read, and with sealed connections."""
        rest = json.dumps(list(unreadable), ensure_ascii=False)
        sealed = "" if connections is None else f'\n "{CONNECTIONS}": {json.dumps(dict(connections))},'
        return f'\n ],\n "{UNREADABLE}": {rest},{sealed}\n "sha256": "{self._digest.text}"\n}}\n'


def to_element(conversation: Conversation) -> dict[str, Any]:
    """A conversation as it stands in the file."""
    heading = heading_record(conversation.heading)
    messages = [message_record(conversation.id, message) for message in _to_read(conversation)]
    return {
        **{key: value for key, value in heading.items() if key not in _OWN},
        "messages": [{key: one[key] for key in one if key != "conversation"} for one in messages],
    }


def _to_read(conversation: Conversation) -> Iterator[Message]:
    """All messages as people read them: each after what it follows, one alternative after the other."""
    following = branches.children(conversation)
    waiting = list(reversed(following.get(None, ())))
    while waiting:
        message_id = waiting.pop()
        yield conversation.messages[message_id]
        waiting.extend(reversed(following.get(message_id, ())))


def is_element(value: Mapping[str, Any]) -> bool:
    """Whether something in a file is a conversation of this format."""
    return (
        "id" in value
        and isinstance(value.get("messages"), list)
        and "mapping" not in value
        and "chat" not in value
    )


def from_element(value: Mapping[str, Any]) -> Conversation:
    """Read a conversation; messages in it that are none are left out.

    Raises:
        InvalidRecord: it is none.
    """
    heading = replace(read_heading(value), rev=0)
    messages: list[Message] = []
    for record in value["messages"]:
        try:
            message = read_message(record)
        except InvalidRecord:
            continue
        is_open = message.status is Status.STREAMING
        messages.append(replace(message, status=Status.INTERRUPTED) if is_open else message)
    return assemble(heading, messages)
