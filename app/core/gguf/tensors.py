"""Checking that the tensors of a header lie where they can: aligned, side by side, and within the file."""

from __future__ import annotations

from app.core import formats
from app.core.gguf.cursor import Cursor
from app.core.gguf.header import TensorInfo
from app.core.problems import InvalidFile, Problem


def check_tensors(cursor: Cursor, tensors: tuple[TensorInfo, ...], alignment: int, data_start: int) -> None:
    """Check the places of `tensors`; of a tensor of unknown type only where it begins.

    Raises:
        InvalidFile: an offset that is not aligned, two tensors in one place, or an end beyond the end of the
            file.
    """
    end = 0
    for tensor in sorted(tensors, key=lambda tensor: tensor.offset):
        if tensor.offset % alignment:
            cursor.corrupt("offset", cursor.position, tensor=tensor.name, alignment=alignment)
        if tensor.offset < end:
            cursor.corrupt("overlap", cursor.position, tensor=tensor.name)
        end = tensor.offset + (tensor.size or 0)
    missing = data_start + end - cursor.size if tensors else 0
    if missing > 0:
        raise InvalidFile(
            Problem.of(
                "gguf.incomplete",
                name=cursor.name,
                size=formats.size(cursor.size),
                expected=formats.size(data_start + end),
                missing=formats.size(missing),
            )
        )
