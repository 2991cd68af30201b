"""An engine and a storage for models in memory, as the tests of the services want them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from app.core.device import Device
from app.core.http import HttpReply
from app.services.ports import (
    EngineFailure,
    KeepProgress,
    KeptModel,
    LoadOptions,
    LocalFile,
    Running,
    StoreFailure,
    Usage,
)
from tests.core.gguf_writer import Gguf, llama, weights
from tests.services.fakes import FakeFile, FakeStream, reply

WHOLE = Gguf(llama(), weights()).file()


def model_file(name: str, size: int = len(WHOLE)) -> FakeFile:
    """A real small model file, or the beginning of a larger one."""
    return FakeFile(name, size, WHOLE)


class FakeEngine:
    """The `Engine` port. `takes` is how long a model loads, in seconds; None for ever."""

    def __init__(self) -> None:
        self.loads: list[tuple[str, LoadOptions]] = []
        self.asked: list[str] = []
        self.exits = 0
        self.takes: float | None = 0.0
        self.load_failure: EngineFailure | None = None
        self.failure: EngineFailure | None = None
        self.cores = 8

    def device(self) -> Device:
        return Device(self.cores, has_threads=True)

    async def prepare(self) -> None:
        """Nothing to fetch."""

    async def load(
        self, files: Sequence[LocalFile], options: LoadOptions, progress: Callable[[float], None]
    ) -> Running:
        self.loads.append((files[0].name, options))
        progress(0.5)
        if self.takes is None:
            await asyncio.Future()
        await asyncio.sleep(self.takes or 0)
        if self.load_failure:
            raise self.load_failure
        return Running(options.context, options.threads)

    @asynccontextmanager
    async def answer(self, path: str, body: bytes) -> AsyncIterator[FakeStream]:
        self.asked.append(path)
        if self.failure:
            failure, self.failure = self.failure, None
            raise failure
        yield FakeStream(HttpReply(200, reply({}).headers, body))

    async def exit(self) -> None:
        self.exits += 1

    async def shipped(self, name: str) -> LocalFile:
        return model_file(name)


class FakeModelStore:
    """The `ModelStore` port; `failure` is raised by what is asked of it next."""

    def __init__(self) -> None:
        self.models: dict[str, KeptModel] = {}
        self.failure: StoreFailure | None = None
        self.downloads: list[tuple[tuple[str, ...], str]] = []

    async def kept(self) -> tuple[KeptModel, ...]:
        return tuple(self.models.values())

    async def keep(self, model_id: str, files: Sequence[LocalFile], progress: KeepProgress) -> KeptModel:
        return self._stored(model_id, [file.name for file in files], progress)

    async def download(
        self, model_id: str, urls: Sequence[str], sha256: str, progress: KeepProgress
    ) -> KeptModel:
        self.downloads.append((tuple(urls), sha256))
        return self._stored(model_id, [model_id], progress)

    async def files(self, model_id: str) -> tuple[LocalFile, ...]:
        if model_id not in self.models:
            raise StoreFailure("gone")
        return tuple(model_file(name) for name, _, _ in self.models[model_id].files)

    async def rename(self, model_id: str, label: str) -> None:
        self.models[model_id] = replace(self.models[model_id], label=label)

    async def delete(self, model_id: str) -> None:
        self.models.pop(model_id, None)

    def _stored(self, model_id: str, names: Sequence[str], progress: KeepProgress) -> KeptModel:
        size = len(WHOLE) * len(names)
        progress(size // 2, size, False)
        if self.failure:
            failure, self.failure = self.failure, None
            self.models[model_id] = KeptModel(model_id, model_id, size, is_whole=False, done=size // 2)
            raise failure
        files = tuple((name, len(WHOLE), "") for name in names)
        kept = self.models[model_id] = KeptModel(model_id, model_id, size, is_whole=True, files=files)
        return kept


class FakeStorageStatus:
    """The `StorageStatus` port: a browser with so much room."""

    def __init__(self, room: int = 10**9) -> None:
        self.room = room

    async def usage(self) -> Usage | None:
        return Usage(0, self.room, is_persistent=True)

    async def persist(self) -> bool:
        return True
