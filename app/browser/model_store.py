"""The `ModelStore` port: the browser's own file system (OPFS), by way of static/js/model-store.mjs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args
from urllib.parse import unquote, urlsplit

import js
from pyodide.ffi import JsException, create_proxy, to_js

from app.browser import modules
from app.browser.ffi import JsValue, js_object, settled
from app.browser.files import BrowserFile
from app.services.ports import KeepProgress, KeptModel, LocalFile, StoreFailure
from app.services.ports.engine import StoreFailureKind

KINDS: Mapping[str, StoreFailureKind] = {kind: kind for kind in get_args(StoreFailureKind)}


class BrowserModelStore:
    """Models in folders of their own, each with a file that says what it is."""

    async def kept(self) -> tuple[KeptModel, ...]:
        """See `ModelStore.kept`."""
        module = await modules.load("model-store")
        if not module.isThere():
            return ()
        try:
            found = json.loads(await settled(module.kept()))
        except JsException:
            return ()  # private windows of some browsers have the functions and refuse to use them
        return tuple(map(_kept, found))

    async def keep(self, model_id: str, files: Sequence[LocalFile], progress: KeepProgress) -> KeptModel:
        """See `ModelStore.keep`."""
        sources = to_js([file.js_file for file in files if isinstance(file, BrowserFile)])
        return await self._run("keep", model_id, {"label": model_id, "files": sources}, progress)

    async def download(
        self, model_id: str, urls: Sequence[str], sha256: str, progress: KeepProgress
    ) -> KeptModel:
        """See `ModelStore.download`."""
        names = [unquote(urlsplit(url).path.rpartition("/")[2]) for url in urls]
        job = {"label": model_id, "urls": to_js(list(urls)), "names": to_js(names), "checksum": sha256}
        return await self._run("download", model_id, job, progress)

    async def files(self, model_id: str) -> tuple[LocalFile, ...]:
        """See `ModelStore.files`."""
        module = await modules.load("model-store")
        try:
            files = tuple(BrowserFile(file) for file in await settled(module.files(model_id)))
        except JsException as error:
            raise StoreFailure("gone", str(error)) from error
        if not files:
            raise StoreFailure("gone")
        return files

    async def rename(self, model_id: str, label: str) -> None:
        """See `ModelStore.rename`."""
        await self._run("rename", model_id, {"label": label}, lambda _done, _size, _checking: None)

    async def delete(self, model_id: str) -> None:
        """See `ModelStore.delete`."""
        module = await modules.load("model-store")
        try:
            await settled(module.remove(model_id))
        except JsException as error:
            if error.name != "NotFoundError":
                raise StoreFailure("busy", str(error)) from error

    async def _run(
        self, verb: str, model_id: str, job: Mapping[str, Any], progress: KeepProgress
    ) -> KeptModel:
        module = await modules.load("model-store")
        if not module.isThere():
            raise StoreFailure("none")
        controller = js.AbortController.new()
        proxy = create_proxy(lambda done, size, checking: progress(int(done), int(size), bool(checking)))
        try:
            done: JsValue = module.run(verb, model_id, js_object(job), proxy, controller.signal)
            return _kept(json.loads(await settled(done)))
        except JsException as error:
            raise StoreFailure(KINDS.get(error.name, "broken"), error.message) from error
        finally:
            controller.abort()
            proxy.destroy()


def _kept(record: Mapping[str, Any]) -> KeptModel:
    files = tuple((str(name), int(size), str(checksum)) for name, size, checksum in record["files"])
    return KeptModel(
        id=str(record["id"]),
        label=str(record["label"]),
        size=int(record["size"]),
        is_whole=record["whole"] is True,
        done=int(record["done"]),
        url=str(record.get("url") or ""),
        files=files,
    )
