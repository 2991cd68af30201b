"""Models in the tab, wired: their files, the engine that runs them, and what this browser keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.core.connections import Connection, ModelRef
from app.core.problems import BerthError, Problem
from app.core.settings import Settings
from app.core.state import State
from app.core.store import Store
from app.core.tab_models import DEMO, DEMO_ID, TAB_ID, TabModels, tab_connection
from app.core.text import t
from app.services.engine_loader import EngineLoader
from app.services.model_files import ModelFiles
from app.services.model_keeper import ModelKeeper
from app.services.ports import Clock, Engine, LocalFile, ModelStore, StorageStatus, Tabs
from app.services.tasks import Tasks


class EngineRoom:
    """What the user can do with models in the tab. `connection` is how the gateway finds them."""

    def __init__(
        self,
        store: Store[State],
        engine: Engine,
        model_store: ModelStore,
        storage: StorageStatus,
        clock: Clock,
        tabs: Tabs,
        tasks: Tasks,
        tell: Callable[[str], None],
        warn: Callable[[Problem], None],
    ) -> None:
        """`tell` shows news, `warn` problems."""
        self._cell = store.cell("tab_models", TabModels)
        self._settings = store.cell("settings", Settings)
        self._tasks = tasks
        self._warn = warn
        self.files = ModelFiles(self._cell, engine, model_store)
        self.loader = EngineLoader(self._cell, self._settings, engine, self.files, clock)
        self.keeper = ModelKeeper(self._cell, model_store, self.files, storage, tabs, tasks, tell)
        self.device = engine.device

    @property
    def connection(self) -> Connection:
        """The connection to the engine, which is always there."""
        return tab_connection(t("tab.name"))

    async def start(self) -> None:
        """Read what this browser keeps; the demo model is listed if it was chosen before. The engine stays off."""
        if self._settings.value.model == DEMO.ref:
            self._cell.update(lambda models: models.with_model(DEMO))
        await self.keeper.load()

    def try_demo(self) -> ModelRef:
        """Choose the demo model, and begin to load it, so that the first answer comes quickly."""
        self._cell.update(lambda models: models.with_model(DEMO))
        return self.choose(DEMO_ID)

    async def run(self, files: Sequence[LocalFile]) -> ModelRef:
        """Take files as models of the tab, where they lie, and choose the first one; it is loaded in the background.

        Raises:
            InvalidFile: none is a model that can run: no GGUF, damaged, too large, or shards are missing.
        """
        taken = await self.files.take(files)
        await self.loader.check(taken[0].id)
        return self.choose(taken[0].id)

    def choose(self, model_id: str) -> ModelRef:
        """Choose a model of the tab for the chat, and load it in the background."""
        ref = ModelRef(TAB_ID, model_id)
        self._settings.update(lambda settings: settings.with_model(ref))
        self._tasks.start(self.warm(model_id))
        return ref

    async def warm(self, model_id: str) -> None:
        """Load a model ahead of the first question. A failure is shown as a notice."""
        try:
            await self.loader.load(model_id)
        except BerthError as error:
            self._warn(error.problem)

    async def keep(self, files: Sequence[LocalFile]) -> None:
        """Take files as models of the tab, and copy them into this browser in the background.

        Raises:
            InvalidFile: none is a model.
        """
        for model in await self.files.take(files):
            self.keeper.keep(model.id, self.files.dropped(model.id))

    def keep_dropped(self, model_id: str) -> None:
        """Copy a model that was dropped into this browser, in the background."""
        self.keeper.keep(model_id, self.files.dropped(model_id))

    def remove(self, model_id: str) -> None:
        """Take a model that was dropped, or the demo model, off the list; no file is touched."""
        self.files.forget(model_id)
        self._unchoose(model_id)

    async def delete(self, model_id: str) -> None:
        """Delete a model that this browser keeps.

        Raises:
            StorageError: it is in use, or the browser refuses.
        """
        if self._cell.value.engine.model == model_id:
            await self.loader.unload()
        await self.keeper.delete(model_id)
        self._unchoose(model_id)

    def _unchoose(self, model_id: str) -> None:
        gone = ModelRef(TAB_ID, model_id)
        self._settings.update(
            lambda settings: settings.with_model(None) if settings.model == gone else settings
        )
