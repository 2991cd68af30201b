"""Reading the header of a model's file: as much of the file as that takes, and no more."""

from __future__ import annotations

from app.core.gguf.header import Header
from app.core.gguf.reader import FIRST_READ, NeedMore, read_header
from app.core.problems import InvalidFile, Problem
from app.services.ports import LocalFile


async def header_of(file: LocalFile) -> Header:
    """The header of a file.

    Raises:
        InvalidFile: it cannot be read, is no GGUF file, or has no header that can be trusted.
    """
    wanted = FIRST_READ
    while True:
        head = await file.head(wanted)
        if len(head) < min(wanted, file.size):
            raise InvalidFile(Problem.of("file.unreadable", name=file.name))
        try:
            return read_header(file.name, file.size, head)
        except NeedMore as more:
            wanted = more.size
