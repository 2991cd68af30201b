"""Trying a connection: whether its API answers, what is wrong if not, and which models it offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.core.connections import Connection, Model
from app.core.http import HttpFailure
from app.core.local_api import Health
from app.core.problems import ApiError, InvalidInput, Problem
from app.providers.abilities import KnowsModels
from app.providers.base import Capability, ListsModels, Provider
from app.services.diagnosis import Diagnosis
from app.services.ports import Http
from app.services.redaction import redact_problem

PATIENCE = 20.0
"""Seconds for a model list: some services gather theirs from many others."""

REFUSED = frozenset({401, 403})
"""The statuses of a key that is missing, wrong, or not allowed to do this."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found. `models` is None when no list was read: the API has none, or did not give it."""

    health: Health
    problem: Problem | None = None
    models: tuple[Model, ...] | None = None


class Examiner:
    """Asks an API for its health and its models."""

    def __init__(self, http: Http, diagnosis: Diagnosis, provider: Callable[[Connection], Provider]) -> None:
        """`provider` gives what speaks to a connection."""
        self._http = http
        self._diagnosis = diagnosis
        self._provider = provider

    def known_models(self, connection: Connection) -> tuple[Model, ...]:
        """The models of a connection that its provider knows without asking."""
        try:
            provider = self._provider(connection)
        except (InvalidInput, KeyError):
            return ()
        return provider.known_models if isinstance(provider, KnowsModels) else ()

    async def examine(self, connection: Connection) -> Examined:
        """Try it. What is found holds no key.

        Raises:
            InvalidInput: its dialect or its key cannot be used.
        """
        try:
            provider = self._provider(connection)
        except KeyError:
            raise InvalidInput(Problem.of("provider.unknown", id=connection.provider)) from None
        found = await self._examined(provider, connection)
        problem = found.problem and redact_problem(found.problem, connection.key)
        return replace(found, problem=problem)

    async def _examined(self, provider: Provider, connection: Connection) -> Examined:
        finding = await self._diagnosis.examine(provider, connection)
        if Capability.LIST not in provider.capabilities or not isinstance(provider, ListsModels):
            return Examined(finding.health, finding.problem)
        if finding.health is not Health.CONNECTED:
            return Examined(finding.health, finding.problem)
        try:
            return Examined(Health.CONNECTED, None, await self._list(provider, connection))
        except ApiError as error:
            health = Health.KEY if error.status in REFUSED else Health.CONNECTED
            return Examined(health, error.problem)
        except HttpFailure as failure:
            problem = await self._diagnosis.explain(provider, connection, failure)
            return Examined(Health.CONNECTED, problem)

    async def _list(self, provider: ListsModels, connection: Connection) -> tuple[Model, ...]:
        reply = await self._http.send(provider.list_request(connection), timeout=PATIENCE)
        return provider.models(reply)
