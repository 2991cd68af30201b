"""Writes the trained model as GGUF: `python3 export.py` reads what train.py left and writes tinker-1m-q8_0.gguf.

Needs numpy, torch and the `gguf` package of llama.cpp.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.quants import quantize

FILE = "tinker-1m-q8_0.gguf"
Q8_0_FILE_TYPE = 7

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""ChatML."""

NORMAL, CONTROL, UNUSED = 1, 3, 5
"""llama.cpp's kinds of tokens."""

NAMES = {
    "attention_norm": "attn_norm",
    "feed_norm": "ffn_norm",
    "query": "attn_q",
    "key": "attn_k",
    "value": "attn_v",
    "output": "attn_output",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}
"""The names of train.py's layers in llama.cpp's words."""


def add_tokenizer(writer: GGUFWriter, path: Path, size: int) -> None:
    """The byte-level BPE of train.py, filled up to the size of the vocabulary."""
    tokenizer = json.loads(path.read_text("utf-8"))
    by_id = {number: token for token, number in tokenizer["model"]["vocab"].items()}
    special = {token["id"] for token in tokenizer["added_tokens"]}
    kinds = [CONTROL if n in special else NORMAL if n in by_id else UNUSED for n in range(size)]
    merges = tokenizer["model"]["merges"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([by_id.get(number, f"[PAD{number}]") for number in range(size)])
    writer.add_token_types(kinds)
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(2)
    writer.add_eot_token_id(2)
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def add_facts(writer: GGUFWriter, shape: dict[str, Any]) -> None:
    """What the header says about the model."""
    writer.add_name("Tinker 1M")
    writer.add_description("Tiny Q&A model trained from scratch on synthetic facts")
    writer.add_license("CC0-1.0")
    writer.add_context_length(shape["context"])
    writer.add_embedding_length(shape["width"])
    writer.add_block_count(shape["layers"])
    writer.add_feed_forward_length(shape["feed"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["kv_heads"])
    writer.add_layer_norm_rms_eps(shape["epsilon"])
    writer.add_rope_freq_base(shape["theta"])
    writer.add_rope_dimension_count(shape["width"] // shape["heads"])
    writer.add_vocab_size(shape["vocabulary"])
    writer.add_file_type(Q8_0_FILE_TYPE)


def add_tensor(writer: GGUFWriter, name: str, values: np.ndarray) -> None:
    """Matrices become Q8_0, norms stay as they are."""
    if values.ndim == 1:
        writer.add_tensor(name, values.astype(np.float32))
    else:
        kind = GGMLQuantizationType.Q8_0
        writer.add_tensor(name, quantize(values, kind), raw_dtype=kind)


def main() -> None:
    """Write the file."""
    trained = torch.load("tinker.pt")
    shape = trained["shape"]
    weights = {name: tensor.float().numpy() for name, tensor in trained["weights"].items()}
    writer = GGUFWriter(FILE, "llama")
    add_facts(writer, shape)
    add_tokenizer(writer, Path("tokenizer.json"), shape["vocabulary"])
    add_tensor(writer, "token_embd.weight", weights["embedding.weight"])
    add_tensor(writer, "output_norm.weight", weights["norm.weight"])
    for layer in range(shape["layers"]):
        for ours, theirs in NAMES.items():
            add_tensor(writer, f"blk.{layer}.{theirs}.weight", weights[f"blocks.{layer}.{ours}.weight"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
