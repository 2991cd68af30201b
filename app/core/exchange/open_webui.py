"""The export of Open WebUI: a list of chats, each with `chat.history.messages`, a tree by ids, and its `currentId`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from app.core.conversation_records import InvalidRecord
from app.core.conversations import Conversation, Heading, title_of
from app.core.exchange.foreign import Node, grow, model_of, role_of, text_at, time_at
from app.core.messages import Role

PROGRAM = "open-webui"
"""Stands where a connection's id would stand in the references to models."""

_REASONING = re.compile(
    r'<details type="reasoning"[^>]*>\s*(?:<summary>.*?</summary>)?\s*(.*?)\s*</details>\s*', re.DOTALL
)
_QUOTED = re.compile(r"^(?:>|&gt;) ?", re.MULTILINE)


def is_element(value: Mapping[str, Any]) -> bool:
    """Whether something in a file is a chat of this kind."""
    chat = value.get("chat", value)
    return isinstance(chat, dict) and (
        isinstance(chat.get("history"), dict) or ("chat" in value and isinstance(chat.get("messages"), list))
    )


def from_element(value: Mapping[str, Any]) -> Conversation:
    """Read a chat. Files are left out.

    Raises:
        InvalidRecord: there is no message in it.
    """
    chat = value.get("chat", value)
    nodes, current = _tree(chat)
    created = time_at(value, "created_at") or time_at(chat, "timestamp") or 0.0
    heading = Heading(
        id=text_at(value, "id") or text_at(chat, "id"),
        created=created,
        title=title_of(text_at(value, "title") or text_at(chat, "title")),
        updated=time_at(value, "updated_at") or created,
        pinned=value.get("pinned") is True,
        system=text_at(chat, "system") or text_at(chat.get("params"), "system"),
    )
    conversation = grow(heading, nodes, current)
    if not conversation.messages:
        raise InvalidRecord("no message")
    return conversation


def _tree(chat: Mapping[str, Any]) -> tuple[dict[str, Node], str | None]:
    """The nodes, and the last one of the branch shown."""
    history = chat.get("history")
    messages = history.get("messages") if isinstance(history, dict) else None
    if isinstance(messages, dict):
        nodes = {str(key): _node(one, text_at(one, "parentId") or None) for key, one in messages.items()}
        return nodes, text_at(history, "currentId") or next(reversed(nodes), None)
    listed = chat.get("messages")
    chain: dict[str, Node] = {}
    last: str | None = None
    for number, one in enumerate(listed if isinstance(listed, list) else []):
        key = text_at(one, "id") or f"message {number}"
        chain[key] = _node(one, last)
        last = key
    return chain, last


def _node(message: Any, parent: str | None) -> Node:
    role = role_of(text_at(message, "role"))
    text, reasoning = _text(message.get("content") if isinstance(message, dict) else None), ""
    if role is Role.ASSISTANT:
        reasoning = "\n\n".join(unescape(_QUOTED.sub("", found)) for found in _REASONING.findall(text))
        text = _REASONING.sub("", text)
    model = model_of(PROGRAM, text_at(message, "model")) if role is Role.ASSISTANT else None
    return Node(parent, role, text, reasoning, time_at(message, "timestamp"), model)


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n\n".join(filter(None, (text_at(part, "text") for part in content)))
    return content if isinstance(content, str) else ""
