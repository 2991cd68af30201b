"""What some providers can do beyond `Provider` and the protocols in `base`: each is shown by satisfying a protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from app.core.connections import Connection, Model
from app.core.deltas import Reply
from app.core.http import HttpReply, HttpRequest
from app.core.limits import RateLimits
from app.core.problems import ApiError
from app.core.remote_models import LoadedModel, ModelDetails, PullProgress
from app.providers.base import Provider


@runtime_checkable
class BoundToConnection(Protocol):
    """A provider whose dialect is the connection's own: `registry.provider_for` gives the one to use."""

    def bound(self, connection: Connection) -> Provider:
        """The provider of this one connection.

        Raises:
            InvalidInput: what the connection holds is no dialect.
        """
        ...


@runtime_checkable
class KnowsModels(Protocol):
    """A provider that knows models without asking the API, which may have no list."""

    @property
    def known_models(self) -> tuple[Model, ...]:
        """Those models."""
        ...


@runtime_checkable
class OnlyKnocks(Protocol):
    """A provider whose health request may tell no more than that something answers: its status says nothing then."""

    @property
    def only_knocks(self) -> bool:
        """Whether it is so."""
        ...


@runtime_checkable
class TellsLimits(Protocol):
    """A provider whose limits mean something that the names of the headers do not tell."""

    def limits(self, headers: Mapping[str, str], now: float) -> RateLimits | None:
        """The limits that the headers of a reply tell; None when there are none, or the page may not read them."""
        ...


@runtime_checkable
class TakesAnotherHeader(Protocol):
    """An API of which it is not certain how it wants the key."""

    def retried(self, connection: Connection, reply: HttpReply) -> Connection | None:
        """The connection to try once more with, when `reply` refuses it for a reason that this mends; else None.

        When that works, its `options` are worth keeping.
        """
        ...


@runtime_checkable
class Reranks(Protocol):
    """`Capability.RERANK`."""

    def rerank_request(
        self, connection: Connection, model: str, query: str, documents: Sequence[str]
    ) -> HttpRequest:
        """The request that scores how well each of `documents` fits `query`.

        Raises:
            InvalidInput: there is no query, no document, or no model.
        """
        ...

    def scores(self, reply: HttpReply) -> tuple[float, ...]:
        """One score for each document, in the order in which they were sent; higher fits better.

        Raises:
            ApiError: the reply is an error or holds no scores.
        """
        ...


class PullDecoder(Protocol):
    """Reads the stream of a download to a server. An error is kept in `error`; `done` is true when all is there."""

    error: ApiError | None
    done: bool

    def feed(self, data: bytes) -> list[PullProgress]:
        """How far it is, as the events tell that `data` completes; at most one for each kind of news."""
        ...

    def finish(self) -> list[PullProgress]:
        """The rest, when the stream has ended. If `done` is still false, the download broke off."""
        ...


@runtime_checkable
class PullsModels(Protocol):
    """`Capability.PULL`: a server that downloads models from a library of its own."""

    def pull_request(self, connection: Connection, model: str) -> HttpRequest:
        """The request that lets the server download `model`.

        Raises:
            InvalidInput: no model is named.
        """
        ...

    def pull_decoder(self) -> PullDecoder:
        """A decoder for one download."""
        ...


@runtime_checkable
class DeletesModels(Protocol):
    """`Capability.DELETE`."""

    def delete_request(self, connection: Connection, model: str) -> HttpRequest:
        """The request that deletes `model` for good."""
        ...


@runtime_checkable
class LoadsModels(Protocol):
    """`Capability.LOAD` and `Capability.UNLOAD`: a server that tells and is told what is in its memory."""

    def load_request(self, connection: Connection, model: str) -> HttpRequest:
        """The request that loads `model`; its reply comes when that is done."""
        ...

    def unload_request(self, connection: Connection, model: str) -> HttpRequest:
        """The request that frees the memory of `model`."""
        ...

    def loaded_request(self, connection: Connection) -> HttpRequest:
        """The request for the models in memory."""
        ...

    def loaded(self, reply: HttpReply) -> tuple[LoadedModel, ...]:
        """The models in memory.

        Raises:
            ApiError: the reply is an error or holds no list.
        """
        ...


@runtime_checkable
class DescribesModels(Protocol):
    """A server that tells what a model is like."""

    def details_request(self, connection: Connection, model: str) -> HttpRequest:
        """The request for what the server knows about `model`."""
        ...

    def details(self, reply: HttpReply) -> ModelDetails:
        """What the server knows about a model.

        Raises:
            ApiError: the reply is an error.
        """
        ...


@runtime_checkable
class ManagesModels(PullsModels, DeletesModels, LoadsModels, DescribesModels, Provider, Protocol):
    """A provider that can do all of that with the models of its server."""


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A request that was put off: its id, its place, and how many wait; None for what the server does not tell."""

    request: str = ""
    position: int | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class QueueState:
    """What a queue does now. `answers` holds replies that wait to be fetched, by request id, where the API has them."""

    length: int | None
    is_processing: bool
    is_running: bool
    current_model: str = ""
    answers: Mapping[str, Reply] | None = None

    @property
    def is_idle(self) -> bool:
        """Whether a request would be answered at once."""
        return self.length == 0 and not self.is_processing


@runtime_checkable
class Queues(Protocol):
    """`Capability.QUEUE`: a server that may put a request off instead of answering it."""

    def queued(self, reply: HttpReply) -> QueuePlace | None:
        """The place of a request that was put off; None when `reply` is an answer or an error."""
        ...

    def queue_request(self, connection: Connection) -> HttpRequest:
        """The request for the state of the queue."""
        ...

    def queue(self, reply: HttpReply) -> QueueState:
        """The state of the queue.

        Raises:
            ApiError: the reply is an error.
        """
        ...
