"""The models that a server keeps: downloads to it, what is in its memory, what they are like, and their end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from app.core.connection_states import Connections
from app.core.connections import Connection
from app.core.http import HttpFailure, HttpReply, HttpRequest
from app.core.problems import ApiError, BerthError, InvalidInput, NetworkError, Problem
from app.core.remote_models import LoadedModel, Pull, RemoteModels
from app.core.store import Cell
from app.core.text import t
from app.providers.abilities import ManagesModels
from app.providers.base import Provider
from app.services.connection_checks import ConnectionChecks
from app.services.diagnosis import Diagnosis
from app.services.ports import Http
from app.services.redaction import redact_problem
from app.services.tasks import Tasks

QUICK = 30.0
"""Seconds for requests that move no model."""

SILENCE = 300.0
"""Seconds without a word after which a download counts as broken: servers check what they got before they tell more."""

Build = Callable[[ManagesModels, Connection], HttpRequest]


class RemoteKeeper:
    """Has servers do what they can do with their models."""

    def __init__(
        self,
        cell: Cell[RemoteModels],
        connections: Cell[Connections],
        checks: ConnectionChecks,
        http: Http,
        diagnosis: Diagnosis,
        provider: Callable[[Connection], Provider],
        tasks: Tasks,
        tell: Callable[[str], None],
    ) -> None:
        """Show what is found out in `cell`; `provider` gives what speaks to a connection, `tell` shows news."""
        self._cell = cell
        self._connections = connections
        self._checks = checks
        self._http = http
        self._diagnosis = diagnosis
        self._provider = provider
        self._tasks = tasks
        self._tell = tell
        self._pulling: dict[tuple[str, str], asyncio.Task[None]] = {}

    def manages(self, connection: Connection) -> bool:
        """Whether the server of a connection can be told what to do with its models."""
        try:
            return isinstance(self._provider(connection), ManagesModels)
        except (InvalidInput, KeyError):
            return False

    def open(self, connection_id: str) -> None:
        """Show the models of a server from now on, and read anew what there is."""
        self._cell.update(lambda models: models.opened(connection_id))
        self._tasks.start(self._look(connection_id))

    def pull(self, connection_id: str, model: str) -> None:
        """Let the server download a model; nothing happens when it does so already.

        Raises:
            InvalidInput: no model is named.
        """
        name = model.strip()
        if not name:
            raise InvalidInput(Problem.of("remote.no_name"))
        key = (connection_id, name)
        if key not in self._pulling:
            self._show(Pull(*key))
            task = self._pulling[key] = self._tasks.start(self._pull(Pull(*key)))
            task.add_done_callback(lambda _: self._pulling.pop(key, None))

    def leave_pull(self, connection_id: str, model: str) -> None:
        """Stop a download, or forget one that has failed. Servers keep what they have, and go on from there."""
        if task := self._pulling.get((connection_id, model)):
            task.cancel()
        self._cell.update(lambda models: models.without_pull(connection_id, model))

    async def load(self, model: str) -> None:
        """Let the server read a model into its memory, which may take minutes."""
        await self._do(model, lambda provider, there: provider.load_request(there, model), timeout=None)

    async def unload(self, model: str) -> None:
        """Let the server free the memory of a model."""
        await self._do(model, lambda provider, there: provider.unload_request(there, model))

    async def delete(self, model: str) -> None:
        """Delete a model on the server, for good."""
        if await self._do(model, lambda provider, there: provider.delete_request(there, model)):
            self._tell(t("models.deleted", name=model))
            await self._checks.refresh(self._cell.value.connection)

    async def describe(self, model: str) -> None:
        """Find out what a model is like."""
        connection_id = self._cell.value.connection
        reply = await self._do(model, lambda provider, there: provider.details_request(there, model))
        if reply is not None and self._cell.value.connection == connection_id:
            _, provider = await self._there(connection_id)
            details = provider.details(reply)
            self._cell.update(lambda models: models.with_details(model, details))

    async def _look(self, connection_id: str) -> None:
        await self._checks.refresh(connection_id)
        await self._read_memory(connection_id)

    async def _read_memory(self, connection_id: str) -> None:
        try:
            connection, provider = await self._there(connection_id)
            reply = await self._http.send(provider.loaded_request(connection), timeout=QUICK)
            loaded: tuple[LoadedModel, ...] | None = provider.loaded(reply)
        except (BerthError, HttpFailure):
            loaded = None  # the list above it says what is wrong with the server
        self._change(connection_id, lambda models: replace(models, loaded=loaded))

    async def _do(self, model: str, build: Build, timeout: float | None = QUICK) -> HttpReply | None:
        """Send one request about a model, and read the memory anew; None when it failed, which is shown."""
        connection_id = self._cell.value.connection
        self._cell.update(lambda models: models.started(model))
        try:
            connection, provider = await self._there(connection_id)
            reply = await self._asked(provider, connection, build(provider, connection), timeout)
        except BerthError as error:
            problem = error.problem
            self._change(connection_id, lambda models: replace(models, problem=problem))
            return None
        finally:
            self._change(connection_id, lambda models: models.ended(model))
        await self._read_memory(connection_id)
        return reply

    async def _asked(
        self, provider: ManagesModels, connection: Connection, request: HttpRequest, timeout: float | None
    ) -> HttpReply:
        try:
            reply = await self._http.send(request, timeout=timeout)
            provider.check(reply)
        except HttpFailure as failure:
            problem = await self._diagnosis.explain(provider, connection, failure)
            raise NetworkError(redact_problem(problem, connection.key)) from None
        except ApiError as error:
            raise ApiError(redact_problem(error.problem, connection.key), error.status) from None
        return reply

    async def _pull(self, pull: Pull) -> None:
        try:
            await self._receive(pull)
        except BerthError as error:
            self._show(replace(pull, problem=error.problem))
        else:
            self._cell.update(lambda models: models.without_pull(*pull.key))
            self._tell(t("remote.pulled", name=pull.model))
            await self._checks.refresh(pull.connection)

    async def _receive(self, pull: Pull) -> None:
        """Follow a download to its end.

        Raises:
            ApiError, NetworkError, InvalidInput, StorageError: why it did not come to one.
        """
        connection, provider = await self._there(pull.connection)
        decoder = provider.pull_decoder()
        try:
            request = provider.pull_request(connection, pull.model)
            async with self._http.stream(request, None, SILENCE) as stream:
                head = HttpReply(stream.status, stream.headers)
                if not head.ok:
                    raise provider.error(await stream.read())
                async for chunk in stream.chunks():
                    if news := decoder.feed(chunk):
                        self._show(replace(pull, progress=news[-1]))
                    if decoder.done or decoder.error:
                        break
            decoder.finish()
        except HttpFailure as failure:
            problem = await self._diagnosis.explain(provider, connection, failure)
            raise NetworkError(redact_problem(problem, connection.key)) from None
        if decoder.error:
            raise ApiError(redact_problem(decoder.error.problem, connection.key), decoder.error.status)
        if not decoder.done:
            raise NetworkError(Problem.of("remote.pull_cut", name=pull.model))

    async def _there(self, connection_id: str) -> tuple[Connection, ManagesModels]:
        """The connection with its key, and what speaks to it.

        Raises:
            InvalidInput: it is gone, its key cannot be had, or its server cannot do such things.
            StorageError: the vault cannot be read.
        """
        item = self._connections.value.get(connection_id)
        provider = None if item is None else self._provider(item.saved.connection)
        if item is None or not isinstance(provider, ManagesModels):
            raise InvalidInput(Problem.of("remote.gone"))
        return await self._checks.with_key(item.saved.connection), provider

    def _show(self, pull: Pull) -> None:
        self._cell.update(lambda models: models.with_pull(pull))

    def _change(self, connection_id: str, change: Callable[[RemoteModels], RemoteModels]) -> None:
        """Change what is known, unless the user looks at another server by now."""
        if self._cell.value.connection == connection_id:
            self._cell.update(change)
