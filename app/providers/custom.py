"""The provider for any API that nobody foresaw: it does what a `CustomDialect` says.

`bound` gives the provider of one connection. What it sends goes to the connection's own address only, whatever its
templates say, and `preview` shows it to the user before it is sent, without the key.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.connections import Connection, Model
from app.core.deltas import Delta, FinishDelta, Reply
from app.core.http import EVENT_STREAM, HttpReply, HttpRequest
from app.core.messages import PromptMessage
from app.core.parameters import Parameter, Parameters
from app.core.problems import ApiError, Problem
from app.providers import custom_reading, custom_request, extract, openai_servers, requests
from app.providers.base import Capability
from app.providers.custom_dialect import OPTION, PARAMETERS, CustomDialect
from app.providers.custom_paths import ROOT
from app.providers.custom_reading import CustomReader
from app.providers.extract.body import RAW_LENGTH
from app.providers.streams import JsonEventDecoder, SseDecoder

MASK: Final = "[your-key]"
"""What stands for the key in a preview."""

_NDJSON: Final = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl", "text/plain"})
_EVENT = re.compile(rb"(?:data|event|id|retry)?:")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a reply, for the test of a dialect: the answer, the problem, or both, beside the raw text.

    `is_whole`: the reply said where the answer ends, as far as it was read.
    """

    raw: str
    reply: Reply | None = None
    problem: Problem | None = None
    is_whole: bool = True


class Custom:
    """A dialect that a user wrote."""

    id = "custom"
    label = "Custom"
    default_url = ""
    reads_history = True
    start_command = ""

    def __init__(self, dialect: CustomDialect | None = None) -> None:
        """Speak `dialect`; without one, the default, which is OpenAI's without streaming."""
        self.dialect = dialect or CustomDialect()
        self.capabilities = _capabilities(self.dialect)
        self.parameters: tuple[Parameter, ...] = tuple(
            one for one in PARAMETERS if one.name in self.dialect.names
        )
        self.known_models = tuple(Model(name, name) for name in self.dialect.known_models)

    def bound(self, connection: Connection) -> Custom:
        """The provider of this connection.

        Raises:
            InvalidInput: the connection holds no dialect that can be used.
        """
        return Custom(CustomDialect.from_record(connection.options.get(OPTION, {})))

    @property
    def only_knocks(self) -> bool:
        """Whether there is nothing that could be asked without a question for a model."""
        return not self.dialect.list_path

    def health_request(self, connection: Connection) -> HttpRequest:
        """The request for the model list; without one, a GET of the base URL, or a socket that is only opened."""
        if self.dialect.list_path:
            return self.list_request(connection)
        if self.dialect.stream == "websocket":
            return custom_request.build_knock(self.dialect, connection)
        return HttpRequest.get(connection.base_url)

    def is_healthy(self, reply: HttpReply) -> bool:
        """Whether it is a model list or a refusal of it; without one, whether a server answers that has not failed."""
        if not self.dialect.list_path:
            return reply.status < 500
        if not reply.ok:
            return reply.status in {401, 403, 429}
        return custom_reading.models(self.dialect, extract.read_value(reply)) is not None

    def chat_request(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """The request that the templates give. A socket has no headers: there the key can stand in the body only.

        Raises:
            InvalidInput: nothing is asked, no model is named, or a value cannot stand where the template wants it.
        """
        said = requests.said(messages)
        requests.check(model, said)
        return custom_request.build(self.dialect, connection, model, said, parameters)

    def preview(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """The very request that `chat_request` gives, but for the key, in whose place `MASK` stands.

        Raises:
            InvalidInput: as `chat_request`.
        """
        return self.chat_request(replace(connection, key=MASK), model, messages, parameters)

    def decoder(self, media_type: str) -> JsonEventDecoder | None:
        """A decoder for the dialect's kind of stream; a reply that says that it is JSON is read as a whole."""
        stream = self.dialect.stream
        is_stream = media_type in _NDJSON if stream == "ndjson" else media_type == EVENT_STREAM
        return self._decoder() if stream != "none" and is_stream else None

    def reply(self, reply: HttpReply) -> Reply:
        """The answer of a whole reply, also of a stream that was sent under another media type.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        if reply.ok and self._is_stream(reply):
            return self._replayed(reply)
        self.check(reply)
        return custom_reading.whole_reply(self.dialect, extract.read_value(reply))

    def explain(self, reply: HttpReply, key: str = "") -> Reading:
        """What was read from a reply, next to what came, without the key should the server quote it."""
        text = _messages(reply) if self.dialect.stream == "websocket" and reply.ok else reply.text
        raw = extract.redact(text[:RAW_LENGTH], key)
        if reply.ok and self._is_stream(reply):
            deltas, error = self._played(reply)
            is_whole = any(isinstance(delta, FinishDelta) for delta in deltas)
            return Reading(raw, Reply.of(deltas), error.problem if error else None, is_whole)
        try:
            return Reading(raw, reply=self.reply(reply))
        except ApiError as error:
            return Reading(raw, problem=error.problem)

    def check(self, reply: HttpReply) -> None:
        """Nothing, when `reply` is a success.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        value = extract.read_value(reply)
        if not reply.ok or value is None or custom_reading.error_text(self.dialect, value):
            raise self.error(reply)

    def error(self, reply: HttpReply) -> ApiError:
        """What an error reply says, where the dialect looks for it; else what its status means."""
        value = extract.read_value(reply)
        said = custom_reading.error_text(self.dialect, value) or extract.error_message(value)
        details = extract.details(reply)
        if said and reply.ok:
            return ApiError(Problem.of("custom.error", details=details, said=said), reply.status)
        if reply.ok:
            return ApiError(Problem.of("custom.unreadable", details=details), reply.status)
        problem = extract.status_problem(reply)
        return ApiError(replace(problem, details=f"{details}\n{said}".strip()), reply.status)

    def rejected(self, request: str) -> Problem:
        """Why most likely a request had no readable reply while the server answers others."""
        return Problem.of("custom.rejected", details=request)

    def cors_fix(self, connection: Connection, origin: str) -> str:
        """The headers that the server has to send."""
        return openai_servers.cors_fix(connection.base_url, origin)

    def list_request(self, connection: Connection) -> HttpRequest:
        """GET of the dialect's list path, with its headers.

        Raises:
            InvalidInput: the key cannot be sent.
        """
        return custom_request.build_list(self.dialect, connection)

    def models(self, reply: HttpReply) -> tuple[Model, ...]:
        """The models that the user named, then those of the list.

        Raises:
            ApiError: an error, or a reply without a list.
        """
        self.check(reply)
        listed = custom_reading.models(self.dialect, extract.read_value(reply))
        if listed is None:
            raise ApiError(Problem.of("openai.no_list", details=extract.details(reply)), reply.status)
        return tuple({model.id: model for model in (*self.known_models, *listed)}.values())

    def _decoder(self) -> JsonEventDecoder:
        dialect = self.dialect
        reader, as_text = CustomReader(dialect), dialect.answer.strip() == ROOT
        is_lines = dialect.stream == "ndjson"
        return JsonEventDecoder(reader, self.error, lines=is_lines, as_text=as_text, end=dialect.end.strip())

    def _is_stream(self, reply: HttpReply) -> bool:
        """Whether it is a stream of the dialect's kind, also one that only its media type does not tell."""
        if self.decoder(reply.media_type) is not None:
            return True
        if self.dialect.stream == "ndjson":
            return not isinstance(reply.json(), dict | list) and b"\n" in reply.body.strip()
        is_events = self.dialect.stream in {"sse", "websocket"}
        return is_events and _EVENT.match(reply.body.lstrip()) is not None

    def _replayed(self, reply: HttpReply) -> Reply:
        deltas, error = self._played(reply)
        if error:
            raise error
        return Reply.of(deltas)

    def _played(self, reply: HttpReply) -> tuple[list[Delta], ApiError | None]:
        decoder = self._decoder()
        return decoder.feed(reply.body) + decoder.finish(), decoder.error


def _messages(reply: HttpReply) -> str:
    """The messages of a socket, one below the other."""
    events = SseDecoder()
    return "\n".join(event.data for event in (*events.feed(reply.body), *events.finish()))


def _capabilities(dialect: CustomDialect) -> frozenset[Capability]:
    optional = {Capability.STREAM: dialect.stream != "none", Capability.LIST: bool(dialect.list_path)}
    return frozenset({Capability.CHAT, *(one for one, is_there in optional.items() if is_there)})
