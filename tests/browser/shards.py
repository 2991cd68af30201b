"""Cuts a GGUF file into shards as llama.cpp's gguf-split does, for tests of models in several files."""

from __future__ import annotations

import struct
from pathlib import Path

from app.core.gguf.header import Header, TensorInfo
from app.core.gguf.reader import read_header

ALIGNMENT = 32
U16, I32 = 2, 5


def split(source: Path, folder: Path, count: int) -> list[Path]:
    """Write the shards of a model of less than 1 MB of header into `folder`; gives their paths in order."""
    data = source.read_bytes()
    header = read_header(source.name, len(data), data)
    kept = data[24 : header.length - sum(_length(tensor) for tensor in header.tensors)]
    share = -(-len(header.tensors) // count)
    paths = []
    for number in range(count):
        tensors = header.tensors[number * share : (number + 1) * share]
        keys = _keys(number, count, len(header.tensors))
        first = number == 0
        metadata, keys_in_all = (kept + keys, len(header.metadata) + 3) if first else (keys, 3)
        path = folder / f"{source.stem}-{number + 1:05d}-of-{count:05d}.gguf"
        path.write_bytes(_file(data, header, tensors, metadata, keys_in_all))
        paths.append(path)
    return paths


def _file(data: bytes, header: Header, tensors: tuple[TensorInfo, ...], metadata: bytes, keys: int) -> bytes:
    infos, blocks, offset = [], [], 0
    for tensor in tensors:
        size = tensor.size or 0
        start = header.data_start + tensor.offset
        infos.append(_info(tensor, offset))
        blocks.append(_padded(data[start : start + size]))
        offset += len(blocks[-1])
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), keys) + metadata + b"".join(infos)
    return _padded(head) + b"".join(blocks)


def _keys(number: int, count: int, tensors: int) -> bytes:
    split_no = _text("split.no") + struct.pack("<IH", U16, number)
    split_count = _text("split.count") + struct.pack("<IH", U16, count)
    return split_no + split_count + _text("split.tensors.count") + struct.pack("<Ii", I32, tensors)


def _info(tensor: TensorInfo, offset: int) -> bytes:
    rank = len(tensor.dimensions)
    shape = struct.pack(f"<I{rank}Q", rank, *tensor.dimensions)
    return _text(tensor.name) + shape + struct.pack("<IQ", tensor.type_id, offset)


def _length(tensor: TensorInfo) -> int:
    return len(_info(tensor, 0))


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text)) + text.encode()


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % ALIGNMENT)
