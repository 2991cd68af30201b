"""What the exports of other chat programs have in common: nodes of a tree, some of which are messages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.branches import sound
from app.core.connections import ModelRef
from app.core.conversations import Conversation, Heading, Message, by_id, title_of, whole
from app.core.messages import Role

MILLISECONDS = 1e11
"""Times above it are in milliseconds or less: as seconds they would be in the year 5138."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node: a message when it has a text, otherwise only a link between others. `reasoning` is for the next one."""

    parent: str | None
    role: Role | None = None
    text: str = ""
    reasoning: str = ""
    created: float | None = None
    model: ModelRef | None = None


def grow(heading: Heading, nodes: Mapping[str, Node], current: str | None) -> Conversation:
    """The conversation of these nodes, without those that are no messages; `current` is the end of the branch shown."""
    messages: list[Message] = []
    for key, node in nodes.items():
        if node.role is None or not node.text:
            continue
        parent, reasoning = _above(nodes, node.parent)
        messages.append(
            Message(
                key,
                parent,
                node.role,
                node.text,
                heading.created if node.created is None else node.created,
                model=node.model,
                reasoning=node.reasoning or (reasoning if node.role is Role.ASSISTANT else ""),
            )
        )
    head = _above(nodes, current)[0]
    mended, mended_head = sound(by_id(messages), head)
    grown = whole(heading.shown_to(mended_head), mended)
    if grown.title or not messages:
        return grown
    return grown.renamed(title_of(next(iter(mended.values())).text))


def _above(nodes: Mapping[str, Node], key: str | None) -> tuple[str | None, str]:
    """The nearest message at or above a node, and the reasoning between."""
    reasoning: list[str] = []
    seen: set[str] = set()
    while key is not None and key in nodes and key not in seen:
        seen.add(key)
        node = nodes[key]
        if node.role is not None and node.text:
            return key, "\n\n".join(reversed(reasoning))
        if node.reasoning:
            reasoning.append(node.reasoning)
        key = node.parent
    return None, "\n\n".join(reversed(reasoning))


def role_of(value: Any) -> Role | None:
    """The role of a message that is kept: the user's or the model's."""
    return {"user": Role.USER, "assistant": Role.ASSISTANT}.get(value) if isinstance(value, str) else None


def text_at(value: Any, key: str) -> str:
    """The text of a field, "" when there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def time_at(value: Any, key: str) -> float | None:
    """A time in seconds since 1970, whatever unit it was written in."""
    found = value.get(key) if isinstance(value, dict) else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    try:
        seconds = float(found)
    except OverflowError:
        return None
    if not math.isfinite(seconds) or seconds < 0:
        return None
    while seconds > MILLISECONDS:
        seconds /= 1000
    return seconds


def model_of(program: str, name: str) -> ModelRef | None:
    """A model that another program had: its name is shown, but no connection offers it."""
    return ModelRef(program, name) if name else None
