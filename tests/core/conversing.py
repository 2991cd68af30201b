"""Conversations for tests: any tree of messages, made by Hypothesis, and small ones made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count

from hypothesis import strategies as st

from app.core.connections import ModelRef
from app.core.conversations import Conversation, Heading, Message, Status, by_id, whole
from app.core.deltas import Usage
from app.core.messages import Role
from app.core.problems import Problem

MODEL = ModelRef("local", "tiny.gguf")


def ids() -> Callable[[], str]:
    """A source of ids: n1, n2 and so on."""
    numbers = count(1)
    return lambda: f"n{next(numbers)}"


def tree(*pairs: tuple[str, str | None], head: str | None = None) -> Conversation:
    """A conversation of (id, parent) pairs in the order of their making; the head is the last one by default."""
    messages = [
        Message(key, parent, Role.USER if parent is None else Role.ASSISTANT, f"text of {key}", float(number))
        for number, (key, parent) in enumerate(pairs)
    ]
    last = messages[-1].id if messages else None
    return whole(Heading("talk", 0.0, head or last), by_id(messages))


def shown(conversation: Conversation) -> str:
    """The ids of the branch shown, in a row."""
    return " ".join(message.id for message in conversation.branch)


def in_order(messages: Iterable[Message]) -> list[str]:
    """Their ids."""
    return [message.id for message in messages]


texts = st.text(st.characters(codec="utf-8"), max_size=40)
times = st.floats(0, 4e9).map(lambda value: round(value, 3))
maybe_seconds = st.none() | times
problems = st.builds(Problem, texts, texts, texts, texts, texts)
usages = st.builds(
    Usage, st.none() | st.integers(0, 10**6), st.none() | st.integers(0, 10**6), st.none(), maybe_seconds
)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Any sound conversation."""
    messages: list[Message] = []
    for number in range(draw(st.integers(0, 8))):
        parents = [None, *(message.id for message in messages)]
        messages.append(
            Message(
                f"m{number}",
                draw(st.sampled_from(parents)),
                draw(st.sampled_from([Role.USER, Role.ASSISTANT])),
                draw(texts),
                float(number),
                model=draw(st.none() | st.just(MODEL)),
                reasoning=draw(texts),
                status=draw(st.sampled_from(Status)),
                usage=draw(st.none() | usages),
                seconds=draw(maybe_seconds),
                finish=draw(st.sampled_from(["", "stop", "length"])),
                raw=draw(texts),
                problem=draw(st.none() | problems),
                first_delta=draw(maybe_seconds),
                thought=draw(maybe_seconds),
                left_out=draw(st.integers(0, 9)),
                answered_by=draw(texts),
                cost=draw(st.none() | st.floats(0, 100)),
            )
        )
    head = draw(st.sampled_from([message.id for message in messages])) if messages else None
    created = draw(times)
    heading = Heading(
        draw(st.uuids()).hex,
        created,
        head,
        draw(texts),
        created + draw(st.integers(0, 1000)),
        draw(st.booleans()),
        draw(st.none() | st.just(MODEL)),
        draw(texts),
        {"openai": {"temperature": draw(texts)}},
        draw(st.integers(0, 99)),
        tuple(message.id for message in messages[-2:]),
    )
    return whole(heading, by_id(messages))
