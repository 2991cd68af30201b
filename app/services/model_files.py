"""The files of the models in the tab: dropped ones, the demo model, and those that this browser keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.filenames import Shard
from app.core.fit import Shape, shape_of
from app.core.gguf.prefix import check_prefix
from app.core.gguf.reader import FIRST_READ
from app.core.problems import EngineError, InvalidFile, Problem
from app.core.store import Cell
from app.core.tab_models import DEMO_ID, Source, TabModel, TabModels, missing_shards, model_name
from app.services.model_headers import header_of
from app.services.ports import Engine, EngineFailure, LocalFile, ModelStore, StoreFailure


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model that can be loaded: its files in order, and what decides about its memory."""

    files: tuple[LocalFile, ...]
    shape: Shape


class ModelFiles:
    """Knows which files a model of the tab consists of. No file is copied, and only headers are read."""

    def __init__(self, cell: Cell[TabModels], engine: Engine, store: ModelStore) -> None:
        """List the models in `cell`."""
        self._cell = cell
        self._engine = engine
        self._store = store
        self._dropped: dict[str, tuple[LocalFile, ...]] = {}
        self._read: dict[str, ModelFile] = {}

    async def take(self, files: Sequence[LocalFile]) -> tuple[TabModel, ...]:
        """Take files that the user chose as models of the tab: shards of one model are one.

        Shards may come one by one: those that came before are remembered.

        Raises:
            InvalidFile: one is no model, or shards are missing; the others are taken.
        """
        taken: list[TabModel] = []
        failure: InvalidFile | None = None
        for model_id, group in groups(files).items():
            try:
                taken.append(await self._take(model_id, group))
            except InvalidFile as error:
                failure = failure or error
        if failure is not None and not taken:
            raise failure
        return tuple(taken)

    async def read(self, model_id: str) -> ModelFile:
        """The files of a model, with their headers checked.

        Raises:
            EngineError: they are not here any more.
            InvalidFile: they are no model.
        """
        known = self._read.get(model_id)
        if known is None:
            known = self._read[model_id] = await checked(await self._files(model_id))
        return known

    def forget(self, model_id: str) -> None:
        """Let go of a model's files."""
        self._dropped.pop(model_id, None)
        self._read.pop(model_id, None)
        self._cell.update(lambda models: models.without_model(model_id))

    def dropped(self, model_id: str) -> tuple[LocalFile, ...]:
        """The files of a model that was dropped; none of any other."""
        return self._dropped.get(model_id, ())

    def moved(self, model_id: str) -> None:
        """A model lies in this browser now: its dropped files are not needed any more."""
        self._dropped.pop(model_id, None)
        self._read.pop(model_id, None)

    async def _take(self, model_id: str, group: tuple[LocalFile, ...]) -> TabModel:
        there = {file.name: file for file in (*self._dropped.get(model_id, ()), *group)}
        files = tuple(there[name] for name in sorted(there))
        for file in group:
            check_prefix(file.name, file.size, await file.head(FIRST_READ))
        size = sum(file.size for file in files)
        model = TabModel(model_id, model_id, size, Source.FILE, len(files))
        self._dropped[model_id] = files
        if missing := missing_shards(there):
            problem = Problem.of("tab.shards", name=model_id, missing=", ".join(missing))
            self._show(replace(model, problem=problem))
            raise InvalidFile(problem)
        self._read[model_id] = await checked(files)
        self._show(model)
        return model

    def _show(self, model: TabModel) -> None:
        kept = self._cell.value.get(model.id)
        if kept is None or kept.source is not Source.KEPT:
            self._cell.update(lambda models: models.with_model(model))

    async def _files(self, model_id: str) -> tuple[LocalFile, ...]:
        if files := self._dropped.get(model_id):
            return files
        try:
            if model_id == DEMO_ID:
                return (await self._engine.shipped(DEMO_ID),)
            return await self._store.files(model_id)
        except EngineFailure as failure:
            raise EngineError(Problem.of("tab.no_demo", details=str(failure))) from failure
        except StoreFailure as failure:
            raise EngineError(Problem.of("tab.gone", name=model_id, details=str(failure))) from failure


def groups(files: Sequence[LocalFile]) -> dict[str, tuple[LocalFile, ...]]:
    """Files by the model that they belong to, shards in order."""
    found: defaultdict[str, list[LocalFile]] = defaultdict(list)
    for file in files:
        found[model_name(file.name)].append(file)
    return {
        name: tuple(sorted(group, key=lambda file: file.name))
        if Shard.parse(group[0].name)
        else tuple(group[-1:])
        for name, group in found.items()
    }


async def checked(files: tuple[LocalFile, ...]) -> ModelFile:
    """The files as a model: the header of each is read, because llama.cpp takes damaged ones without a word.

    Raises:
        InvalidFile: one is damaged, or shards are missing.
    """
    if missing := missing_shards(file.name for file in files):
        raise InvalidFile(
            Problem.of("tab.shards", name=model_name(files[0].name), missing=", ".join(missing))
        )
    headers = [await header_of(file) for file in files]
    if not any(header.tensors for header in headers):
        raise InvalidFile(Problem.of("gguf.no_tensors"))
    whole = replace(shape_of(headers[0]), weights=sum(file.size for file in files))
    return ModelFile(files, whole)
