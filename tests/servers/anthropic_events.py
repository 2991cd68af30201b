"""Owns the events of Anthropic's streams: building them, and the message that they build."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any, Final

from tests.servers.backend import Answer
from tests.servers.event_stream import event

NAME: Final = "claude-tinker-1m"
"""The one model that the reference server has."""


def named(kind: str, **fields: Any) -> bytes:
    """An event of this type."""
    return event({"type": kind, **fields}, kind)


def start() -> bytes:
    """The first event of a message."""
    usage = {"input_tokens": 0, "output_tokens": 0}
    message = {"id": "msg_01", "type": "message", "role": "assistant", "content": [], "model": NAME}
    return named(
        "message_start", message={**message, "stop_reason": None, "stop_sequence": None, "usage": usage}
    )


def end(answer: Answer, reason: str) -> Iterator[bytes]:
    """The last events of a message."""
    usage = {"input_tokens": answer.prompt_tokens, "output_tokens": answer.completion_tokens}
    yield named("message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage=usage)
    yield named("message_stop")


def whole(events: Iterator[bytes]) -> dict[str, Any]:
    """The message that the events of a stream build."""
    message: dict[str, Any] = {}
    for one in events:
        value = value_of(one)
        match value["type"]:
            case "message_start":
                message = value["message"]
            case "content_block_start":
                message["content"].append(value["content_block"])
            case "content_block_delta":
                _add(message["content"][value["index"]], value["delta"])
            case "message_delta":
                message.update(value["delta"])
                message["usage"].update(value["usage"])
    for block in message["content"]:
        block.update({"input": json.loads(block.pop("json"))} if "json" in block else {})
    return message


def _add(block: dict[str, Any], delta: dict[str, Any]) -> None:
    for name, target in (
        ("text", "text"),
        ("thinking", "thinking"),
        ("signature", "signature"),
        ("partial_json", "json"),
    ):
        if name in delta:
            block[target] = block.get(target, "") + delta[name]


def value_of(one: bytes) -> dict[str, Any]:
    """The JSON of an event."""
    lines = itertools.dropwhile(lambda line: not line.startswith(b"data: "), one.splitlines())
    value: dict[str, Any] = json.loads(next(lines).removeprefix(b"data: "))
    return value
