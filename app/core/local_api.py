"""What the page knows about the local API: whether it answers, its models, its cache, and what is going on there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.connections import Connection, Model
from app.core.problems import Problem


class Health(StrEnum):
    """What was last found out about an API."""

    UNKNOWN = "unknown"
    CONNECTED = "connected"
    UNREACHABLE = "unreachable"
    CORS = "cors"
    WRONG_ADDRESS = "wrong-address"
    DENIED = "denied"
    KEY = "key"
    LIMITED = "limited"


@dataclass(frozen=True, slots=True)
class LocalApi:
    """The local API as last seen. `models` and `cached` are None until they were read once.

    `busy` names the actions under way ("sync", "clear-cache", "delete <model>"), so that a button is not pressed twice.
    """

    connection: Connection
    health: Health = Health.UNKNOWN
    problem: Problem | None = None
    models: tuple[Model, ...] | None = None
    models_problem: Problem | None = None
    cached: tuple[str, ...] | None = None
    busy: frozenset[str] = frozenset()

    @property
    def is_connected(self) -> bool:
        """Whether the API answered the last time it was asked."""
        return self.health is Health.CONNECTED

    def found(self, health: Health, problem: Problem | None = None) -> LocalApi:
        """The state after a look at the API's health."""
        if health is self.health and problem == self.problem:
            return self
        return replace(self, health=health, problem=problem)

    def listed(self, models: tuple[Model, ...]) -> LocalApi:
        """The state after the model list was read."""
        return replace(self, models=models, models_problem=None)

    def not_listed(self, problem: Problem) -> LocalApi:
        """The state after the model list could not be read; the last one known stays."""
        return replace(self, models_problem=problem)

    def cached_read(self, entries: tuple[str, ...] | None) -> LocalApi:
        """The state after the cache status was read, or could not be (None)."""
        return replace(self, cached=entries)

    def started(self, action: str) -> LocalApi:
        """The state while `action` is under way."""
        return replace(self, busy=self.busy | {action})

    def ended(self, action: str) -> LocalApi:
        """The state when `action` is over, well or not."""
        return replace(self, busy=self.busy - {action})

    def moved(self, base_url: str) -> LocalApi:
        """The state for another address: nothing is known about what is there."""
        return LocalApi(replace(self.connection, base_url=base_url))

    def model(self, model_id: str) -> Model | None:
        """The listed model of that id."""
        return find(self.models or (), model_id)


def find(models: Iterable[Model], model_id: str) -> Model | None:
    """The first model of that id, or None."""
    return next((model for model in models if model.id == model_id), None)
