"""The gateway: one entry for every model of every connection. Messages in, deltas out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from app.core.connections import Connection, ModelRef
from app.core.deltas import Delta
from app.core.http import HttpFailure
from app.core.messages import PromptMessage
from app.core.parameters import Parameters
from app.core.problems import InvalidInput, NetworkError, Problem
from app.providers.base import Provider
from app.services.diagnosis import Diagnosis
from app.services.ports import Http

Connections = Callable[[], Sequence[Connection]]
"""The connections as they are now."""


class Gateway:
    """Forwards prompts to whichever API a model belongs to."""

    def __init__(
        self, http: Http, diagnosis: Diagnosis, providers: Mapping[str, Provider], connections: Connections
    ) -> None:
        """Send through `http` to `connections()`, in the dialects of `providers` (by id)."""
        self._http = http
        self._diagnosis = diagnosis
        self._providers = providers
        self._connections = connections

    def find(self, ref: ModelRef) -> tuple[Connection, Provider]:
        """The connection of a model and its provider.

        Raises:
            InvalidInput: the connection is gone.
        """
        connection = next((one for one in self._connections() if one.id == ref.connection), None)
        if connection is None:
            raise InvalidInput(Problem.of("gateway.no_connection", model=ref.model))
        return connection, self._providers[connection.provider]

    async def answer(
        self, ref: ModelRef, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> AsyncIterator[Delta]:
        """Ask a model for the next message. The request ends when the iteration is cancelled.

        No time limit: the first answer of a local model includes loading it, which can take minutes.

        Raises:
            ApiError: the API refused or failed.
            NetworkError: no whole answer came; the problem says why most likely.
            InvalidInput: the connection is gone.
        """
        connection, provider = self.find(ref)
        request = provider.chat_request(connection, ref.model, messages, parameters)
        try:
            reply = await self._http.send(request)
        except HttpFailure as failure:
            problem = await self._diagnosis.explain(provider, connection, failure)
            raise NetworkError(problem) from failure
        for delta in provider.reply(reply).deltas():
            yield delta
