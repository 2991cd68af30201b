"""What servers tell about the models that they keep: downloads under way, what is in memory, what a model is like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.core.problems import Problem


@dataclass(frozen=True, slots=True)
class PullProgress:
    """How far a download to the server is. `status` is the server's word for what it does.

    `received` and `total` are bytes of all parts that have been begun so far; `total` grows as further parts begin, and
    is 0 as long as none is known.
    """

    status: str
    received: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in a server's memory. Sizes are in bytes; `until` is when it will be dropped, as the server wrote it.

    `context` is how many tokens it was loaded for.
    """

    id: str
    size: int | None = None
    size_vram: int | None = None
    until: str = ""
    context: int | None = None


@dataclass(frozen=True, slots=True)
class ModelDetails:
    """What a server tells about a model; empty or None where it tells nothing. `capabilities` are its own words."""

    family: str = ""
    parameter_size: str = ""
    quantization: str = ""
    context_length: int | None = None
    capabilities: tuple[str, ...] = ()
    template: str = ""
    license: str = ""


@dataclass(frozen=True, slots=True)
class Pull:
    """A download of a model to the server of a connection; `problem` is why it ended before all was there."""

    connection: str
    model: str
    progress: PullProgress = PullProgress("")
    problem: Problem | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The connection's id and the model's."""
        return self.connection, self.model


@dataclass(frozen=True, slots=True)
class RemoteModels:
    """What is known of the models of the server that the user looks at, beyond its list; and all downloads to servers.

    `loaded` are those in its memory, None while that is not known. `busy` are the ids of those that something is done
    with, `problem` is what went wrong last.
    """

    connection: str = ""
    loaded: tuple[LoadedModel, ...] | None = None
    details: Mapping[str, ModelDetails] = field(default_factory=dict)
    busy: frozenset[str] = frozenset()
    problem: Problem | None = None
    pulls: tuple[Pull, ...] = ()

    def opened(self, connection_id: str) -> RemoteModels:
        """The state when the user looks at another server; downloads go on."""
        return RemoteModels(connection_id, pulls=self.pulls)

    def with_details(self, model: str, details: ModelDetails) -> RemoteModels:
        """The same with what a model is like."""
        return replace(self, details={**self.details, model: details})

    def started(self, model: str) -> RemoteModels:
        """The same while something is done with a model; what went wrong before is forgotten."""
        return replace(self, busy=self.busy | {model}, problem=None)

    def ended(self, model: str) -> RemoteModels:
        """The same when that is over."""
        return replace(self, busy=self.busy - {model})

    def with_pull(self, pull: Pull) -> RemoteModels:
        """The same with a download begun or changed."""
        others = {one.key: one for one in self.pulls}
        return replace(self, pulls=tuple({**others, pull.key: pull}.values()))

    def without_pull(self, connection_id: str, model: str) -> RemoteModels:
        """The same without a download; one that is not there is fine."""
        return replace(self, pulls=tuple(one for one in self.pulls if one.key != (connection_id, model)))
