"""What a GGUF header says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from app.core.gguf.layout import TENSOR_TYPES
from app.core.problems import Problem

Scalar: TypeAlias = int | float | bool | str


@dataclass(frozen=True, slots=True)
class ArrayValue:
    """An array: its length, and no more of its elements than a person looks at.

    `element_type` is a name from `layout.VALUE_TYPES`. `preview` holds the first elements; it is empty for
    arrays of arrays, and its texts are cut to 256 bytes. `start` is where the first element begins in
    the file, in bytes.
    """

    element_type: str
    count: int
    preview: tuple[Scalar, ...]
    start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class LongText:
    """A text that is too long to be kept: its length in bytes, and its beginning."""

    length: int
    preview: str


Value: TypeAlias = Scalar | LongText | ArrayValue


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor. `offset` counts from `data_start`; `size` is in bytes, None for an unknown type."""

    name: str
    dimensions: tuple[int, ...]
    type_id: int
    offset: int
    parameters: int
    size: int | None

    @property
    def type_name(self) -> str:
        """The quantisation in llama.cpp's words; `#99` for a type that this page does not know."""
        known = TENSOR_TYPES.get(self.type_id)
        return known.name if known else f"#{self.type_id}"


@dataclass(frozen=True, slots=True)
class Header:
    """A whole header. `length` is where it ends, `data_start` where the tensors begin, both in bytes.

    `notes` are findings that do not make the file invalid: the user reads them beside the facts.
    """

    version: int
    metadata: Mapping[str, Value]
    tensors: tuple[TensorInfo, ...]
    alignment: int
    length: int
    data_start: int
    notes: tuple[Problem, ...] = ()
