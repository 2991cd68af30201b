"""The cheap checks on a file, before a byte of it is sent or its header is read."""

from __future__ import annotations

from app.core.gguf.lookalikes import CONVERT, Lookalike, by_content, by_name
from app.core.problems import InvalidFile, Problem

MAGIC = b"GGUF"
VERSIONS = (2, 3)
"""The versions that llama.cpp still reads; both have the same layout."""

PREFIX_SIZE = 24
"""Bytes of the part that every file begins with: magic, version, number of tensors, number of keys."""

EXTENSION = ".gguf"
SWAP_BYTES = "python gguf-py/gguf/scripts/gguf_convert_endian.py model.gguf little"


def check_prefix(name: str, size: int, head: bytes | None) -> None:
    """Check a file that a user chose: its name, its size in bytes, and its first 24 bytes.

    `head` is None when the file could not be read, which is how browsers show a folder.

    Raises:
        InvalidFile: it is no GGUF file that llama.cpp reads; the problem names what it is instead, and the
            way out.
    """
    if head is None or (len(head) < PREFIX_SIZE <= size):
        raise InvalidFile(Problem.of("file.unreadable", name=name))
    if not name.lower().endswith(EXTENSION):
        raise InvalidFile(_wrong_extension(name, head))
    check_start(name, size, head)


def check_start(name: str, size: int, head: bytes) -> None:
    """Check the size and the first bytes alone: magic, byte order and version.

    Raises:
        InvalidFile: see `check_prefix`.
    """
    if size < PREFIX_SIZE:
        raise InvalidFile(Problem.of("file.too_small", name=name, size=size, minimum=PREFIX_SIZE))
    if head[:4] == MAGIC[::-1]:
        raise InvalidFile(Problem.of("gguf.byte_order", snippet=SWAP_BYTES, name=name))
    if head[:4] != MAGIC:
        raise InvalidFile(_problem("file.not_gguf", name, by_content(head[:PREFIX_SIZE])))
    version = int.from_bytes(head[4:8], "little")
    if version in VERSIONS:
        return
    if version and not version & 0xFFFF:
        # llama.cpp's own test: a small number whose bytes stand the other way round.
        raise InvalidFile(Problem.of("gguf.byte_order", snippet=SWAP_BYTES, name=name))
    if version == 1:
        raise InvalidFile(Problem.of("gguf.old_version", snippet=CONVERT, name=name))
    raise InvalidFile(Problem.of("gguf.unknown_version", name=name, version=version))


def _wrong_extension(name: str, head: bytes) -> Problem:
    if head.startswith(MAGIC):
        return Problem.of("file.gguf_by_another_name", name=name)
    return _problem("file.wrong_extension", name, by_name(name, head))


def _problem(key: str, name: str, lookalike: Lookalike) -> Problem:
    return Problem.of(
        key, snippet=lookalike.snippet, name=name, kind=lookalike.description, advice=lookalike.way_out
    )
