"""What is known about the connections now: health, models, what they were used for, and who waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from app.core.connections import Model, ModelRef
from app.core.limits import RateLimits
from app.core.local_api import Health
from app.core.problems import Problem
from app.core.saved_connections import SavedConnection
from app.core.spending import ALL_MODELS, DayUsage


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """A saved connection and what is known about it now.

    `problem` is why it does not work, `listed` the model list as last read (None: never), `listed_at` when that was, in
    seconds since 1970. `known` are models that its provider knows without asking. `is_busy` while it is being tested.
    """

    saved: SavedConnection
    health: Health = Health.UNKNOWN
    problem: Problem | None = None
    listed: tuple[Model, ...] | None = None
    listed_at: float = 0.0
    known: tuple[Model, ...] = ()
    limits: RateLimits | None = None
    today: DayUsage = field(default_factory=DayUsage)
    is_busy: bool = False

    @property
    def id(self) -> str:
        """The connection's id."""
        return self.saved.id

    @property
    def models(self) -> tuple[Model, ...]:
        """All its models: those of its list, then those that its provider knows, then those written down by hand."""
        by_hand = (Model(facts.model, facts.model) for facts in self.saved.facts if facts.model != ALL_MODELS)
        models: dict[str, Model] = {}
        for model in (*(self.listed or self.known), *by_hand):
            models.setdefault(model.id, model)
        return tuple(models.values())

    def with_context(self, model_id: str, context: int) -> ConnectionState:
        """The state with the context that a model of the list was loaded with, in tokens."""
        listed = (replace(one, context=context) if one.id == model_id else one for one in self.listed or ())
        return self if self.listed is None else replace(self, listed=tuple(listed))

    def found(self, health: Health, problem: Problem | None = None) -> ConnectionState:
        """The state after a look at it."""
        return replace(self, health=health, problem=problem)

    def with_list(self, models: tuple[Model, ...], now: float) -> ConnectionState:
        """The state after its model list was read."""
        return replace(self, listed=models, listed_at=now)


@dataclass(frozen=True, slots=True)
class Wait:
    """A request that is not sent yet: for its turn (`seconds` is None), or because the API asked to wait."""

    id: int
    connection: str
    name: str
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Connections:
    """The connections that the user added, in their order, and the requests that wait for one of them."""

    items: tuple[ConnectionState, ...] = ()
    waits: tuple[Wait, ...] = ()

    def get(self, connection_id: str) -> ConnectionState | None:
        """The connection of that id."""
        return next((item for item in self.items if item.id == connection_id), None)

    def offers(self, ref: ModelRef) -> bool:
        """Whether a model is offered by a connection that is switched on."""
        item = self.get(ref.connection)
        return item is not None and item.saved.is_enabled and any(one.id == ref.model for one in item.models)

    def with_items(self, items: Iterable[ConnectionState]) -> Connections:
        """The same with these connections, in the order of their positions."""
        in_order = sorted(items, key=lambda item: (item.saved.position, item.id))
        return replace(self, items=tuple(in_order))

    def with_item(self, item: ConnectionState) -> Connections:
        """The same with a connection added or replaced."""
        return self.with_items((*(one for one in self.items if one.id != item.id), item))

    def without(self, connection_id: str) -> Connections:
        """The same without a connection."""
        return self.with_items(item for item in self.items if item.id != connection_id)

    def with_wait(self, wait: Wait) -> Connections:
        """The same with a wait begun or changed."""
        return replace(self, waits=(*(one for one in self.waits if one.id != wait.id), wait))

    def without_wait(self, wait_id: int) -> Connections:
        """The same without a wait; one that is not there is fine."""
        return replace(self, waits=tuple(one for one in self.waits if one.id != wait_id))
