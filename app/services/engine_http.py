"""The transport to the engine: what is sent to the tab is answered by llama.cpp here, in place of a server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.http import HttpReply, HttpRequest
from app.core.tab_models import TAB_URL
from app.services.engine_loader import EngineLoader
from app.services.ports import Http, HttpStream, Purpose

_PURPOSES: dict[str, Purpose] = {"/embeddings": "embed", "/rerank": "rerank"}


class EngineHttp:
    """The `Http` port: requests to the tab go to the engine, all others to the network."""

    def __init__(self, http: Http, loader: EngineLoader) -> None:
        """Send what is not for the engine through `http`."""
        self._http = http
        self._loader = loader

    async def send(self, request: HttpRequest, timeout: float | None = None) -> HttpReply:
        """See `Http.send`. The engine has no time limit.

        Raises:
            EngineError, InvalidFile: see `EngineLoader.answer`.
        """
        if not _is_here(request.url):
            return await self._http.send(request, timeout)
        async with self.stream(request) as stream:
            return await stream.read()

    @asynccontextmanager
    async def stream(
        self, request: HttpRequest, first_byte: float | None = None, idle: float | None = None
    ) -> AsyncIterator[HttpStream]:
        """See `Http.stream`. The engine has no time limits: it cannot be silent for another reason than work.

        Raises:
            EngineError, InvalidFile: see `EngineLoader.answer`.
        """
        if _is_here(request.url):
            path, body = request.url.removeprefix(TAB_URL), request.body or b"{}"
            purpose = _PURPOSES.get(path, "chat")
            model = str(json.loads(body).get("model", ""))
            async with self._loader.answer(model, purpose, path, body) as stream:
                yield stream
        else:
            async with self._http.stream(request, first_byte, idle) as stream:
                yield stream

    async def answers(self, url: str) -> bool:
        """See `Http.answers`."""
        return _is_here(url) or await self._http.answers(url)

    async def redirects(self, url: str) -> bool:
        """See `Http.redirects`."""
        return not _is_here(url) and await self._http.redirects(url)


def _is_here(url: str) -> bool:
    return url.startswith(TAB_URL)
