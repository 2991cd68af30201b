"""llama.cpp in the tab, and the place where this browser keeps model files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from app.core.device import Device
from app.services.ports.files import LocalFile
from app.services.ports.network import HttpStream

Purpose = Literal["chat", "embed", "rerank"]
"""What a model is loaded for: llama.cpp does one of these at a time."""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How to load a model: the context in tokens, the number of threads, and whether the GPU is used."""

    context: int
    threads: int
    gpu: bool = False
    purpose: Purpose = "chat"


@dataclass(frozen=True, slots=True)
class Running:
    """How a model was loaded, which may be less than was asked for."""

    context: int
    threads: int


FailureKind = Literal["start", "load", "memory", "crash", "overflow", "refused"]


class EngineFailure(Exception):
    """The engine failed. `kind` says where, the text is llama.cpp's own.

    start: the engine itself could not be started. load: the file was not accepted. memory: not enough of it.
    crash: it broke down while answering. overflow: the prompt is longer than the context. refused: it does not do what
    was asked.
    """

    def __init__(self, kind: FailureKind, message: str) -> None:
        """Keep the kind."""
        super().__init__(message)
        self.kind = kind


class Engine(Protocol):
    """One llama.cpp with at most one model, started when it is first used. Nothing it does freezes the page."""

    def device(self) -> Device:
        """What this browser and its device give it."""
        ...

    async def prepare(self) -> None:
        """Begin to fetch what the engine consists of, ahead of `load`; a failure is told by that."""
        ...

    async def load(
        self, files: Sequence[LocalFile], options: LoadOptions, progress: Callable[[float], None]
    ) -> Running:
        """Load a model from its files, in place of the one before; `progress` hears how far it is, from 0 to 1.

        The bytes are read where they lie. Cancelling the task ends the engine with whatever it holds.

        Raises:
            EngineFailure: it could not be loaded; the engine holds nothing.
        """
        ...

    def answer(self, path: str, body: bytes) -> AbstractAsyncContextManager[HttpStream]:
        """Let the loaded model answer a request in OpenAI's form, as its server would: POST of `body` to `path`.

        Leaving the context ends the answer.

        Raises:
            EngineFailure: on entering; after "crash" and "memory" the engine holds nothing.
        """
        ...

    async def exit(self) -> None:
        """Free everything; the next `load` begins anew."""
        ...

    async def shipped(self, name: str) -> LocalFile:
        """A model file that ships with the page.

        Raises:
            EngineFailure: it cannot be had ("load").
        """
        ...


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A model in this browser's storage. `files` are its files' names in order, with sizes and SHA-256 in hex.

    One that is not `is_whole` was interrupted: `done` bytes of it are there.
    """

    id: str
    label: str
    size: int
    is_whole: bool
    done: int = 0
    url: str = ""
    files: tuple[tuple[str, int, str], ...] = ()


KeepProgress = Callable[[int, int, bool], None]
"""Called with the bytes done, those in all (0 while unknown), and whether they are being checked now."""


class ModelStore(Protocol):
    """Model files in this browser's own file system. Bytes never enter Python.

    What is written survives an interruption, and the next attempt goes on from there.
    """

    async def kept(self) -> tuple[KeptModel, ...]:
        """What is there, also unfinished; nothing when the browser has no such storage."""
        ...

    async def keep(self, model_id: str, files: Sequence[LocalFile], progress: KeepProgress) -> KeptModel:
        """Copy files, in their order, and check what was written. Cancelling the task stops it; the part stays.

        Raises:
            StoreFailure: it is not, or not wholly, there.
        """
        ...

    async def download(
        self, model_id: str, urls: Sequence[str], sha256: str, progress: KeepProgress
    ) -> KeptModel:
        """The same from URLs; a part that is there is continued. `sha256` is that of one file, or "" if unknown.

        Raises:
            StoreFailure: it is not, or not wholly, there.
        """
        ...

    async def files(self, model_id: str) -> tuple[LocalFile, ...]:
        """The files of a model.

        Raises:
            StoreFailure: they are gone ("gone").
        """
        ...

    async def rename(self, model_id: str, label: str) -> None:
        """Give a model another name for people; its id stays.

        Raises:
            StoreFailure: it could not be written.
        """
        ...

    async def delete(self, model_id: str) -> None:
        """Delete a model, or what there is of it.

        Raises:
            StoreFailure: it is in use in another tab ("busy").
        """
        ...


StoreFailureKind = Literal[
    "none",
    "quota",
    "busy",
    "gone",
    "differs",
    "checksum",
    "cut",
    "unreachable",
    "refused",
    "source",
    "broken",
]


class StoreFailure(Exception):
    """A model could not be kept.

    none: the browser has no such storage. quota: no room. busy: another tab has the file. gone: it is not there.
    differs: what was written is not what was read. checksum: it is not the file that was expected. cut: the download
    broke off. unreachable: it never began: no such server, or one that does not allow this page. refused: the server's
    answer is no file. source: the file cannot be read any more. broken: anything else.
    """

    def __init__(self, kind: StoreFailureKind, message: str = "") -> None:
        """Keep the kind."""
        super().__init__(message)
        self.kind = kind
