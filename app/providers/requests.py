"""What the providers' requests have in common: checks before sending, the key, messages in the forms that APIs want."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from app.core.connections import Connection
from app.core.messages import PromptMessage, Role
from app.core.parameters import Parameter, Parameters, ParameterValue
from app.core.problems import InvalidInput, Problem


def check(model: str, texts: Iterable[object]) -> None:
    """Nothing, when there is something to ask and a model to ask.

    Raises:
        InvalidInput: no text that is not blank (or nothing in a list), or no model.
    """
    if not any(text.strip() if isinstance(text, str) else text for text in texts):
        raise InvalidInput(Problem.of("openai.nothing_to_ask"))
    if not model.strip():
        raise InvalidInput(Problem.of("openai.no_model_chosen"))


def key_of(connection: Connection) -> str:
    """The connection's key as it goes into a header; empty when it has none.

    Raises:
        InvalidInput: it holds what no header can carry.
    """
    key = connection.key.strip()
    if not key.isascii() or (key and not key.isprintable()) or " " in key:
        raise InvalidInput(Problem.of("openai.key_form", name=connection.name))
    return key


def bearer(connection: Connection) -> dict[str, str]:
    """The header that most APIs want the key in; none without a key.

    Raises:
        InvalidInput: the key holds what no header can carry.
    """
    key = key_of(connection)
    return {"Authorization": f"Bearer {key}"} if key else {}


def chosen(known: Iterable[Parameter], parameters: Parameters) -> dict[str, ParameterValue]:
    """Those of the parameters that the provider knows, in its own order. What is JSON is left to `structure`."""
    names = [parameter.name for parameter in known if parameter.kind != "json"]
    return {name: parameters[name] for name in names if name in parameters}


def said(messages: Iterable[PromptMessage]) -> list[PromptMessage]:
    """The messages that are not blank: many APIs refuse a whole conversation for one that is."""
    return [message for message in messages if message.text.strip() or message.images]


def system_text(messages: Iterable[PromptMessage]) -> str:
    """The system messages as one text, for APIs that take it apart from the conversation."""
    return "\n\n".join(message.text for message in said(messages) if message.role is Role.SYSTEM)


def turns(messages: Iterable[PromptMessage]) -> list[PromptMessage]:
    """The conversation as APIs want it that are strict: user first, then by turns, without system messages.

    Messages of one speaker in a row become one, with the images of all; answers before the first question, which
    trimming a long conversation can leave, are dropped.
    """
    spoken = [message for message in said(messages) if message.role is not Role.SYSTEM]
    while spoken and spoken[0].role is Role.ASSISTANT:
        del spoken[0]
    return [_merged(list(group)) for _, group in groupby(spoken, lambda message: message.role)]


def _merged(messages: Sequence[PromptMessage]) -> PromptMessage:
    text = "\n\n".join(message.text for message in messages if message.text.strip())
    return PromptMessage(messages[0].role, text, tuple(url for message in messages for url in message.images))


def image_data(url: str) -> tuple[str, str]:
    """The media type of an image in a data URL, and its base64, for APIs that want them apart."""
    head, _, data = url.partition(",")
    return head.removeprefix("data:").partition(";")[0] or "image/png", data


def as_text(messages: Sequence[PromptMessage]) -> str:
    """A conversation as one prompt, for APIs that take no messages. A single question stands as it is."""
    spoken = said(messages)
    if len(spoken) == 1 and spoken[0].role is Role.USER:
        return spoken[0].text
    lines = [f"{message.role}: {message.text}" for message in spoken]
    return "\n".join([*lines, "assistant:"]) if spoken else ""


def as_openai(messages: Iterable[PromptMessage]) -> list[Mapping[str, Any]]:
    """Messages in OpenAI's form, which most APIs took over, without blank ones.

    A content of parts is used only where there are images: many servers that call themselves compatible know just text.
    """
    return [{"role": str(message.role), "content": _content(message)} for message in said(messages)]


def _content(message: PromptMessage) -> str | list[dict[str, Any]]:
    if not message.images:
        return message.text
    text = [{"type": "text", "text": message.text}] if message.text.strip() else []
    return [*text, *({"type": "image_url", "image_url": {"url": url}} for url in message.images)]
