"""Reading a GGUF header from the first bytes of a file, which may be truncated, corrupt or hostile.

Every count and length is held against the bytes at hand before anything is made of it, and what a header may
make this page keep is bounded, so that no file can hang the page or fill its memory.
"""

from __future__ import annotations

import struct
from math import prod
from types import MappingProxyType

from app.core.gguf.cursor import FIRST_READ, Cursor, NeedMore
from app.core.gguf.header import ArrayValue, Header, LongText, Scalar, TensorInfo, Value
from app.core.gguf.layout import ARRAY, DEFAULT_ALIGNMENT, STRING, TENSOR_TYPES, VALUE_TYPES
from app.core.gguf.prefix import check_start
from app.core.gguf.string_arrays import StringArrays
from app.core.gguf.tensors import check_tensors
from app.core.problems import InvalidFile, Problem

__all__ = ["FIRST_READ", "NeedMore", "read_header"]

MAX_KEYS = 65_536
MAX_TENSORS = 16_384
"""The largest models known have a few thousand."""

MAX_KEY = 65_535
"""The specification's limit for the length of a key."""

MAX_TENSOR_NAME = 256
"""llama.cpp takes 64 bytes, and programs built on the same library up to 128."""

MAX_DIMENSIONS = 4
"""`GGML_MAX_DIMS` of llama.cpp."""

MAX_DEPTH = 3
MAX_NESTED = 4_096
"""Arrays within arrays: the format allows them, no known file has them."""

PREVIEW_NUMBERS = 256
PREVIEW_TEXTS = 32
PREVIEW_TEXT = 256

_SMALLEST_KEY = 8 + 1 + 4 + 1
_SMALLEST_TENSOR = 8 + 1 + 4 + 4 + 8
_INFO = tuple(struct.Struct(f"<{count}QIQ") for count in range(MAX_DIMENSIONS + 1))
_NUMBERS = {type_id: struct.Struct(f"<{code}") for type_id, (_, code) in VALUE_TYPES.items() if code}


def read_header(name: str, size: int, head: bytes) -> Header:
    """Read the header of the file `name` of `size` bytes; `head` holds the first `FIRST_READ` or more.

    Raises:
        NeedMore: the header is longer than `head`; try again with as many bytes as it asks for.
        InvalidFile: not GGUF, wrong byte order or version, corrupt, or cut off.
    """
    check_start(name, size, head)
    reader = _Reader(name, size, head, jump=True)
    try:
        return reader.read()
    except InvalidFile:
        if not reader.jumped:
            raise
    return _Reader(name, size, head, jump=False).read()


class _Reader:
    """One pass over one header."""

    def __init__(self, name: str, size: int, head: bytes, jump: bool) -> None:
        self.cursor = Cursor(name, size, head)
        self.strings = StringArrays(self.cursor, jump)
        self.texts_left = 2 * 1024 * 1024
        self.previews_left = 8_192
        self.nested_left = MAX_NESTED

    @property
    def jumped(self) -> bool:
        return self.strings.jumped

    def read(self) -> Header:
        cursor = self.cursor
        cursor.take(4)
        version = cursor.u32()
        tensor_count = cursor.count(0, MAX_TENSORS)
        key_count = cursor.count(0, MAX_KEYS)
        metadata = self._metadata(key_count)
        alignment = self._alignment(metadata)
        tensors = self._tensors(tensor_count)
        length = cursor.position
        data_start = -(-length // alignment) * alignment
        check_tensors(cursor, tensors, alignment, data_start)
        return Header(
            version,
            MappingProxyType(metadata),
            tensors,
            alignment,
            length,
            data_start,
            self._notes(metadata, tensors),
        )

    def _metadata(self, count: int) -> dict[str, Value]:
        cursor = self.cursor
        cursor.expect(count * _SMALLEST_KEY)
        metadata: dict[str, Value] = {}
        for left in range(count - 1, -1, -1):
            at = cursor.position
            key = cursor.text(MAX_KEY)
            if key in metadata:
                cursor.corrupt("duplicate_key", at, key=key[:80])
            metadata[key] = value = self._value(self._value_type(), key_follows=left > 0)
            if key == "general.architecture" and isinstance(value, str) and 0 < len(value) <= 64:
                self.strings.expect(value)
        return metadata

    def _value_type(self) -> int:
        at = self.cursor.position
        type_id = self.cursor.u32()
        if type_id not in VALUE_TYPES:
            self.cursor.corrupt("value_type", at, type_id=type_id)
        return type_id

    def _value(self, type_id: int, key_follows: bool) -> Value:
        if type_id == STRING:
            return self._text()
        if type_id == ARRAY:
            return self._array(1, key_follows)
        return self._number(type_id)

    def _number(self, type_id: int) -> Scalar:
        layout = _NUMBERS[type_id]
        value: Scalar = layout.unpack_from(self.cursor.data, self.cursor.take(layout.size))[0]
        return value

    def _text(self) -> str | LongText:
        length = self.cursor.count(1)
        start = self.cursor.take(length)
        if length > self.texts_left:
            return LongText(length, self._cut(start, length))
        self.texts_left -= length
        return self.cursor.data[start : start + length].decode(errors="replace")

    def _cut(self, start: int, length: int) -> str:
        return self.cursor.data[start : start + min(length, PREVIEW_TEXT)].decode(errors="replace")

    def _array(self, depth: int, key_follows: bool) -> ArrayValue:
        cursor = self.cursor
        at = cursor.position
        if depth > 1:
            self.nested_left -= 1
        if depth > MAX_DEPTH or self.nested_left < 0:
            cursor.corrupt("nesting", at)
        type_id = self._value_type()
        if type_id == STRING:
            return self._strings(key_follows)
        if type_id == ARRAY:
            count = cursor.count(4 + 8)
            for _ in range(count):
                self._array(depth + 1, key_follows=False)
            return ArrayValue("array", count, ())
        return self._numbers(type_id)

    def _numbers(self, type_id: int) -> ArrayValue:
        type_name, code = VALUE_TYPES[type_id]
        width = _NUMBERS[type_id].size
        count = self.cursor.count(width)
        start = self.cursor.take(count * width)
        shown = self._previewed(count, PREVIEW_NUMBERS)
        preview = struct.unpack_from(f"<{shown}{code}", self.cursor.data, start)
        return ArrayValue(type_name, count, preview, start)

    def _strings(self, key_follows: bool) -> ArrayValue:
        count = self.cursor.count(8)
        begin = self.cursor.position
        shown = self._previewed(count, PREVIEW_TEXTS)
        preview = []
        for _ in range(shown):
            length = self.cursor.count(1)
            preview.append(self._cut(self.cursor.take(length), length))
        self.strings.skip(count - shown, key_follows)
        return ArrayValue("string", count, tuple(preview), begin)

    def _previewed(self, count: int, limit: int) -> int:
        shown = min(count, limit, self.previews_left)
        self.previews_left -= shown
        return shown

    def _alignment(self, metadata: dict[str, Value]) -> int:
        alignment = metadata.get("general.alignment", DEFAULT_ALIGNMENT)
        if not isinstance(alignment, int) or alignment <= 0 or alignment & (alignment - 1):
            self.cursor.corrupt("alignment", self.cursor.position, alignment=str(alignment)[:40])
        return int(alignment)

    def _tensors(self, count: int) -> tuple[TensorInfo, ...]:
        self.cursor.expect(count * _SMALLEST_TENSOR)
        tensors: dict[str, TensorInfo] = {}
        for _ in range(count):
            at = self.cursor.position
            tensor = self._tensor()
            if tensor.name in tensors:
                self.cursor.corrupt("duplicate_tensor", at, tensor=tensor.name)
            tensors[tensor.name] = tensor
        return tuple(tensors.values())

    def _tensor(self) -> TensorInfo:
        cursor = self.cursor
        name = cursor.text(MAX_TENSOR_NAME)
        at = cursor.position
        rank = cursor.u32()
        if rank > MAX_DIMENSIONS:
            cursor.corrupt("dimensions", at, tensor=name, count=rank)
        info = _INFO[rank]
        *dimensions, type_id, offset = info.unpack_from(cursor.data, cursor.take(info.size))
        parameters = prod(dimensions)
        packing = TENSOR_TYPES.get(type_id)
        if parameters >= 2**63 or (packing and dimensions and dimensions[0] % packing.block):
            cursor.corrupt("shape", at, tensor=name)
        size = -(-parameters // packing.block) * packing.bytes if packing else None
        return TensorInfo(name, tuple(dimensions), type_id, offset, parameters, size)

    def _notes(self, metadata: dict[str, Value], tensors: tuple[TensorInfo, ...]) -> tuple[Problem, ...]:
        notes = []
        unknown = sorted({tensor.type_name for tensor in tensors if tensor.size is None})
        if unknown:
            notes.append(Problem.of("gguf.unknown_types", types=", ".join(unknown[:8])))
        if not tensors and "split.count" not in metadata:
            notes.append(Problem.of("gguf.no_tensors"))
        return tuple(notes)
