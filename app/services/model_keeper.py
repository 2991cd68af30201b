"""Models on their way into this browser's storage, and those that are there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from app.core import formats
from app.core.model_urls import file_name, model_urls, read_checksum
from app.core.problems import InvalidFile, InvalidInput, Problem, StorageError
from app.core.store import Cell
from app.core.tab_models import Keeping, Move, Source, TabModel, TabModels, model_name
from app.core.text import t
from app.services.model_files import ModelFiles, checked
from app.services.ports import KeptModel, LocalFile, ModelStore, StorageStatus, StoreFailure, Tabs
from app.services.tasks import Tasks

KIND = "tab-models"
"""What other tabs are told about."""


class ModelKeeper:
    """Keeps models in this browser: copies and downloads them, names and deletes them."""

    def __init__(
        self,
        cell: Cell[TabModels],
        store: ModelStore,
        files: ModelFiles,
        storage: StorageStatus,
        tabs: Tabs,
        tasks: Tasks,
        tell: Callable[[str], None],
    ) -> None:
        """Show what is kept in `cell`; `tell` shows news."""
        self._cell = cell
        self._store = store
        self._files = files
        self._storage = storage
        self._tabs = tabs
        self._tasks = tasks
        self._tell = tell
        self._moving: dict[str, asyncio.Task[None]] = {}
        tabs.listen(self._heard)

    async def load(self) -> None:
        """Read what this browser keeps, also what was interrupted."""
        kept = await self._store.kept()
        usage = await self._storage.usage()
        whole = {one.id: _model(one) for one in kept if one.is_whole}
        halves = [_interrupted(one) for one in kept if not one.is_whole and one.id not in self._moving]

        def change(models: TabModels) -> TabModels:
            others = (one for one in models.models if one.source is not Source.KEPT and one.id not in whole)
            moving = [one for one in models.keeping if one.id in self._moving]
            fresh = models.with_models((*others, *whole.values()))
            return replace(
                fresh,
                keeping=(*moving, *halves),
                used=sum(one.size if one.is_whole else one.done for one in kept),
                free=None if usage is None else max(usage.quota - usage.used, 0),
            )

        self._cell.update(change)

    def keep(self, model_id: str, files: Sequence[LocalFile]) -> None:
        """Begin to copy the files of a model into this browser, or go on with it."""
        size = sum(file.size for file in files)
        self._begin(Keeping(model_id, Move.COPYING, 0, size), self._copy(model_id, tuple(files), size))

    def download(self, url: str, sha256: str = "") -> None:
        """Begin to download a model into this browser, or go on with it. Of a shard's URL all shards are fetched.

        Raises:
            InvalidInput: the URL or the checksum cannot be one.
        """
        urls, checksum = model_urls(url), read_checksum(sha256)
        model_id = model_name(file_name(urls[0]))
        if len(urls) > 1:
            checksum = ""  # it would be that of one file only
        state = Keeping(model_id, Move.COPYING, 0, 0, url.strip())
        self._begin(state, self._fetch(model_id, urls, checksum))

    def resume(self, model_id: str) -> None:
        """Go on with what was interrupted: a download by itself, a copy if its file is still in this tab."""
        keeping = next((one for one in self._cell.value.keeping if one.id == model_id), None)
        if keeping is None:
            return
        if keeping.url:
            self.download(keeping.url)
        elif files := self._files.dropped(model_id):
            self.keep(model_id, files)
        else:
            problem = Problem.of("keep.drop_again", name=model_id)
            self._show(replace(keeping, move=Move.FAILED, problem=problem))

    def stop(self, model_id: str) -> None:
        """Stop copying or downloading; what is there stays, to go on with."""
        if model_id in self._moving:
            self._moving[model_id].cancel()

    async def rename(self, model_id: str, label: str) -> None:
        """Give a model another name for people.

        Raises:
            InvalidInput: there is nothing in it.
            StorageError: it could not be written.
        """
        name = label.strip()
        if not name:
            raise InvalidInput(Problem.of("keep.no_name"))
        await self._done(self._store.rename(model_id, name), model_id)

    async def delete(self, model_id: str) -> None:
        """Delete a model, or what there is of it.

        Raises:
            StorageError: it is in use, or the browser refuses.
        """
        self.stop(model_id)
        if task := self._moving.get(model_id):
            await asyncio.wait({task})
        await self._done(self._store.delete(model_id), model_id)
        self._files.forget(model_id)
        self._cell.update(lambda models: models.without_keeping(model_id))
        await self.load()

    def _heard(self, kind: str, _key: str) -> None:
        if kind == KIND:
            self._tasks.start(self.load())

    async def _done(self, work: Coroutine[Any, Any, None], model_id: str) -> None:
        try:
            await work
        except StoreFailure as failure:
            raise StorageError(_explained(model_id, failure)) from failure
        self._tabs.announce(KIND, model_id)
        await self.load()

    def _begin(self, keeping: Keeping, work: Coroutine[Any, Any, None]) -> None:
        if keeping.id in self._moving:
            work.close()
            return
        self._show(keeping)
        task = self._moving[keeping.id] = self._tasks.start(work)
        task.add_done_callback(lambda task: self._ended(keeping.id, task))

    def _ended(self, model_id: str, task: asyncio.Task[None]) -> None:
        del self._moving[model_id]
        keeping = next((one for one in self._cell.value.keeping if one.id == model_id), None)
        if task.cancelled() and keeping is not None:
            self._show(replace(keeping, move=Move.STOPPED))

    async def _copy(self, model_id: str, files: tuple[LocalFile, ...], size: int) -> None:
        progress = self._progress(Keeping(model_id, Move.COPYING, 0, size))
        try:
            await checked(files)
            await self._make_room(model_id, size)
            await self._store.keep(model_id, files, progress)
        except StoreFailure as failure:
            self._fail(model_id, _explained(model_id, failure))
        except (InvalidFile, StorageError) as error:
            self._fail(model_id, error.problem)
        else:
            await self._arrived(model_id)

    async def _fetch(self, model_id: str, urls: tuple[str, ...], sha256: str) -> None:
        progress = self._progress(Keeping(model_id, Move.COPYING, 0, 0, urls[0]))
        try:
            await self._store.download(model_id, urls, sha256, progress)
            await checked(await self._store.files(model_id))
        except StoreFailure as failure:
            self._fail(model_id, _explained(model_id, failure))
        except InvalidFile as error:
            await self._store.delete(model_id)  # whole as it is, it is no model
            self._fail(model_id, error.problem)
        else:
            await self._arrived(model_id)

    async def _arrived(self, model_id: str) -> None:
        self._files.moved(model_id)
        self._cell.update(lambda models: models.without_keeping(model_id))
        self._tabs.announce(KIND, model_id)
        await self.load()
        self._tell(t("keep.done", name=model_id))

    async def _make_room(self, model_id: str, size: int) -> None:
        """Nothing, when there is room for so many bytes; what is there of the model already needs none.

        Raises:
            StorageError: there is not.
        """
        await self._storage.persist()
        usage = await self._storage.usage()
        there = sum(one.done for one in await self._store.kept() if one.id == model_id)
        if usage is not None and size - there > usage.quota - usage.used:
            free = formats.size(max(usage.quota - usage.used, 0))
            raise StorageError(Problem.of("keep.no_room", name=model_id, size=formats.size(size), free=free))

    def _progress(self, keeping: Keeping) -> Callable[[int, int, bool], None]:
        def hear(done: int, size: int, is_checking: bool) -> None:
            move = Move.CHECKING if is_checking else Move.COPYING
            self._show(replace(keeping, move=move, done=done, size=size))

        return hear

    def _fail(self, model_id: str, problem: Problem) -> None:
        keeping = next((one for one in self._cell.value.keeping if one.id == model_id), None)
        if keeping is not None:
            self._show(replace(keeping, move=Move.FAILED, problem=problem))

    def _show(self, keeping: Keeping) -> None:
        self._cell.update(lambda models: models.with_keeping(keeping))


def _model(kept: KeptModel) -> TabModel:
    return TabModel(kept.id, kept.label, kept.size, Source.KEPT, max(len(kept.files), 1))


def _interrupted(kept: KeptModel) -> Keeping:
    return Keeping(kept.id, Move.STOPPED, kept.done, kept.size, kept.url)


def _explained(name: str, failure: StoreFailure) -> Problem:
    return Problem.of(f"keep.failed.{failure.kind}", name=name, details=str(failure))
