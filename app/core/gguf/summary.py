"""The facts that people want to know about a model, drawn from its header."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from app.core.gguf.facts import Facts
from app.core.gguf.header import Header, TensorInfo
from app.core.gguf.layout import FILE_TYPES


@dataclass(frozen=True, slots=True)
class Quantisation:
    """All tensors of one type; `size` is in bytes, 0 for an unknown type."""

    type: str
    tensors: int
    parameters: int
    size: int


@dataclass(frozen=True, slots=True)
class Split:
    """The place of a shard in its model, counted from 1; `tensors` is their number in all shards."""

    number: int
    count: int
    tensors: int | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a header says about its model; None or empty where it says nothing.

    `kind` is `general.type` (`model`, `adapter`, `mmproj`, …). Where heads differ from layer to layer, the
    largest number counts. `head_size` is that of the keys. A shard's `parameters` are those in this file.
    """

    name: str
    kind: str
    architecture: str
    parameters: int
    file_type: str
    quantisations: tuple[Quantisation, ...]
    layers: int | None
    heads: int | None
    kv_heads: int | None
    head_size: int | None
    context_length: int | None
    embedding_width: int | None
    vocabulary_size: int | None
    tokenizer: str
    licence: str
    chat_template: str
    split: Split | None


def summarize(header: Header) -> Summary:
    """The facts in `header`; a value that has another type than it should counts as none."""
    facts = Facts(header)
    quantisations = _quantisations(header.tensors)
    heads = facts.number_of_model("attention.head_count")
    width = facts.number_of_model("embedding_length")
    head_size = facts.number_of_model("attention.key_length")
    if head_size is None and heads and width:
        head_size = width // heads
    return Summary(
        name=facts.text("general.name"),
        kind=facts.text("general.type"),
        architecture=facts.architecture,
        parameters=sum(tensor.parameters for tensor in header.tensors),
        file_type=_file_type(facts, quantisations),
        quantisations=quantisations,
        layers=facts.number_of_model("block_count"),
        heads=heads,
        kv_heads=facts.number_of_model("attention.head_count_kv") or heads,
        head_size=head_size,
        context_length=facts.number_of_model("context_length"),
        embedding_width=width,
        vocabulary_size=facts.length("tokenizer.ggml.tokens") or facts.number_of_model("vocab_size"),
        tokenizer=facts.text("tokenizer.ggml.model"),
        licence=facts.text("general.license") or facts.text("general.license.name"),
        chat_template=facts.text("tokenizer.chat_template"),
        split=_split(facts),
    )


def _quantisations(tensors: tuple[TensorInfo, ...]) -> tuple[Quantisation, ...]:
    groups: defaultdict[str, list[TensorInfo]] = defaultdict(list)
    for tensor in tensors:
        groups[tensor.type_name].append(tensor)
    found = (
        Quantisation(
            type=type_name,
            tensors=len(group),
            parameters=sum(tensor.parameters for tensor in group),
            size=sum(tensor.size or 0 for tensor in group),
        )
        for type_name, group in groups.items()
    )
    return tuple(sorted(found, key=lambda group: (-group.parameters, group.type)))


def _file_type(facts: Facts, quantisations: tuple[Quantisation, ...]) -> str:
    """The name of the file's type; that of most of its parameters where it names none that is known."""
    file_type = facts.number("general.file_type")
    if file_type is not None and file_type in FILE_TYPES:
        return FILE_TYPES[file_type]
    return quantisations[0].type if quantisations else ""


def _split(facts: Facts) -> Split | None:
    number, count = facts.number("split.no"), facts.number("split.count")
    if number is None or count is None or not number < count or count < 2:
        return None
    return Split(number + 1, count, facts.number("split.tensors.count"))
