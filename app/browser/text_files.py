"""Files of text, read and made piece by piece: the `TextFile` and `TextSink` ports."""

from __future__ import annotations

import codecs
from collections.abc import AsyncGenerator

import js
from pyodide.ffi import JsException

from app.browser.ffi import JsValue, js_object, settled
from app.core.problems import InvalidFile, Problem

PIECE = 1 << 20
"""Bytes read at a time."""


class BrowserTextFile:
    """A `File` of which never more than a piece is in memory."""

    def __init__(self, handle: JsValue) -> None:
        """`handle` is the JavaScript `File`."""
        self._handle = handle
        self.name: str = handle.name
        self.size = int(handle.size)

    async def texts(self) -> AsyncGenerator[tuple[str, int], None]:
        """See `TextFile.texts`; a mark of the byte order at its begin is no part of the text."""
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            for start in range(0, self.size, PIECE):
                end = min(start + PIECE, self.size)
                buffer = await settled(self._handle.slice(start, end).arrayBuffer())
                yield decoder.decode(buffer.to_bytes(), final=end == self.size), end - start
        except (JsException, UnicodeDecodeError) as error:
            raise InvalidFile(Problem.of("exchange.not_json", name=self.name, details=str(error))) from None


class BrowserTextSink:
    """Gathers pieces in JavaScript, outside of Python's memory, and hands them to the user as a file."""

    def __init__(self) -> None:
        """Empty."""
        self._pieces = js.Array.new()

    def write(self, text: str) -> None:
        """See `TextSink.write`."""
        self._pieces.push(text)

    def save(self, name: str, media_type: str = "application/json") -> None:
        """Let the browser save all that was written as a file of that name."""
        blob = js.Blob.new(self._pieces, js_object({"type": media_type}))
        address = js.URL.createObjectURL(blob)
        link = js.document.createElement("a")
        link.href = address
        link.download = name
        link.click()
        js.setTimeout(js.URL.revokeObjectURL.bind(js.URL), 60_000, address)
        self._pieces = js.Array.new()
