"""What is told below an answer: how fast it came, how long it is, how it ended, what it cost, and who gave it."""

from __future__ import annotations

from app.core import formats
from app.core.conversations import Message, Status
from app.core.text import t, tn

SHORTEST = 0.05
"""Seconds within which an answer came at once: nothing can be told of its beginning and its end."""


def answer_facts(message: Message) -> list[str]:
    """The facts of an answer, in their order; only those that are known."""
    return [fact for fact in (*_ending(message), *_figures(message), *_origin(message)) if fact]


def _ending(message: Message) -> tuple[str, ...]:
    stopped = t("chat.stopped") if message.status is Status.STOPPED else ""
    return stopped, _finish(message.finish)


def _finish(reason: str) -> str:
    """The finish reason, where it is another one than that the model had said all."""
    match reason:
        case "" | "stop":
            return ""
        case "length":
            return t("chat.finish.length")
        case "tool_calls":
            return t("chat.finish.tool_calls")
        case "content_filter":
            return t("chat.finish.content_filter")
        case _:
            return t("chat.finish.unknown", reason=reason)


def _figures(message: Message) -> tuple[str, ...]:
    usage = message.usage
    seconds = usage.seconds if usage is not None and usage.seconds is not None else message.seconds
    speed = None if usage is None else usage.tokens_per_second or _observed_speed(message)
    return (
        formats.tokens_per_second(speed) if speed else "",
        tn("chat.tokens", usage.completion_tokens) if usage and usage.completion_tokens is not None else "",
        _first_token(message),
        formats.duration(seconds) if seconds is not None and message.status is Status.DONE else "",
        t("chat.cost", amount=formats.money(message.cost)) if message.cost is not None else "",
    )


def _observed_speed(message: Message) -> float | None:
    """Tokens a second as they came to this page, for APIs that tell no time; None where they came all at once."""
    if message.usage is None or message.seconds is None or message.first_delta is None:
        return None
    tokens, seconds = message.usage.completion_tokens, message.seconds - message.first_delta
    return tokens / seconds if tokens and tokens > 1 and seconds > SHORTEST else None


def _first_token(message: Message) -> str:
    if message.first_delta is None or message.seconds is None:
        return ""
    came_apart = message.first_delta < message.seconds - SHORTEST
    return t("chat.first_token", time=formats.duration(message.first_delta)) if came_apart else ""


def _origin(message: Message) -> tuple[str, ...]:
    answered = t("chat.answered_by", model=message.answered_by) if message.answered_by else ""
    return answered, tn("chat.not_sent", message.left_out) if message.left_out else ""
