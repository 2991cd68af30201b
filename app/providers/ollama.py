"""Ollama's own API: chat as newline-delimited JSON, and the models that it downloads, keeps and holds in memory.

Ollama also speaks OpenAI's dialect, but only here does it take its options, tell its thoughts and manage its models.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from app.core.connections import Connection
from app.core.deltas import Reply
from app.core.http import HttpReply, HttpRequest
from app.core.messages import PromptMessage
from app.core.parameters import Parameter, Parameters
from app.core.problems import ApiError, Problem
from app.providers import extract, requests, structure
from app.providers.base import Capability
from app.providers.extract.values import at, vector
from app.providers.ollama_models import OllamaModels, get, post
from app.providers.ollama_reading import ChatReader
from app.providers.streams import JsonEventDecoder

_NDJSON: Final = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})
_TOP_LEVEL: Final = ("think", "keep_alive")
"""Parameters that stand beside the options."""

_SWITCHES: Final = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
"""What may be typed for `think`, beside the levels that some models have (low, medium, high)."""


class Ollama(OllamaModels):
    """The dialect of Ollama."""

    id = "ollama"
    label = "Ollama"
    default_url = "http://127.0.0.1:11434"
    reads_history = True
    start_command = "ollama serve"
    capabilities: frozenset[Capability] = frozenset(
        {
            Capability.CHAT,
            Capability.STREAM,
            Capability.EMBED,
            Capability.LIST,
            Capability.SEE,
            Capability.PULL,
            Capability.DELETE,
            Capability.LOAD,
            Capability.UNLOAD,
        }
    )
    parameters: tuple[Parameter, ...] = (
        Parameter("temperature", "number", minimum=0, maximum=2, step=0.1, text="openai.temperature"),
        Parameter("top_p", "number", minimum=0, maximum=1, step=0.05),
        Parameter("top_k", "integer", minimum=0),
        Parameter("min_p", "number", minimum=0, maximum=1, step=0.05),
        Parameter("num_predict", "integer", minimum=-1, text="openai.max_tokens"),
        Parameter("num_ctx", "integer", minimum=1, text="ollama.num_ctx"),
        Parameter("stop", "list"),
        Parameter("seed", "integer"),
        Parameter("repeat_penalty", "number", minimum=0, maximum=2, step=0.05),
        Parameter("think", "text", text="ollama.think"),
        Parameter("keep_alive", "text", text="ollama.keep_alive"),
        structure.JSON_SCHEMA,
        structure.TOOLS,
    )

    def health_request(self, connection: Connection) -> HttpRequest:
        """GET /api/version."""
        return get(connection, "version")

    def is_healthy(self, reply: HttpReply) -> bool:
        """Whether it tells a version, as no other server does at this path."""
        return reply.ok and isinstance(at(extract.read_value(reply), "version"), str)

    def chat_request(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """POST /api/chat with the whole history, streamed.

        Raises:
            InvalidInput: nothing is asked, no model is named, the key cannot be sent, or a parameter does not fit.
        """
        said = [_message(message) for message in requests.said(messages)]
        requests.check(model, said)
        options = dict(requests.chosen(self.parameters, parameters))
        beside: dict[str, Any] = {name: options.pop(name) for name in _TOP_LEVEL if name in options}
        body = {"model": model, "messages": said, "stream": True, **_typed(beside)}
        if options:
            body["options"] = options
        if schema := structure.schema_of(parameters):
            body["format"] = schema
        if tools := structure.tools_of(parameters):
            body["tools"] = [tool.as_openai() for tool in tools]
        return post(connection, "chat", body)

    def embed_request(self, connection: Connection, model: str, texts: Sequence[str]) -> HttpRequest:
        """POST /api/embed.

        Raises:
            InvalidInput: there is no text, no model is named, or the key cannot be sent.
        """
        requests.check(model, texts)
        return post(connection, "embed", {"model": model, "input": list(texts)})

    def decoder(self, media_type: str) -> JsonEventDecoder | None:
        """A decoder for newline-delimited JSON; everything else is read as a whole."""
        return JsonEventDecoder(ChatReader(), self.error, lines=True) if media_type in _NDJSON else None

    def reply(self, reply: HttpReply) -> Reply:
        """The answer of a whole reply, also of a stream that was sent under another media type.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        if reply.ok and not isinstance(extract.read_value(reply), dict | list):
            return self._replayed(reply)
        self.check(reply)
        value = extract.read_value(reply)
        deltas = ChatReader().read(value)
        answer = Reply.of(deltas or ())
        raw = "" if deltas is not None else extract.raw_text(value)
        return replace(answer, model=extract.model_name(value), raw=raw)

    def rejected(self, request: str) -> Problem:
        """Why most likely a request had no readable reply while the version has one."""
        return Problem.of("openai.rejected", details=request)

    def cors_fix(self, connection: Connection, origin: str) -> str:  # noqa: ARG002 - the same for each server
        """The environment variable that adds `origin` to those that Ollama allows."""
        return f"OLLAMA_ORIGINS={origin} ollama serve"

    def vectors(self, reply: HttpReply) -> tuple[tuple[float, ...], ...]:
        """One vector for each text, in the order in which they were sent.

        Raises:
            ApiError: an error, or a reply without vectors.
        """
        rows = at(self.value(reply), "embeddings")
        vectors = tuple(vector(row) for row in rows) if isinstance(rows, list) else ()
        if not vectors or not all(vectors):
            raise ApiError(Problem.of("openai.no_vectors", details=extract.details(reply)), reply.status)
        return vectors

    def _replayed(self, reply: HttpReply) -> Reply:
        decoder = JsonEventDecoder(ChatReader(), self.error, lines=True)
        deltas = decoder.feed(reply.body) + decoder.finish()
        if decoder.error or not deltas:
            raise self.error(reply)
        return Reply.of(deltas)


def _message(message: PromptMessage) -> dict[str, Any]:
    images = [requests.image_data(url)[1] for url in message.images]
    return {"role": str(message.role), "content": message.text, **({"images": images} if images else {})}


def _typed(beside: dict[str, Any]) -> dict[str, Any]:
    """The parameters beside the options with the types that Ollama wants: it reads `"0"` as a time without a unit."""
    if "think" in beside:
        typed = str(beside["think"]).strip().lower()
        beside["think"] = _SWITCHES.get(typed, typed)
    if "keep_alive" in beside:
        typed = str(beside["keep_alive"]).strip()
        beside["keep_alive"] = json.loads(typed) if typed.removeprefix("-").isdecimal() else typed
    return beside
