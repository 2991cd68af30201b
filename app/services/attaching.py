"""Attaching files to the message that is being written."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from app.core import formats
from app.core.attachments import FILE_LIMIT, IMAGE_TYPES, PDF_TYPE, TEXT_LIMIT, Attachment, Kind, decode
from app.core.draft import Draft
from app.core.problems import BerthError, InvalidFile, Problem
from app.core.store import Cell
from app.services.ports import AttachableFile


class Attaching:
    """Reads the files that the user picks, pastes or drops on the chat."""

    def __init__(
        self,
        cell: Cell[Draft],
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        warn: Callable[[Problem], None],
    ) -> None:
        """Attach to the draft in `cell`; `start` runs a coroutine, `warn` shows why a file was not attached."""
        self._cell = cell
        self._start = start
        self._warn = warn

    def add(self, files: Sequence[AttachableFile]) -> None:
        """Attach files, in the order in which they are read."""
        for file in files:
            self._cell.update(lambda draft, name=file.name: draft.began(name))  # type: ignore[misc]
            self._start(self._add(file))

    def remove(self, attachment_id: str) -> None:
        """Take an attachment off again."""
        self._cell.update(lambda draft: draft.without(attachment_id))

    def clear(self) -> None:
        """Begin a new draft: the attachments have become part of a message."""
        self._cell.update(lambda draft: Draft(reading=draft.reading))

    async def _add(self, file: AttachableFile) -> None:
        try:
            attachment = await _read(file)
        except BerthError as error:
            self._warn(error.problem)
        else:
            self._cell.update(lambda draft: draft.attached(attachment))
        finally:
            self._cell.update(lambda draft: draft.ended(file.name))


async def _read(file: AttachableFile) -> Attachment:
    attachment_id = secrets.token_hex(8)
    if file.media_type in IMAGE_TYPES:
        _check_size(file, FILE_LIMIT)
        url = await file.picture()
        return Attachment(attachment_id, file.name, Kind.IMAGE, file.size, data_url=url)
    if file.media_type == PDF_TYPE or file.name.lower().endswith(".pdf"):
        _check_size(file, FILE_LIMIT)
        text = await file.pdf_text()
        if not text.strip():
            raise InvalidFile(Problem.of("attachment.no_pdf_text", name=file.name))
        return Attachment(attachment_id, file.name, Kind.TEXT, file.size, text)
    _check_size(file, TEXT_LIMIT)
    text = decode(file.name, await file.head(TEXT_LIMIT))
    return Attachment(attachment_id, file.name, Kind.TEXT, file.size, text)


def _check_size(file: AttachableFile, limit: int) -> None:
    if file.size > limit:
        size, most = formats.size(file.size), formats.size(limit)
        raise InvalidFile(Problem.of("attachment.too_large", name=file.name, size=size, limit=most))
