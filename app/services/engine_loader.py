"""The engine, holding one model at a time: the one that the next request is for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

from app.core import formats
from app.core.problems import BerthError, EngineError, Problem
from app.core.settings import Settings
from app.core.store import Cell
from app.core.tab_fit import context_for
from app.core.tab_models import EngineState, Loaded, Stage, TabModels
from app.services.model_files import ModelFile, ModelFiles
from app.services.ports import Clock, Engine, EngineFailure, HttpStream, LoadOptions, Purpose

PATIENCE = 90.0
"""Seconds without any progress after which loading is given up: a worker that the browser refuses never answers."""

_NUMBER = re.compile(r"\((\d+) tokens\)")


@dataclass(frozen=True, slots=True)
class _Held:
    """What the engine holds: a model, its files, and how they were loaded."""

    model: str
    files: ModelFile
    options: LoadOptions


class EngineLoader:
    """Loads what is asked for, and lets requests at it one after the other."""

    def __init__(
        self, cell: Cell[TabModels], settings: Cell[Settings], engine: Engine, files: ModelFiles, clock: Clock
    ) -> None:
        """Show in `cell` what the engine does, which runs as `settings` say."""
        self._cell = cell
        self._settings = settings
        self._engine = engine
        self._files = files
        self._clock = clock
        self._turn = asyncio.Lock()
        self._held: _Held | None = None

    @asynccontextmanager
    async def answer(
        self, model_id: str, purpose: Purpose, path: str, body: bytes
    ) -> AsyncIterator[HttpStream]:
        """Let a model answer; it is loaded first if it is not there. One request at a time.

        Raises:
            EngineError: the model cannot be loaded, or not answer.
            InvalidFile: its file is damaged, or too large.
        """
        async with self._turn:
            await self._ensure(model_id, purpose)
            try:
                async with self._engine.answer(path, body) as stream:
                    yield stream
            except EngineFailure as failure:
                raise EngineError(self._explained(model_id, failure)) from failure

    async def check(self, model_id: str) -> None:
        """Nothing, when a model fits into the tab.

        Raises:
            EngineError, InvalidFile: see `answer`.
        """
        self._options(model_id, await self._files.read(model_id), "chat")

    async def load(self, model_id: str) -> None:
        """Load a model for a chat, if it is not there.

        Raises:
            EngineError, InvalidFile: see `answer`.
        """
        async with self._turn:
            await self._ensure(model_id, "chat")

    async def unload(self) -> None:
        """Free the memory of the model; an answer under way comes to its end before."""
        async with self._turn:
            await self._drop()
            self._show(EngineState())

    async def _ensure(self, model_id: str, purpose: Purpose) -> None:
        try:
            model, _ = await asyncio.gather(self._files.read(model_id), self._prepare())
            options = self._options(model_id, model, purpose)
            wanted = _Held(model_id, model, options)
            if wanted == self._held:
                return
            await self._load(wanted)
        except BerthError as error:
            self._show(EngineState(Stage.FAILED, model_id, problem=error.problem))
            raise

    async def _prepare(self) -> None:
        if self._held is None:
            await self._engine.prepare()

    def _options(self, model_id: str, model: ModelFile, purpose: Purpose) -> LoadOptions:
        device, chosen = self._engine.device(), self._settings.value.engine
        return LoadOptions(
            context=context_for(model_id, model.shape, chosen.context),
            threads=device.threads_for(model.shape.weights, chosen.threads),
            gpu=chosen.gpu and device.has_gpu,
            purpose=purpose,
        )

    async def _load(self, wanted: _Held) -> None:
        self._held = None
        state = EngineState(Stage.LOADING, wanted.model)
        self._show(state)
        began = self._clock.monotonic()
        watch = _Watch(lambda share: self._show(replace(state, progress=share)))
        work = asyncio.ensure_future(self._engine.load(wanted.files.files, wanted.options, watch.heard))
        try:
            while not (await asyncio.wait({work}, timeout=PATIENCE))[0]:
                if not watch.is_moving():
                    raise EngineError(Problem.of("tab.hangs", name=wanted.model, seconds=int(PATIENCE)))
            running = work.result()
        except EngineFailure as failure:
            raise EngineError(self._explained(wanted.model, failure)) from failure
        except asyncio.CancelledError:
            self._show(EngineState())
            raise
        finally:
            if not work.done():
                work.cancel()
                with suppress(asyncio.CancelledError, EngineFailure):
                    await work
        self._held = wanted
        seconds = self._clock.monotonic() - began
        loaded = Loaded(running.context, running.threads, seconds, wanted.options.gpu)
        self._show(EngineState(Stage.READY, wanted.model, 1.0, loaded))

    async def _drop(self) -> None:
        self._held = None
        await self._engine.exit()

    def _explained(self, model_id: str, failure: EngineFailure) -> Problem:
        """Why it failed, in words; an engine that holds nothing any more is shown so."""
        if failure.kind == "overflow":
            return self._overflow(str(failure))
        problem = Problem.of(f"tab.failed.{failure.kind}", name=model_id, details=str(failure))
        if failure.kind != "refused":
            self._held = None
            self._show(EngineState(Stage.FAILED, model_id, problem=problem))
        return problem

    def _overflow(self, message: str) -> Problem:
        loaded = self._cell.value.engine.loaded
        asked = _NUMBER.search(message)
        return Problem.of(
            "tab.failed.overflow",
            tokens=formats.number(int(asked[1])) if asked else "?",
            context=formats.number(loaded.context) if loaded else "?",
            details=message,
        )

    def _show(self, state: EngineState) -> None:
        self._cell.update(lambda models: replace(models, engine=state))


class _Watch:
    """Hears how far a model is loaded, and knows whether that was lately."""

    def __init__(self, show: Callable[[float], None]) -> None:
        self._show = show
        self._heard = True
        self._shown = 0.0

    def heard(self, share: float) -> None:
        """`share` is loaded; the page is told of each hundredth."""
        self._heard = True
        if share - self._shown >= 0.01:
            self._shown = share
            self._show(min(share, 1.0))

    def is_moving(self) -> bool:
        """Whether anything was heard since this was last asked."""
        heard, self._heard = self._heard, False
        return heard
