"""The `Uploader` port over XMLHttpRequest: the only way that shows an upload's progress without reading the file."""

from __future__ import annotations

import asyncio

import js

from app.browser.ffi import JsValue, Listeners
from app.browser.files import BrowserFile
from app.core.http import FileRequest, HttpFailure, HttpReply
from app.services.ports import LocalFile, UploadProgress


class BrowserUploader:
    """Hands the browser's own `File` to XMLHttpRequest: no byte of it enters Python, whatever its size."""

    async def upload(self, request: FileRequest, file: LocalFile, progress: UploadProgress) -> HttpReply:
        """See `Uploader.upload`."""
        if not isinstance(file, BrowserFile):
            raise TypeError("only files of this page can be uploaded")
        xhr = js.XMLHttpRequest.new()
        ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        moved = 0

        def on_progress(event: JsValue) -> None:
            nonlocal moved
            moved = int(event.loaded)
            progress(moved, False)

        def on_sent(event: JsValue) -> None:
            progress(int(event.loaded), True)

        def on_end(event: JsValue) -> None:
            if not ended.done():
                ended.set_result(event.type)

        with Listeners() as listeners:
            # Listeners on xhr.upload also force a CORS preflight: a server that would not let this page read its
            # answer refuses before the first byte, instead of after gigabytes.
            listeners.on(xhr.upload, "progress", on_progress)
            listeners.on(xhr.upload, "load", on_sent)
            for event in ("load", "error", "abort"):
                listeners.on(xhr, event, on_end)
            try:
                _send(xhr, request, file)
                outcome = await ended
            except asyncio.CancelledError:
                xhr.abort()  # only here: it also empties a reply that has come
                raise
        if outcome != "load":
            raise HttpFailure("cut" if moved else "rejected", f"POST {request.url}", moved)
        return HttpReply(xhr.status, _headers(xhr), xhr.responseText.encode(), request.url)


def _send(xhr: JsValue, request: FileRequest, file: BrowserFile) -> None:
    xhr.open("POST", request.url)
    for name, value in request.headers.items():
        xhr.setRequestHeader(name, value)
    form = js.FormData.new()
    form.append(request.part, file.js_file, request.name)
    xhr.send(form)


def _headers(xhr: JsValue) -> dict[str, str]:
    lines = (xhr.getAllResponseHeaders() or "").splitlines()
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
