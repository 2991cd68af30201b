"""The `Engine` port: llama.cpp in WebAssembly, in a worker, by way of static/js/engine.mjs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing, suppress
from functools import partial

import js
from pyodide.ffi import JsException, create_proxy, to_js

from app.browser import modules
from app.browser.ffi import JsValue, is_nothing, js_object, settled
from app.browser.files import BrowserFile
from app.browser.stream import BrowserStream
from app.core.device import Device
from app.core.fit import GIB
from app.core.http import HttpReply
from app.services.ports import EngineFailure, LoadOptions, LocalFile, Running
from app.services.ports.engine import FailureKind

_MEMORY = re.compile(r"memory|alloc|failed to create context|Array buffer|RangeError", re.IGNORECASE)
_START = re.compile(r"files could not be loaded|wasm|CompileError|LinkError|Failed to fetch", re.IGNORECASE)
_OVERFLOW = re.compile(r"exceeds? the available context size", re.IGNORECASE)
_CRASH = re.compile(
    r"\(ABORT\)|crashed|unreachable|RuntimeError|was ended|holds no model|not yet called", re.IGNORECASE
)


class BrowserEngine:
    """One engine of this tab. Its code is fetched when it is first used."""

    def device(self) -> Device:
        """See `Engine.device`."""
        here = js.navigator
        memory = getattr(here, "deviceMemory", None)  # in GiB, rounded down; Chromium alone has it
        return Device(
            cores=int(getattr(here, "hardwareConcurrency", 1) or 1),
            has_threads=bool(js.crossOriginIsolated),
            has_gpu=not is_nothing(getattr(here, "gpu", None)),
            memory=None if memory is None else int(memory * GIB),
        )

    async def prepare(self) -> None:
        """See `Engine.prepare`."""
        with suppress(JsException, EngineFailure):
            await settled((await self._module()).prepare())

    async def load(
        self, files: Sequence[LocalFile], options: LoadOptions, progress: Callable[[float], None]
    ) -> Running:
        """See `Engine.load`."""
        module = await self._module()
        proxy = create_proxy(progress)
        wanted = js_object(
            {
                "files": to_js([file.js_file for file in files if isinstance(file, BrowserFile)]),
                "context": options.context,
                "threads": options.threads,
                "gpu": options.gpu,
                "purpose": options.purpose,
            }
        )
        is_done = False
        try:
            loaded = await settled(module.load(wanted, proxy))
            is_done = True
        except JsException as error:
            raise _load_failure(_said(error)) from error
        finally:
            if not is_done:
                module.exit()
            proxy.destroy()
        return Running(int(loaded.context), int(loaded.threads))

    @asynccontextmanager
    async def answer(self, path: str, body: bytes) -> AsyncIterator[BrowserStream]:
        """See `Engine.answer`."""
        module, pump = await self._module(), await modules.load("pump")
        controller = js.AbortController.new()
        try:
            try:
                response = await settled(module.answer(path, body.decode(), controller.signal))
            except JsException as error:
                failure = _failure(_said(error))
                if failure.kind in {"crash", "memory"}:
                    module.exit()
                raise failure from error
            head = HttpReply(200, {"content-type": response.type})
            begin = partial(pump.pump, response.body)
            with closing(BrowserStream(head, begin, f"POST {path}", None, None)) as stream:
                yield stream
        finally:
            controller.abort()

    async def exit(self) -> None:
        """See `Engine.exit`."""
        (await self._module()).exit()

    async def shipped(self, name: str) -> LocalFile:
        """See `Engine.shipped`."""
        try:
            return BrowserFile(await settled((await self._module()).shipped(name)))
        except JsException as error:
            raise EngineFailure("load", _said(error)) from error

    async def _module(self) -> JsValue:
        try:
            return await modules.load("engine")
        except JsException as error:
            raise EngineFailure("start", str(error)) from error


def _said(error: JsException) -> str:
    return str(getattr(error, "message", "") or error)


def _load_failure(message: str) -> EngineFailure:
    if _START.search(message):
        return EngineFailure("start", message)
    return EngineFailure("memory" if _MEMORY.search(message) else "load", message)


def _failure(message: str) -> EngineFailure:
    kind: FailureKind = "refused"
    if _OVERFLOW.search(message):
        kind = "overflow"
    elif _CRASH.search(message):
        kind = "crash"
    elif _MEMORY.search(message):
        kind = "memory"
    return EngineFailure(kind, message)
