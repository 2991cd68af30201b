"""Files that the user drops, picks or pastes. Their bytes stay in the browser."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol


class LocalFile(Protocol):
    """A file that the user dropped or chose. Its bytes stay in the browser."""

    name: str
    size: int

    async def head(self, count: int) -> bytes:
        """The first `count` bytes, fewer when the file is shorter.

        Raises:
            InvalidFile: it cannot be read: gone, changed, or a folder.
        """
        ...


class AttachableFile(LocalFile, Protocol):
    """A file that may go along with a message."""

    media_type: str
    """What the browser takes it for, such as "image/png"; empty when it does not know."""

    async def picture(self) -> str:
        """It as an image of at most 1,536 pixels a side, in a data URL.

        Raises:
            InvalidFile: the browser cannot decode it.
        """
        ...

    async def pdf_text(self) -> str:
        """The text of a PDF, page by page.

        Raises:
            InvalidFile: it is damaged or protected.
        """
        ...


class TextFile(Protocol):
    """A file of text, of any size; `size` is in bytes. It can be read more than once."""

    name: str
    size: int

    def texts(self) -> AsyncGenerator[tuple[str, int], None]:
        """Its text in pieces, each with the number of bytes that it was.

        Raises:
            InvalidFile: it cannot be read, or is not UTF-8.
        """
        ...


class TextSink(Protocol):
    """Takes a text that is to become a file, piece by piece."""

    def write(self, text: str) -> None:
        """Add a piece."""
        ...


class FileSink(TextSink, Protocol):
    """A text that becomes a file of the user's."""

    def save(self, name: str, media_type: str = "application/json") -> None:
        """Hand over all that was written as a file of that name."""
        ...
