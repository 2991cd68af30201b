"""Models of any shape with weights of zero: real llama.cpp loads them, and their files are mostly holes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.core.gguf_writer import F32, I32, STRING, TYPE_Q8_0, Array, Gguf, Tensor, padded

UNKNOWN, CONTROL, BYTE, NORMAL = 2, 3, 6, 1
"""Token types."""


@dataclass(frozen=True)
class Model:
    """The shape of a llama model in Q8_0."""

    vocabulary: int = 2_048
    width: int = 256
    layers: int = 4
    feed_forward: int = 768
    heads: int = 4
    kv_heads: int = 2
    context: int = 32_768
    template: str = ""

    def header(self) -> Gguf:
        """Its header, with a vocabulary of bytes and made-up words."""
        extra = self.vocabulary - 259
        words = [
            "<unk>",
            "<s>",
            "</s>",
            *(f"<0x{byte:02X}>" for byte in range(256)),
            *(f"word{n}" for n in range(extra)),
        ]
        metadata = {
            "general.architecture": "llama",
            "general.name": "Synthetic",
            "llama.block_count": self.layers,
            "llama.context_length": self.context,
            "llama.embedding_length": self.width,
            "llama.feed_forward_length": self.feed_forward,
            "llama.attention.head_count": self.heads,
            "llama.attention.head_count_kv": self.kv_heads,
            "llama.attention.layer_norm_rms_epsilon": 1e-5,
            "llama.rope.dimension_count": self.width // self.heads,
            "tokenizer.ggml.model": "llama",
            "tokenizer.ggml.tokens": Array(STRING, words),
            "tokenizer.ggml.scores": Array(F32, [0.0] * self.vocabulary),
            "tokenizer.ggml.token_type": Array(
                I32, [UNKNOWN, CONTROL, CONTROL, *[BYTE] * 256, *[NORMAL] * extra]
            ),
            "tokenizer.ggml.bos_token_id": 1,
            "tokenizer.ggml.eos_token_id": 2,
            **({"tokenizer.chat_template": self.template} if self.template else {}),
        }
        return Gguf(metadata, self._tensors())

    def write(self, path: Path) -> Path:
        """Write the file; gives its path."""
        gguf = self.header()
        header, end = gguf.header(), 0
        for tensor in gguf.tensors:
            end = padded(end, 32) + tensor.size
        path.write_bytes(header)
        os.truncate(path, padded(len(header), 32) + end)
        return path

    def _tensors(self) -> list[Tensor]:
        small = self.width // self.heads * self.kv_heads
        tensors = [matrix("token_embd", self.width, self.vocabulary)]
        for layer in range(self.layers):
            block = f"blk.{layer}"
            tensors += [
                vector(f"{block}.attn_norm", self.width),
                matrix(f"{block}.attn_q", self.width, self.width),
                matrix(f"{block}.attn_k", self.width, small),
                matrix(f"{block}.attn_v", self.width, small),
                matrix(f"{block}.attn_output", self.width, self.width),
                vector(f"{block}.ffn_norm", self.width),
                matrix(f"{block}.ffn_gate", self.width, self.feed_forward),
                matrix(f"{block}.ffn_up", self.width, self.feed_forward),
                matrix(f"{block}.ffn_down", self.feed_forward, self.width),
            ]
        return [*tensors, vector("output_norm", self.width), matrix("output", self.width, self.vocabulary)]


def matrix(name: str, rows: int, columns: int) -> Tensor:
    """A quantised matrix."""
    return Tensor(f"{name}.weight", (rows, columns), TYPE_Q8_0, rows * columns // 32 * 34)


def vector(name: str, length: int) -> Tensor:
    """A vector of F32."""
    return Tensor(f"{name}.weight", (length,), 0, 4 * length)
