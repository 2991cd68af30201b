"""The export of ChatGPT: conversations.json, a list of conversations whose `mapping` is a tree of nodes.

It has no documented form; this follows files as they come, and takes what it knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.conversation_records import InvalidRecord
from app.core.conversations import Conversation, Heading, title_of
from app.core.exchange.foreign import Node, grow, model_of, role_of, text_at, time_at
from app.core.messages import Role
from app.core.text import t

PROGRAM = "chatgpt"
"""Stands where a connection's id would stand in the references to models."""


def is_element(value: Mapping[str, Any]) -> bool:
    """Whether something in a file is a conversation of this kind."""
    return isinstance(value.get("mapping"), dict)


def from_element(value: Mapping[str, Any]) -> Conversation:
    """Read a conversation. Tool calls, files and the hidden messages between are left out; thoughts become reasoning.

    Raises:
        InvalidRecord: there is no message in it.
    """
    nodes = {str(key): _node(node) for key, node in value["mapping"].items()}
    created = time_at(value, "create_time") or 0.0
    heading = Heading(
        id=text_at(value, "conversation_id") or text_at(value, "id"),
        created=created,
        title=title_of(text_at(value, "title")),
        updated=time_at(value, "update_time") or created,
        pinned=value.get("is_starred") is True,
    )
    conversation = grow(heading, nodes, text_at(value, "current_node") or None)
    if not conversation.messages:
        raise InvalidRecord("no message")
    return conversation


def _node(node: Any) -> Node:
    parent = text_at(node, "parent") or None
    message = node.get("message") if isinstance(node, dict) else None
    if not isinstance(message, dict):
        return Node(parent)
    content = message.get("content")
    role = role_of(text_at(message.get("author"), "role"))
    metadata = message.get("metadata")
    if text_at(content, "content_type") == "thoughts":
        return Node(parent, reasoning=_thoughts(content))
    if role is Role.ASSISTANT and text_at(message, "recipient") not in ("", "all"):
        return Node(parent)
    if isinstance(metadata, dict) and metadata.get("is_visually_hidden_from_conversation") is True:
        return Node(parent)
    model = model_of(PROGRAM, text_at(metadata, "model_slug")) if role is Role.ASSISTANT else None
    return Node(parent, role, _text(content), created=time_at(message, "create_time"), model=model)


def _text(content: Any) -> str:
    kind = text_at(content, "content_type")
    if kind == "code":
        return f"```{text_at(content, 'language').replace('unknown', '')}\n{text_at(content, 'text')}\n```"
    if kind not in ("text", "multimodal_text"):
        return ""
    parts = content.get("parts")
    return "\n\n".join(filter(None, map(_part, parts if isinstance(parts, list) else [])))


def _part(part: Any) -> str:
    if isinstance(part, str):
        return part
    kind = text_at(part, "content_type")
    if kind == "audio_transcription":
        return text_at(part, "text")
    return t("exchange.image") if kind == "image_asset_pointer" else ""


def _thoughts(content: Any) -> str:
    thoughts = content.get("thoughts")
    pieces = (
        part
        for thought in (thoughts if isinstance(thoughts, list) else [])
        for part in (text_at(thought, "summary"), text_at(thought, "content"))
    )
    return "\n\n".join(filter(None, pieces))
