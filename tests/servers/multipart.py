"""Owns reading one file out of a multipart body as it arrives, in constant memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Request
from werkzeug.sansio.multipart import Data, Epilogue, File, MultipartDecoder, NeedData

_CHUNK: Final = 64 * 1024
"""Larger reads make the decoder slower, not faster: its copies then leave the processor's cache."""
_LONGEST_HEADERS: Final = 8 * _CHUNK

Write = Callable[[bytes], None]


def receive_file(request: Request, field: str, open_file: Callable[[str], Write | None]) -> str | None:
    """Read the whole body and pass on the first file of the form field `field`.

    `open_file` is called with the file's name as the client sent it, and gives the function that takes its
    bytes, or `None` when they are not wanted. The body is read to its end in any case. Returns the file's
    name, `None` when the form has no such file. Raises `ClientDisconnected` when the client goes away,
    `RequestEntityTooLarge` over the limit.
    """
    boundary = request.mimetype_params.get("boundary")
    if request.mimetype != "multipart/form-data" or not boundary:
        _drain(request)
        return None
    decoder = MultipartDecoder(boundary.encode(), max_form_memory_size=_LONGEST_HEADERS)
    name: str | None = None
    write: Write | None = None
    try:
        while True:
            event = decoder.next_event()
            if isinstance(event, NeedData):
                decoder.receive_data(request.stream.read(_CHUNK) or None)
            elif isinstance(event, File) and event.name == field and name is None:
                name = event.filename or ""
                write = open_file(name)
            elif isinstance(event, Data):
                if write is not None and event.data:
                    write(event.data)
                if not event.more_data:
                    write = None
            elif isinstance(event, Epilogue):
                return name
    except ValueError:
        # Not the multipart form that it claims to be: the same as a form without the file.
        _drain(request)
        return None


def _drain(request: Request) -> None:
    while request.stream.read(_CHUNK):
        pass
