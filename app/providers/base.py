"""What a provider is: pure methods that build requests and read replies. No provider ever does I/O.

A provider is one class in one module. It always satisfies `Provider`; what else it can do it shows by also
satisfying the protocols below, and names in `capabilities`, so that views know what to offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol, runtime_checkable

from app.core.connections import Connection, Model
from app.core.deltas import Delta, Reply
from app.core.http import FileRequest, HttpReply, HttpRequest
from app.core.messages import PromptMessage
from app.core.parameters import Parameter, Parameters
from app.core.problems import ApiError, Problem


class Capability(StrEnum):
    """What a dialect offers."""

    CHAT = "chat"
    STREAM = "stream"
    COMPLETE = "complete"
    EMBED = "embed"
    RERANK = "rerank"
    LIST = "list"
    UPLOAD = "upload"
    DELETE = "delete"
    LOAD = "load"
    UNLOAD = "unload"
    PULL = "pull"
    CACHE = "cache"
    QUEUE = "queue"
    ADMIN = "admin"
    SEE = "see"


class StreamDecoder(Protocol):
    """Reads one streamed reply. Bytes may be cut anywhere, also inside a character.

    An error within the stream is no exception, so that the deltas before it are not lost: it is kept in `error`, and
    nothing after it is read. `done` is true when the API has said that the reply is over: what follows need not be
    waited for. `skipped` counts the events that could not be read.
    """

    error: ApiError | None
    done: bool
    skipped: int

    def feed(self, data: bytes) -> list[Delta]:
        """The deltas that `data` completes, neighbours of one kind joined."""
        ...

    def finish(self) -> list[Delta]:
        """The deltas left when the stream has ended. No `FinishDelta` in any list means: cut off."""
        ...


class Provider(Protocol):
    """One API dialect."""

    id: str
    label: str
    default_url: str
    capabilities: frozenset[Capability]
    parameters: tuple[Parameter, ...]
    reads_history: bool
    """Whether the model reads the messages before the last one. If not, each question stands alone."""
    start_command: str
    """The command that starts a server of this kind on the user's machine; empty when there is no such thing."""

    def health_request(self, connection: Connection) -> HttpRequest:
        """The cheapest request that tells whether this API answers at the connection's address."""
        ...

    def is_healthy(self, reply: HttpReply) -> bool:
        """Whether `reply` to the health request comes from this API, not from something else there."""
        ...

    def chat_request(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """The request that asks `model` for the next message. Only the parameters given are sent.

        Raises:
            InvalidInput: the API would refuse it: there is nothing to ask, or no model.
        """
        ...

    def reply(self, reply: HttpReply) -> Reply:
        """The answer in a complete reply.

        Raises:
            ApiError: the reply is an error, also one with status 200.
        """
        ...

    def check(self, reply: HttpReply) -> None:
        """Nothing, when `reply` is a success whose content does not matter (a delete, a cleared cache).

        Raises:
            ApiError: the reply is an error, also one with status 200.
        """
        ...

    def error(self, reply: HttpReply) -> ApiError:
        """What an error reply means: what happened, why most likely, what the user can do."""
        ...

    def rejected(self, request: str) -> Problem:
        """Why most likely a request got no reply that the page may read, although the API's health is good.

        `request` is its method and path, as in `HttpFailure.request`.
        """
        ...

    def cors_fix(self, connection: Connection, origin: str) -> str:
        """What to set on the connection's server so that pages of `origin` may read its replies, ready to copy."""
        ...


@runtime_checkable
class Streams(Protocol):
    """`Capability.STREAM`."""

    def decoder(self, media_type: str) -> StreamDecoder | None:
        """A decoder for one reply of this media type; None when such a reply is read as a whole."""
        ...


@runtime_checkable
class Completes(Protocol):
    """`Capability.COMPLETE`: a text is continued, without roles. Replies and streams are read as those of a chat."""

    def complete_request(
        self, connection: Connection, model: str, prompt: str, parameters: Parameters
    ) -> HttpRequest:
        """The request that lets `model` continue `prompt`."""
        ...


@runtime_checkable
class Embeds(Protocol):
    """`Capability.EMBED`."""

    def embed_request(self, connection: Connection, model: str, texts: Sequence[str]) -> HttpRequest:
        """The request for the vectors of `texts`."""
        ...

    def vectors(self, reply: HttpReply) -> tuple[tuple[float, ...], ...]:
        """One vector for each text, in the order in which they were sent.

        Raises:
            ApiError: the reply is an error or holds no vectors.
        """
        ...


@runtime_checkable
class ListsModels(Protocol):
    """`Capability.LIST`."""

    def list_request(self, connection: Connection) -> HttpRequest:
        """The request for the model list."""
        ...

    def models(self, reply: HttpReply) -> tuple[Model, ...]:
        """The models in a reply, in its order, each id once.

        Raises:
            ApiError: the reply is an error or holds no list.
        """
        ...


@runtime_checkable
class KeepsModels(Protocol):
    """`Capability.UPLOAD` and `Capability.DELETE`: a server that stores model files."""

    def upload_request(self, connection: Connection, name: str) -> FileRequest:
        """The request that stores a file under `name`."""
        ...

    def uploaded(self, reply: HttpReply) -> str:
        """The id under which an uploaded file is now listed; empty when the server does not say.

        Raises:
            ApiError: the server refused the file.
        """
        ...

    def delete_request(self, connection: Connection, model: str) -> HttpRequest:
        """The request that deletes `model` for good."""
        ...

    def sync_request(self, connection: Connection) -> HttpRequest:
        """The request that makes the server read its folder again; its reply is a model list."""
        ...


@runtime_checkable
class CachesModels(Protocol):
    """`Capability.CACHE`: a server that keeps used models in memory."""

    def cache_status_request(self, connection: Connection) -> HttpRequest:
        """The request for the list of models in memory."""
        ...

    def cached(self, reply: HttpReply) -> tuple[str, ...]:
        """The entries of the cache, as the server names them.

        Raises:
            ApiError: the reply is an error.
        """
        ...

    def cache_clear_request(self, connection: Connection) -> HttpRequest:
        """The request that frees the memory of all models."""
        ...
