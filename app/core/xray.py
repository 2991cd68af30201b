"""The exact prompt that a model reads: the chat template applied to a conversation, with its special tokens marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.gguf.vocabulary import SpecialTokens
from app.core.messages import PromptMessage, Role
from app.core.text import t

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""What llama.cpp uses for a model that brings no template."""

MOST_MARKED = 200_000
"""Characters of a prompt that are shown; the rest is counted and not shown."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a prompt: a special token, or the text between two."""

    text: str
    is_special: bool


@dataclass(frozen=True, slots=True)
class Prompt:
    """The prompt. `tokens` is their number, exact or estimated; `hidden` are characters that are not in `pieces`."""

    pieces: tuple[Piece, ...]
    tokens: int
    is_exact: bool
    hidden: int = 0


def variables(messages: Sequence[PromptMessage], special: SpecialTokens) -> dict[str, Any]:
    """What a template may use, as JSON values: the names that Hugging Face and llama.cpp give it."""
    return {
        "messages": [{"role": str(one.role), "content": one.text} for one in messages],
        "add_generation_prompt": True,
        "tools": None,
        **special.named,
    }


def with_start(text: str, special: SpecialTokens) -> str:
    """The prompt as the model reads it: begun by `bos_token` once, where its tokenizer puts it before every prompt."""
    start = special.named.get("bos_token", "")
    return start + text if special.adds_bos and not text.startswith(start) else text


def without_start(text: str, special: SpecialTokens) -> str:
    """The prompt as it is handed to the tokenizer, which puts `bos_token` before it by itself where that is due."""
    start = special.named.get("bos_token", "")
    return text.removeprefix(start) if special.adds_bos else text


def pieces_of(text: str, special: Collection[str]) -> tuple[Piece, ...]:
    """`text` cut at its special tokens; of two that begin alike the longer one counts."""
    return tuple(_pieces(text, special))


def _pieces(text: str, special: Collection[str]) -> Iterator[Piece]:
    present = [token for token in special if token in text]
    if not present:
        if text:
            yield Piece(text, is_special=False)
        return
    longest_first = sorted(present, key=len, reverse=True)
    for number, part in enumerate(re.split(f"({'|'.join(map(re.escape, longest_first))})", text)):
        if part:
            yield Piece(part, is_special=number % 2 == 1)


def example() -> tuple[PromptMessage, ...]:
    """A conversation to show a template with, while there is none at hand."""
    said: Mapping[Role, str] = {
        Role.SYSTEM: t("xray.example.system"),
        Role.USER: t("xray.example.user"),
    }
    return tuple(PromptMessage(role, text) for role, text in said.items())
