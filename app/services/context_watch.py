"""Learning how long a context a server has loaded a model with: some give a model less than it could read."""

from __future__ import annotations

from collections.abc import Callable

from app.core.connection_states import Connections
from app.core.connections import Connection, ModelRef, is_same_model
from app.core.http import HttpFailure
from app.core.problems import BerthError
from app.core.remote_models import LoadedModel
from app.core.store import Cell
from app.providers.abilities import LoadsModels
from app.providers.base import Provider
from app.services.connection_checks import ConnectionChecks
from app.services.ports import Http

PATIENCE = 5.0
"""Seconds for an answer that such servers have at hand."""


class ContextWatch:
    """Asks the servers that tell what is in their memory."""

    def __init__(
        self,
        cell: Cell[Connections],
        checks: ConnectionChecks,
        http: Http,
        provider: Callable[[Connection], Provider],
    ) -> None:
        """Write what is learned into `cell`."""
        self._cell = cell
        self._checks = checks
        self._http = http
        self._provider = provider

    async def learn(self, ref: ModelRef) -> None:
        """Find out the context of a model that has just answered, if its connection's list does not tell it.

        Nothing is shown when that fails: the next answer is another occasion.
        """
        item = self._cell.value.get(ref.connection)
        model = None if item is None else next((one for one in item.models if one.id == ref.model), None)
        if item is None or model is None or model.context is not None:
            return
        provider = self._provider(item.saved.connection)
        if not isinstance(provider, LoadsModels):
            return
        try:
            connection = await self._checks.with_key(item.saved.connection)
            reply = await self._http.send(provider.loaded_request(connection), timeout=PATIENCE)
            context = _context(provider.loaded(reply), ref.model)
        except (BerthError, HttpFailure):
            return
        item = self._cell.value.get(ref.connection)
        if context is not None and item is not None:
            learned = item.with_context(ref.model, context)
            self._cell.update(lambda connections: connections.with_item(learned))


def _context(loaded: tuple[LoadedModel, ...], model: str) -> int | None:
    return next((one.context for one in loaded if is_same_model(model, one.id)), None)
