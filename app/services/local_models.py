"""The models of the local API: list, delete, sync, and its cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from app.core.connections import LOCAL_API_ID, Connection, Model, ModelRef
from app.core.http import HttpFailure, HttpReply, HttpRequest
from app.core.local_api import LocalApi
from app.core.problems import BerthError, NetworkError
from app.core.settings import Settings
from app.core.store import Cell
from app.core.text import t, tn
from app.providers.local_llm_api import LocalLlmApi
from app.services.diagnosis import Diagnosis
from app.services.ports import Http

QUICK = 30.0
"""Seconds that list, sync, cache and delete requests may take: they move no file."""


class LocalModels:
    """What the user can do with the local API's models, uploads apart."""

    def __init__(
        self,
        cell: Cell[LocalApi],
        settings: Cell[Settings],
        tell: Callable[[str], None],
        http: Http,
        diagnosis: Diagnosis,
        provider: LocalLlmApi,
        look_now: Callable[[], None],
    ) -> None:
        """`tell` shows news; `look_now` has the API's health looked at after a request failed."""
        self._cell = cell
        self._settings = settings
        self._tell = tell
        self._http = http
        self._diagnosis = diagnosis
        self._provider = provider
        self._look_now = look_now

    async def refresh(self) -> tuple[Model, ...]:
        """Read the model list and the cache status again.

        Raises:
            ApiError: the API cannot list its models.
            NetworkError: it did not answer.
        """
        models = await self.list()
        await self.refresh_cache()
        return models

    async def list(self) -> tuple[Model, ...]:
        """Read the model list again, and see to it that the model chosen is one of it.

        Raises:
            ApiError: the API cannot list its models.
            NetworkError: it did not answer.
        """
        connection = self._connection
        try:
            reply = await self._send(self._provider.list_request(connection))
            models = self._provider.models(reply)
        except BerthError as error:
            problem = error.problem
            self._note(connection, lambda api: api.not_listed(problem))
            raise
        self._take(connection, models)
        return models

    async def refresh_quietly(self) -> None:
        """Refresh, where a failure is shown with the list and nowhere else."""
        try:
            await self.refresh()
        except BerthError:
            self._look_now()

    async def sync(self) -> None:
        """Make the server read its models folder again, and take the list it answers with.

        Raises:
            ApiError, NetworkError: as `refresh`.
        """
        connection = self._connection
        with self._busy("sync"):
            reply = await self._send(self._provider.sync_request(connection))
            models = self._provider.models(reply)
            self._take(connection, models)
            self._tell(tn("models.synced", len(models)))
        await self.refresh_cache()

    async def delete(self, model: str) -> None:
        """Delete a model file on the server, for good; then read the list again.

        Raises:
            ApiError, NetworkError: as `refresh`.
        """
        with self._busy(f"delete {model}"):
            try:
                self._provider.check(await self._send(self._provider.delete_request(self._connection, model)))
                self._tell(t("models.deleted", name=model))
            finally:
                await self.refresh_quietly()

    async def clear_cache(self) -> None:
        """Free the server's memory of all models.

        Raises:
            ApiError, NetworkError: as `refresh`.
        """
        with self._busy("clear-cache"):
            try:
                self._provider.check(await self._send(self._provider.cache_clear_request(self._connection)))
                self._tell(t("cache.cleared"))
            finally:
                await self.refresh_cache()

    async def refresh_cache(self) -> None:
        """Read the cache status again, for example after an answer, which leaves its model in memory."""
        connection = self._connection
        entries: tuple[str, ...] | None = None
        with suppress(BerthError):
            entries = self._provider.cached(await self._send(self._provider.cache_status_request(connection)))
        self._note(connection, lambda api: api.cached_read(entries))

    def choose(self, model: str) -> None:
        """Choose a model of the local API for the chat."""
        self._settings.update(lambda settings: settings.with_model(ModelRef(LOCAL_API_ID, model)))

    @property
    def _connection(self) -> Connection:
        return self._cell.value.connection

    async def _send(self, request: HttpRequest) -> HttpReply:
        connection = self._connection
        try:
            return await self._http.send(request, timeout=QUICK)
        except HttpFailure as failure:
            self._look_now()
            problem = await self._diagnosis.explain(self._provider, connection, failure)
            raise NetworkError(problem) from failure

    def _take(self, connection: Connection, models: tuple[Model, ...]) -> None:
        self._note(connection, lambda api: api.listed(models))
        if self._connection == connection:
            self._settings.update(lambda settings: settings.with_model(_chosen(settings.model, models)))

    def _note(self, connection: Connection, change: Callable[[LocalApi], LocalApi]) -> None:
        """Write down what was found out at `connection`, unless its address was left meanwhile."""
        if self._connection == connection:
            self._cell.update(change)

    @contextmanager
    def _busy(self, action: str) -> Iterator[None]:
        self._cell.update(lambda api: api.started(action))
        try:
            yield
        finally:
            self._cell.update(lambda api: api.ended(action))


def _chosen(current: ModelRef | None, models: tuple[Model, ...]) -> ModelRef | None:
    """The choice after the list was read: the only model is chosen unasked, one that is gone no longer."""
    if current is not None and current.connection != LOCAL_API_ID:
        return current
    if current is not None and any(model.id == current.model for model in models):
        return current
    return ModelRef(LOCAL_API_ID, models[0].id) if len(models) == 1 else None
