"""A small GGUF writer: real files for the tests, right ones and wrong ones, byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CODES = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
U8, U16, U32, I32, F32, BOOL, STRING, ARRAY, U64 = 0, 2, 4, 5, 6, 7, 8, 9, 10

TYPE_Q8_0 = 8
TYPE_Q4_K = 12


@dataclass(frozen=True)
class Array:
    """An array value; `declared` is the number of elements that the file claims, when it lies."""

    type_id: int
    elements: Sequence[object]
    declared: int | None = None


@dataclass(frozen=True)
class Typed:
    """A value with its type spelled out, where Python's own type does not tell."""

    type_id: int
    value: object


@dataclass(frozen=True)
class Tensor:
    """A tensor of `size` bytes; at `offset`, or behind the one before."""

    name: str
    dimensions: Sequence[int] = (32,)
    type_id: int = 0
    size: int = 128
    offset: int | None = None


@dataclass
class Gguf:
    """A file in the making. `keys` wins over `metadata`: it may hold a key twice."""

    metadata: Mapping[str, object] = field(default_factory=dict)
    tensors: Sequence[Tensor] = ()
    version: int = 3
    alignment: int = 32
    keys: Sequence[tuple[str, object]] | None = None
    tensor_count: int | None = None
    key_count: int | None = None

    def header(self) -> bytes:
        """Everything up to the tensors' data, without padding."""
        keys = list(self.metadata.items()) if self.keys is None else list(self.keys)
        tensor_count = len(self.tensors) if self.tensor_count is None else self.tensor_count
        key_count = len(keys) if self.key_count is None else self.key_count
        parts = [b"GGUF", struct.pack("<IQQ", self.version, tensor_count, key_count)]
        for key, value in keys:
            parts += [text(key), typed(value)]
        offset = 0
        for tensor in self.tensors:
            at = offset if tensor.offset is None else tensor.offset
            parts += [text(tensor.name), struct.pack("<I", len(tensor.dimensions))]
            parts += [struct.pack(f"<{len(tensor.dimensions)}Q", *tensor.dimensions)]
            parts += [struct.pack("<IQ", tensor.type_id, at)]
            offset = padded(at + tensor.size, self.alignment)
        return b"".join(parts)

    def file(self) -> bytes:
        """The whole file, its tensors filled with zeros."""
        header = self.header()
        end = 0
        for tensor in self.tensors:
            begin = padded(end, self.alignment) if tensor.offset is None else tensor.offset
            end = begin + tensor.size
        return header.ljust(padded(len(header), self.alignment), b"\0") + bytes(end)


def padded(length: int, alignment: int) -> int:
    """`length` rounded up to a multiple of `alignment`."""
    return -(-length // alignment) * alignment


def text(value: str | bytes) -> bytes:
    """A string with its length in front."""
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def typed(value: object) -> bytes:
    """A value with its type in front."""
    if isinstance(value, Typed):
        return struct.pack("<I", value.type_id) + bare(value.type_id, value.value)
    type_id = type_of(value)
    return struct.pack("<I", type_id) + bare(type_id, value)


def type_of(value: object) -> int:
    """The type in which real files write a value like this."""
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return U32
    if isinstance(value, float):
        return F32
    return ARRAY if isinstance(value, Array) else STRING


def bare(type_id: int, value: object) -> bytes:
    """A value without its type."""
    if isinstance(value, Array):
        count = len(value.elements) if value.declared is None else value.declared
        head = struct.pack("<IQ", value.type_id, count)
        if value.type_id in CODES:
            return head + struct.pack(f"<{len(value.elements)}{CODES[value.type_id]}", *value.elements)
        return head + b"".join(bare(value.type_id, element) for element in value.elements)
    if type_id in CODES:
        return struct.pack(f"<{CODES[type_id]}", value)
    assert isinstance(value, str | bytes), f"no way to write {value!r}"
    return text(value)


def llama(
    tokens: Sequence[str] = ("a", "b", "c"), more: Mapping[str, object] | None = None
) -> dict[str, object]:
    """The metadata of a small llama model, in the order of llama.cpp's converter, and `more`."""
    return {
        "general.architecture": "llama",
        "general.name": "Small",
        "general.license": "CC0-1.0",
        "llama.block_count": 2,
        "llama.context_length": 512,
        "llama.embedding_length": 64,
        "llama.attention.head_count": 4,
        "llama.attention.head_count_kv": 2,
        "llama.rope.freq_base": 10000.0,
        "general.file_type": 7,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": Array(STRING, tokens),
        "tokenizer.ggml.token_type": Array(I32, [1] * len(tokens)),
        "tokenizer.ggml.merges": Array(STRING, [f"{token[:1]} {token[1:]}" for token in tokens]),
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.chat_template": "{{ messages }}",
        **(more or {}),
    }


def weights(layers: int = 2) -> list[Tensor]:
    """The tensors of a small model: one norm and one quantised matrix in each layer."""
    tensors = [Tensor("token_embd.weight", (64, 3), TYPE_Q8_0, 204)]
    for layer in range(layers):
        tensors.append(Tensor(f"blk.{layer}.attn_norm.weight", (64,), 0, 256))
        tensors.append(Tensor(f"blk.{layer}.ffn_up.weight", (256, 4), TYPE_Q4_K, 576))
    return tensors
