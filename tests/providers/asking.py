"""What the tests of all providers ask with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings

from app.core.connections import Connection
from app.core.deltas import Delta, Reply
from app.core.http import HttpReply, HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.parameters import Parameters
from app.core.problems import ApiError, Problem
from app.providers.base import Provider, StreamDecoder, Streams
from tests.providers import wire
from tests.servers.process import ServerProcess

QUESTION = "What is the capital of France?"
PARIS = "The capital of France is Paris."
SCHEMA = (
    '{"type": "object", "properties": {"city": {"type": "string", "maxLength": 8}}, "required": ["city"]}'
)
TOOLS = f'[{{"name": "weather", "description": "Tells the weather.", "parameters": {SCHEMA}}}]'
calm = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For properties: nothing fails because the machine is busy."""

PIXEL = "data:image/png;base64,iVBORw0KGgo="


def user(text: str = QUESTION, *images: str) -> PromptMessage:
    return PromptMessage(Role.USER, text, images)


def assistant(text: str) -> PromptMessage:
    return PromptMessage(Role.ASSISTANT, text)


def system(text: str) -> PromptMessage:
    return PromptMessage(Role.SYSTEM, text)


def body_of(request: HttpRequest) -> Any:
    assert request.body is not None
    return json.loads(request.body)


@dataclass(frozen=True)
class Asked:
    """A provider and its connection to a running server; asks as a page would, preflights too."""

    provider: Provider
    server: ServerProcess
    key: str = ""
    model: str = "m"
    path: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def connection(self) -> Connection:
        base = self.server.base_url if self.path is None else self.server.root_url + self.path
        return Connection("c", self.provider.id, "Mine", base, self.key, self.options)

    def send(self, *messages: PromptMessage, model: str | None = None, **parameters: Any) -> HttpReply:
        chosen: Parameters = parameters
        asked = messages or (user(),)
        wanted = self.model if model is None else model
        return wire.send_as_page(self.provider.chat_request(self.connection, wanted, asked, chosen))

    def ask(self, *messages: PromptMessage, model: str | None = None, **parameters: Any) -> Reply:
        """The answer, whether it was streamed or not.

        Raises:
            ApiError: as the provider does; also for an error within the stream.
        """
        reply = self.send(*messages, model=model, **parameters)
        if self._decoder(reply) is None:
            return self.provider.reply(reply)
        deltas, error = self.stream(reply)
        if error:
            raise error
        return Reply.of(deltas)

    def stream(self, reply: HttpReply) -> tuple[list[Delta], ApiError | None]:
        """The deltas of a streamed reply, and the error in it."""
        decoder = self._decoder(reply)
        assert decoder is not None, reply
        deltas = [*decoder.feed(reply.body), *decoder.finish()]
        return deltas, decoder.error

    def _decoder(self, reply: HttpReply) -> StreamDecoder | None:
        is_streamed = isinstance(self.provider, Streams) and reply.ok
        return self.provider.decoder(reply.media_type) if is_streamed else None  # type: ignore[attr-defined]

    def problem(self, *messages: PromptMessage, model: str | None = None, **parameters: Any) -> Problem:
        """What the user is told of a request that must fail."""
        try:
            reply = self.ask(*messages, model=model, **parameters)
        except ApiError as error:
            return error.problem
        raise AssertionError(f"it answered {reply}")
