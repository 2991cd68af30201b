"""The gateway: one entry for every model of every connection. Messages in, deltas out."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.core.connections import Connection, ModelRef
from app.core.deltas import Usage, UsageDelta
from app.core.http import HttpFailure, HttpReply, HttpRequest
from app.core.messages import PromptMessage
from app.core.parameters import Parameters
from app.core.problems import ApiError, InvalidInput, NetworkError, Problem
from app.core.saved_connections import origin_of
from app.providers.abilities import BoundToConnection, Queues, TakesAnotherHeader
from app.providers.base import Provider, StreamDecoder, Streams
from app.services import queueing, streaming
from app.services.desk import BareDesk, Desk, Waiting
from app.services.diagnosis import LOOPBACK, Diagnosis
from app.services.patience import count_down, seconds_to_wait
from app.services.ports import Http, HttpStream
from app.services.redaction import redact_problem
from app.services.streaming import Batch
from app.services.turns import Turns

Connections = Callable[[], Sequence[Connection]]
"""The connections as they are now."""

ATTEMPTS = 3
"""How often a request is sent in all, when the API refuses it for the moment and says for how long."""


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


class _RefusedReply(Exception):
    """A whole reply that is an error, before anything of an answer came: it may be worth another attempt."""

    def __init__(self, reply: HttpReply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class Gateway:
    """Forwards prompts to whichever API a model belongs to."""

    def __init__(
        self,
        http: Http,
        diagnosis: Diagnosis,
        providers: Mapping[str, Provider],
        connections: Connections,
        limits: Limits | None = None,
        desk: Desk | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Send through `http` to `connections()`, in the dialects of `providers` (by id)."""
        self._http = http
        self._diagnosis = diagnosis
        self._providers = providers
        self._connections = connections
        self._limits = limits or Limits()
        self._desk = desk or BareDesk()
        self._now = now
        self._turns = Turns()
        self._bound: dict[str, tuple[Connection, Provider]] = {}

    def find(self, ref: ModelRef) -> tuple[Connection, Provider]:
        """The connection of a model and its provider, which is the same one until the connection changes.

        Raises:
            InvalidInput: the connection is gone or switched off, or its dialect cannot be used.
        """
        connection = next((one for one in self._connections() if one.id == ref.connection), None)
        if connection is None or connection.provider not in self._providers:
            raise InvalidInput(Problem.of("gateway.no_connection", model=ref.model))
        return connection, self.provider(connection)

    def provider(self, connection: Connection) -> Provider:
        """What speaks to a connection.

        Raises:
            InvalidInput: its dialect cannot be used.
        """
        provider = self._providers[connection.provider]
        if not isinstance(provider, BoundToConnection):
            return provider
        bound_to, bound = self._bound.get(connection.id, (None, provider))
        if bound_to != connection:
            bound = provider.bound(connection)
            self._bound[connection.id] = (connection, bound)
        return bound

    async def answer(
        self, ref: ModelRef, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> AsyncGenerator[Batch, None]:
        """Ask a model for the next message: its deltas, in one batch for each piece of the reply that arrives.

        The request ends when the task that iterates is cancelled, or the generator closed. What was given out before an
        error stays good. An API without streaming has no time limit: its first answer includes loading the model. A
        request that the API refuses for a while is sent again after that while, if nothing of an answer came before.

        Raises:
            ApiError: the API refused or failed, also in the middle of the answer.
            NetworkError: no whole answer came; the problem says why most likely.
            InvalidInput: the connection is gone, its key cannot be had, or the API would refuse the request.
        """
        connection, provider = self.find(ref)
        connection = await self._desk.with_key(connection)
        waiting = self._desk.waiting(connection)
        limit = self._desk.limits(connection).parallel or (1 if isinstance(provider, Queues) else None)
        usage: Usage | None = None
        try:
            async with self._turns.turn(connection.id, limit, lambda: waiting.show(None)):
                waiting.end()
                attempts = self._attempts(connection, provider, ref.model, messages, parameters, waiting)
                async with aclosing(attempts) as batches:
                    async for batch in batches:
                        usage = _last_usage(batch) or usage
                        yield batch
        except (HttpFailure, ApiError) as failure:
            error = await self._told(provider, connection, failure)
            self._desk.ended(connection, error)
            raise error from None
        else:
            self._desk.ended(connection, None)
        finally:
            waiting.end()
            if usage is not None:
                self._desk.used(ref, usage)

    async def _told(
        self, provider: Provider, connection: Connection, failure: HttpFailure | ApiError
    ) -> NetworkError | ApiError:
        """The failure in words for the user, without the key."""
        if isinstance(failure, ApiError):
            return ApiError(redact_problem(failure.problem, connection.key), failure.status)
        problem = await self._diagnosis.explain(provider, connection, failure)
        return NetworkError(redact_problem(problem, connection.key))

    async def _attempts(
        self,
        connection: Connection,
        provider: Provider,
        model: str,
        messages: Sequence[PromptMessage],
        parameters: Parameters,
        waiting: Waiting,
    ) -> AsyncGenerator[Batch, None]:
        for left in reversed(range(ATTEMPTS)):
            request = provider.chat_request(connection, model, messages, parameters)
            if connection.key and origin_of(request.url) != origin_of(connection.base_url):
                raise InvalidInput(Problem.of("gateway.other_origin", name=connection.name))
            self._desk.asked(connection)
            try:
                async with aclosing(self._batches(connection, provider, request, waiting)) as batches:
                    async for batch in batches:
                        yield batch
            except _RefusedReply as refused:
                other = _retried(provider, connection, refused.reply) if left else None
                if other is not None:
                    connection = other
                    self._desk.learned(other)
                    continue
                seconds = seconds_to_wait(refused.reply, self._now()) if left else None
                if seconds is None:
                    raise provider.error(refused.reply) from None
                await count_down(waiting, seconds)
            else:
                return

    async def _batches(
        self, connection: Connection, provider: Provider, request: HttpRequest, waiting: Waiting
    ) -> AsyncGenerator[Batch, None]:
        if not isinstance(provider, Streams):
            yield await self._sent(connection, provider, request, waiting)
            return
        own, limits = self._desk.limits(connection), self._limits
        first_byte = own.first_byte or limits.for_first_byte(connection)
        async with self._http.stream(request, first_byte, own.idle or limits.idle) as stream:
            self._desk.answered(connection, provider, stream.headers)
            decoder = _decoder(provider, stream)
            if decoder is None:
                yield _whole(provider, await stream.read())
                return
            async with aclosing(streaming.batches(stream, decoder, connection.name)) as batches:
                async for batch in batches:
                    yield batch

    async def _sent(
        self, connection: Connection, provider: Provider, request: HttpRequest, waiting: Waiting
    ) -> Batch:
        """The answer of an API that does not stream, whole."""
        reply = await self._http.send(request)
        self._desk.answered(connection, provider, reply.headers)
        if isinstance(provider, Queues) and (place := provider.queued(reply)) is not None:
            answer = await queueing.answer_of(self._http, provider, connection, place, waiting)
            if answer is not None:
                return list(answer.deltas())
            # It was worked on, and nothing tells its answer: asking again, once, is the only way to read one.
            self._desk.asked(connection)
            reply = await self._http.send(request)
        return _whole(provider, reply)


def _last_usage(batch: Batch) -> Usage | None:
    """The figures that hold after a batch: later ones replace earlier ones."""
    return next((one.usage for one in reversed(batch) if isinstance(one, UsageDelta)), None)


def _whole(provider: Provider, reply: HttpReply) -> Batch:
    if not reply.ok:
        raise _RefusedReply(reply)
    return list(provider.reply(reply).deltas())


def _decoder(provider: Streams, stream: HttpStream) -> StreamDecoder | None:
    """What reads this reply as it arrives; None for a reply that has to be whole first, as every error is."""
    head = HttpReply(stream.status, stream.headers)
    return provider.decoder(head.media_type) if head.ok else None


def _retried(provider: Provider, connection: Connection, reply: HttpReply) -> Connection | None:
    """The connection with another form of its key, when that is what the API asks for."""
    return provider.retried(connection, reply) if isinstance(provider, TakesAnotherHeader) else None
