"""Single tokens of a vocabulary, read from a header when they are asked for: the vocabulary itself is never built."""

from __future__ import annotations

import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.core.gguf.facts import Facts
from app.core.gguf.header import ArrayValue, Header

CONTROL = 3
USER_DEFINED = 4
"""Token types of llama.cpp (`llama_token_type`): tokens that are matched as a whole, never split."""

MOST_SPECIAL = 4_096
"""Special tokens that are read; the largest vocabularies known reserve about 1,000."""

MOST_TEXT = 256
"""Bytes of a token that are read."""

_U64 = struct.Struct("<Q")
_NAMED = ("bos", "eos", "unknown", "padding", "eot")
_ALIASES = {"unknown": "unk", "padding": "pad"}


@dataclass(frozen=True, slots=True)
class SpecialTokens:
    """The tokens of a vocabulary that steer a model.

    `texts` are all of them; `named` are those that chat templates know as variables (`bos_token`, …). `adds_bos` tells
    whether the tokenizer puts `bos_token` before every prompt.
    """

    texts: frozenset[str]
    named: Mapping[str, str]
    adds_bos: bool


def special_tokens(header: Header, head: bytes) -> SpecialTokens:
    """Find the special tokens of `header`, which was read from `head`."""
    facts = Facts(header)
    ids = {name: facts.number(f"tokenizer.ggml.{name}_token_id") for name in _NAMED}
    wanted = {number for number in ids.values() if number is not None}
    texts = token_texts(header, head, {*_special_ids(header, head), *wanted})
    named = {
        f"{_ALIASES.get(name, name)}_token": texts[number]
        for name, number in ids.items()
        if number is not None and number in texts
    }
    adds_bos = facts.flag("tokenizer.ggml.add_bos_token")
    if adds_bos is None:
        adds_bos = facts.text("tokenizer.ggml.model") == "llama"  # llama.cpp's own default for this tokenizer
    return SpecialTokens(frozenset(filter(None, texts.values())), named, adds_bos)


def token_texts(header: Header, head: bytes, ids: Collection[int]) -> dict[int, str]:
    """The texts of these tokens; those that the vocabulary does not have, or that cannot be read, are left out."""
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, ArrayValue) or tokens.element_type != "string":
        return {}
    found: dict[int, str] = {}
    position, index = tokens.start, 0
    for wanted in sorted(number for number in ids if number < tokens.count):
        try:
            position = _walk(head, position, wanted - index)
            length = _U64.unpack_from(head, position)[0]
        except (struct.error, OverflowError):
            break  # the reader jumped over the vocabulary, and its lengths are wrong
        text = head[position + 8 : position + 8 + min(length, MOST_TEXT)]
        found[wanted] = text.decode(errors="replace")
        index = wanted
    return found


def _walk(head: bytes, position: int, count: int) -> int:
    """Where the string begins that stands `count` strings behind the one at `position`."""
    unpack = _U64.unpack_from
    for _ in range(count):
        position += 8 + unpack(head, position)[0]
    return position


def _special_ids(header: Header, head: bytes) -> list[int]:
    types = header.metadata.get("tokenizer.ggml.token_type")
    if not isinstance(types, ArrayValue) or types.element_type not in {"int32", "uint32"}:
        return []
    kinds = memoryview(head)[types.start : types.start + 4 * types.count].cast("i")
    return [number for number, kind in enumerate(kinds) if kind in {CONTROL, USER_DEFINED}][:MOST_SPECIAL]
