"""Files that the user drops or chooses: single ones, many, and whole folders."""

from __future__ import annotations

import js
from pyodide.ffi import JsException

from app.browser.ffi import JsValue, is_nothing, settled
from app.browser.modules import load
from app.core.problems import InvalidFile, Problem


class BrowserFile:
    """A `LocalFile`: a handle on the browser's `File`, whose bytes stay where they are."""

    __slots__ = ("js_file", "media_type", "name", "size")

    def __init__(self, js_file: JsValue) -> None:
        """Wrap a `File`."""
        self.js_file = js_file
        self.name: str = js_file.name
        self.size = int(js_file.size)
        self.media_type: str = js_file.type

    async def head(self, count: int) -> bytes:
        """See `LocalFile.head`."""
        try:
            buffer = await settled(self.js_file.slice(0, count).arrayBuffer())
        except JsException as error:
            raise InvalidFile(Problem.of("file.unreadable", name=self.name)) from error
        head: bytes = buffer.to_bytes()
        return head

    async def picture(self) -> str:
        """See `AttachableFile.picture`."""
        return str(await self._read("picture"))

    async def pdf_text(self) -> str:
        """See `AttachableFile.pdf_text`."""
        return str(await self._read("pdfText"))

    async def _read(self, how: str) -> JsValue:
        try:
            return await settled(getattr(await load("attachments"), how)(self.js_file))
        except JsException as error:
            problem = Problem.of("attachment.unreadable", name=self.name, details=str(error))
            raise InvalidFile(problem) from error


class Dropped:
    """What a drop brought. Has to be taken during the event itself: afterwards the browser has emptied it."""

    def __init__(self, event: JsValue) -> None:
        """Take the entries (files and folders) of a drop event."""
        items = list(event.dataTransfer.items)
        entries = [item.webkitGetAsEntry() for item in items if item.kind == "file"]
        self._entries = [entry for entry in entries if not is_nothing(entry)]
        self._files = [] if self._entries else list(event.dataTransfer.files)

    async def files(self) -> tuple[list[BrowserFile], int]:
        """The files, and how many were left out.

        A file that was dropped itself is always among them, so that it can be said what is wrong with it. Of a folder
        (and the folders in it) it is the GGUF files: what else lies there was not meant.
        """
        found = [BrowserFile(file) for file in self._files]
        left_out = 0
        for entry in self._entries:
            files = await _walk(entry)
            taken = files if entry.isFile else [file for file in files if file.name.lower().endswith(".gguf")]
            found.extend(taken)
            left_out += len(files) - len(taken)
        return found, left_out


def pasted(event: JsValue) -> list[BrowserFile]:
    """The files in a paste event; none when it holds text."""
    return [BrowserFile(file) for file in event.clipboardData.files]


def chosen(field: JsValue) -> list[BrowserFile]:
    """The files chosen in a file field, which is emptied so that the same file can be chosen again."""
    files = [BrowserFile(file) for file in field.files]
    field.value = ""
    return files


async def _walk(entry: JsValue) -> list[BrowserFile]:
    if entry.isFile:
        return [BrowserFile(await _called_back(entry.file.bind(entry)))]
    found: list[BrowserFile] = []
    reader = entry.createReader()
    while batch := list(await _called_back(reader.readEntries.bind(reader))):
        for child in batch:
            found.extend(await _walk(child))
    return found


async def _called_back(function: JsValue) -> JsValue:
    """Wait for a function of the file system API that takes two callbacks: for the result and for the error."""
    return await settled(js.Promise.new(function))
