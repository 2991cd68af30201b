"""The gateway: one entry for every model of every connection. Messages in, deltas out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from app.core.connections import Connection, ModelRef
from app.core.http import HttpFailure, HttpReply, HttpRequest
from app.core.messages import PromptMessage
from app.core.parameters import Parameters
from app.core.problems import ApiError, InvalidInput, NetworkError, Problem
from app.providers import extract
from app.providers.base import Provider, StreamDecoder, Streams
from app.services import streaming
from app.services.diagnosis import LOOPBACK, Diagnosis
from app.services.ports import Http, HttpStream
from app.services.streaming import Batch

Connections = Callable[[], Sequence[Connection]]
"""The connections as they are now."""


SHORTEST_KEY = 6
"""Characters from which on a key is looked for in texts: a shorter one is no secret, but may be a part of any word."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a stream may stay silent, in seconds; None for as long as it likes.

    The first byte is waited for without limit on this device: it can take minutes to load a model and to read a long
    prompt, and the user who started the server can stop it. Hosted models may reason for minutes before the first word.
    """

    first_byte: float | None = 300
    first_byte_here: float | None = None
    idle: float | None = 120

    def for_first_byte(self, connection: Connection) -> float | None:
        """The limit for the first byte of this connection's replies."""
        is_here = (urlsplit(connection.base_url).hostname or "") in LOOPBACK
        return self.first_byte_here if is_here else self.first_byte


class Gateway:
    """Forwards prompts to whichever API a model belongs to."""

    def __init__(
        self,
        http: Http,
        diagnosis: Diagnosis,
        providers: Mapping[str, Provider],
        connections: Connections,
        limits: Limits | None = None,
    ) -> None:
        """Send through `http` to `connections()`, in the dialects of `providers` (by id)."""
        self._http = http
        self._diagnosis = diagnosis
        self._providers = providers
        self._connections = connections
        self._limits = limits or Limits()

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
    ) -> AsyncGenerator[Batch, None]:
        """Ask a model for the next message: its deltas, in one batch for each piece of the reply that arrives.

        The request ends when the task that iterates is cancelled, or the generator closed. What was given out before an
        error stays good. An API without streaming has no time limit: its first answer includes loading the model.

        Raises:
            ApiError: the API refused or failed, also in the middle of the answer.
            NetworkError: no whole answer came; the problem says why most likely.
            InvalidInput: the connection is gone, or the API would refuse the request.
        """
        connection, provider = self.find(ref)
        request = provider.chat_request(connection, ref.model, messages, parameters)
        try:
            async with aclosing(self._batches(connection, provider, request)) as batches:
                async for batch in batches:
                    yield batch
        except HttpFailure as failure:
            problem = await self._diagnosis.explain(provider, connection, failure)
            raise NetworkError(_without_key(problem, connection)) from failure
        except ApiError as error:
            raise ApiError(_without_key(error.problem, connection), error.status) from None

    async def _batches(
        self, connection: Connection, provider: Provider, request: HttpRequest
    ) -> AsyncGenerator[Batch, None]:
        if not isinstance(provider, Streams):
            yield list(provider.reply(await self._http.send(request)).deltas())
            return
        first_byte = self._limits.for_first_byte(connection)
        async with self._http.stream(request, first_byte, self._limits.idle) as stream:
            decoder = _decoder(provider, stream)
            if decoder is None:
                yield list(provider.reply(await stream.read()).deltas())
                return
            async with aclosing(streaming.batches(stream, decoder, connection.name)) as batches:
                async for batch in batches:
                    yield batch


def _decoder(provider: Streams, stream: HttpStream) -> StreamDecoder | None:
    """What reads this reply as it arrives; None for a reply that has to be whole first, as every error is."""
    head = HttpReply(stream.status, stream.headers)
    return provider.decoder(head.media_type) if head.ok else None


def _without_key(problem: Problem, connection: Connection) -> Problem:
    """The problem without the connection's key: some servers quote the one that they refuse."""
    known = connection.key if len(connection.key) >= SHORTEST_KEY else ""
    cause, details = (extract.redact(text, known) for text in (problem.cause, problem.details))
    return replace(problem, cause=cause, details=details)
