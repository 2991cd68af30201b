"""Owns an upload: the order of its checks, and that a model appears in the folder whole or not at all.

The order is that of the API: is there a part ``file``, has it a name, is its extension allowed, is the name
free; and only then is it saved. The body is received to its end in any case; bytes that nobody wants are not
written.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from flask import Request

from tests.servers.faults import Faults
from tests.servers.models_folder import SUFFIX, ModelFile, ModelsFolder, PartFile
from tests.servers.multipart import Write, receive_file

FIELD = "file"


class UploadRefusedError(Exception):
    """The upload is not stored: the text and the status of the answer."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


def receive(
    request: Request, folder: ModelsFolder, rename: Callable[[str], str], faults: Faults
) -> tuple[str, ModelFile]:
    """Store the file of this request; the name that `rename` made of the client's, and the stored model.

    Raises `UploadRefusedError`, and whatever reading the body raises.
    """
    with _Incoming(folder, rename, faults) as incoming:
        if receive_file(request, FIELD, incoming.open) is None:
            raise UploadRefusedError("No file part in the request", 400)
        return incoming.store()


class _Incoming:
    """A file on its way in."""

    def __init__(self, folder: ModelsFolder, rename: Callable[[str], str], faults: Faults) -> None:
        self._folder = folder
        self._rename = rename
        self._faults = faults
        self._name = ""
        self._part: PartFile | None = None
        self._refusal: UploadRefusedError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._part is None:
            return
        if error is not None and self._faults.flag("keep-partial"):
            self._part.finish()
            self._folder.keep(self._part, self._name)
        self._part.discard()

    def open(self, sent_name: str) -> Write | None:
        """Decide on the name of the file; gives what takes its bytes when they are wanted."""
        self._refusal = self._objection(sent_name)
        if self._refusal is not None:
            return None
        self._name = self._rename(sent_name)
        try:
            self._part = PartFile(self._folder.path, self._faults.integer("disk-full"))
        except OSError as error:
            self._refusal = _not_saved(error)
            return None
        return self._write

    def store(self) -> tuple[str, ModelFile]:
        """Give the complete file its name."""
        if self._refusal is not None:
            raise self._refusal
        assert self._part is not None
        try:
            self._part.finish()
            with self._folder.storing:
                if self._is_taken(self._name):
                    raise UploadRefusedError("File already exists", 409)
                return self._name, self._folder.keep(self._part, self._name)
        except OSError as error:
            raise _not_saved(error) from error

    def _write(self, data: bytes) -> None:
        assert self._part is not None
        if self._refusal is None:
            try:
                self._part.write(data)
            except OSError as error:
                self._refusal = _not_saved(error)

    def _objection(self, sent_name: str) -> UploadRefusedError | None:
        if not sent_name:
            return UploadRefusedError("No file selected", 400)
        if not sent_name.lower().endswith(SUFFIX):
            return UploadRefusedError("Invalid file type. Only gguf files are allowed", 400)
        if self._is_taken(self._rename(sent_name)):
            return UploadRefusedError("File already exists", 409)
        return None

    def _is_taken(self, name: str) -> bool:
        return any(model.name == name for model in self._folder.list())


def _not_saved(error: OSError) -> UploadRefusedError:
    return UploadRefusedError(f"Failed to save file: {error}", 500)
