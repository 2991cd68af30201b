"""Owns the reference server of Anthropic's Messages API, with llama-server's own messages behind it.

Run it as ``python -m tests.servers.anthropic``. It takes plain requests to llama-server's ``/v1/messages`` and passes
its events on as they come. What that does not do (thinking, forced tools, structured answers) is built here from what
the same model really writes: thoughts are words of the model, the arguments of a tool follow its schema.

CORS is as Anthropic's: a page is answered when it sends ``anthropic-dangerous-direct-browser-access``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from tests.servers import llama, reference, serve
from tests.servers.anthropic_checks import RefusedError, checked, error, refused
from tests.servers.anthropic_events import NAME, end, named, start, value_of, whole
from tests.servers.backend import Backend, Chat
from tests.servers.event_stream import Form, event
from tests.servers.faults import Faults

HEADERS: Final = "x-api-key, anthropic-version, anthropic-dangerous-direct-browser-access, content-type"
_BROWSER: Final = "anthropic-dangerous-direct-browser-access"


@dataclass(frozen=True)
class Settings:
    """How a server is set up. `requests` is how many are answered; `calls_tools`: given tools are always used."""

    keys: tuple[str, ...] = ()
    requests: int | None = None
    calls_tools: bool = False


class Anthropic:
    """The endpoints of the API."""

    prefix = "/v1"

    def __init__(self, options: argparse.Namespace, settings: Settings, faults: Faults) -> None:
        self.backend: Backend = reference.backend(options)
        broken = event(error("overloaded_error", "Overloaded"), "error")
        malformed = b'event: content_block_delta\ndata: {"type": "content_block_del\n\n'
        self.playing = reference.Playing(faults, Form(error=broken, malformed=malformed))
        self._model = options.model
        self._settings = settings
        self._sent = 0

    def routes(self) -> list[reference.Route]:
        """The endpoints."""
        return [("/models", "GET", self.models), ("/messages", "POST", self.chat)]

    def before(self) -> ResponseReturnValue | None:
        """The refusals that come before any endpoint."""
        if request.method == "OPTIONS":
            return None
        try:
            self._admit()
        except RefusedError as refusal:
            return refused(refusal)
        return None

    def cors(self, asked: Any, response: Response, only_origin: str | None) -> None:
        """Any origin may read, when the header is sent or asked for."""
        wanted = asked.headers.get("Access-Control-Request-Headers", "")
        response.headers["Access-Control-Allow-Origin"] = only_origin or asked.headers.get("Origin", "*")
        response.headers["Vary"] = "Origin"
        if asked.method == "OPTIONS" and _BROWSER in wanted.lower():
            response.headers["Access-Control-Allow-Headers"] = HEADERS
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        if self._settings.requests is not None:
            left = max(self._settings.requests - self._sent, 0)
            response.headers["anthropic-ratelimit-requests-limit"] = str(self._settings.requests)
            response.headers["anthropic-ratelimit-requests-remaining"] = str(left)
            response.headers["anthropic-ratelimit-requests-reset"] = "2100-01-01T00:00:00Z"

    def models(self) -> ResponseReturnValue:
        """The one model there is."""
        item = {
            "type": "model",
            "id": NAME,
            "display_name": "Tinker 1M",
            "created_at": "2026-01-01T00:00:00Z",
        }
        return jsonify(data=[item], has_more=False, first_id=NAME, last_id=NAME)

    def chat(self) -> ResponseReturnValue:
        """A message."""
        self.playing.wait()
        try:
            body = checked(request.get_json(silent=True), NAME)
            events = self._events(body)
            if body.get("stream"):
                return self.playing.play(NAME, events)
            return jsonify(whole(events))
        except RefusedError as refusal:
            return refused(refusal)
        except llama.ContextExceededError:
            words = (
                str(error)
                .replace("Requested tokens (", "")
                .replace(") exceed context window of ", " tokens > ")
            )
            return refused(RefusedError("invalid_request_error", f"prompt is too long: {words} maximum"))
        except llama.LlamaError as failure:
            return refused(RefusedError("api_error", str(failure)))

    def _admit(self) -> None:
        self._sent += 1
        if request.headers.get("Origin") and request.headers.get(_BROWSER) != "true":
            raise RefusedError("authentication_error", f"CORS requests must set '{_BROWSER}' header")
        keys, key = self._settings.keys, request.headers.get("x-api-key")
        if keys and not key:
            raise RefusedError("authentication_error", "x-api-key header is required")
        if keys and key not in keys:
            raise RefusedError("authentication_error", "invalid x-api-key")
        if not request.headers.get("anthropic-version"):
            raise RefusedError("invalid_request_error", "anthropic-version: header is required")
        if self._settings.requests is not None and self._sent > self._settings.requests:
            words = (
                f"This request would exceed your rate limit of {self._settings.requests} requests per minute"
            )
            raise RefusedError("rate_limit_error", words)

    def _events(self, body: dict[str, Any]) -> Iterator[bytes]:
        tools = body.get("tools") or []
        is_forced = self._settings.calls_tools or (body.get("tool_choice") or {}).get("type") in {
            "any",
            "tool",
        }
        schema = ((body.get("output_config") or {}).get("format") or {}).get("schema")
        if tools and is_forced:
            return self._calling(body, tools[0])
        if schema is not None:
            return self._written(body, schema)
        fields = {
            name: value for name, value in body.items() if name not in {"thinking", "tools", "output_config"}
        }
        events = self.backend.events(self._model, "/v1/messages", {**fields, "stream": True})
        return (
            self._thinking(body, events) if (body.get("thinking") or {}).get("type") != "disabled" else events
        )

    def _thinking(self, body: dict[str, Any], events: Iterator[bytes]) -> Iterator[bytes]:
        """The events, after a block of thoughts when they are asked for: the first words of another answer."""
        if not body.get("thinking"):
            yield from events
            return
        chat = Chat(_openai(body), options={"max_tokens": 12})
        thoughts = (piece for piece in self.backend.pieces(self._model, chat) if isinstance(piece, str))
        yield next(events)
        yield named(
            "content_block_start",
            index=0,
            content_block={"type": "thinking", "thinking": "", "signature": ""},
        )
        for thought in thoughts:
            yield named("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": thought})
        yield named(
            "content_block_delta", index=0, delta={"type": "signature_delta", "signature": "RXJlZg=="}
        )
        yield named("content_block_stop", index=0)
        yield named("ping")
        for one in events:
            value = value_of(one)
            if "index" in value:
                value["index"] += 1
            yield event(value, value["type"])

    def _written(self, body: dict[str, Any], schema: dict[str, Any] | None) -> Iterator[bytes]:
        """A text that follows a schema."""
        yield start()
        yield named("content_block_start", index=0, content_block={"type": "text", "text": ""})
        for piece in self.backend.pieces(self._model, Chat(_openai(body), schema, _options(body))):
            if isinstance(piece, str):
                yield named("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
            else:
                yield named("content_block_stop", index=0)
                yield from end(piece, "max_tokens" if piece.finish == "length" else "end_turn")

    def _calling(self, body: dict[str, Any], tool: dict[str, Any]) -> Iterator[bytes]:
        """A call of a tool, its arguments as the model writes them under its schema."""
        block = {"type": "tool_use", "id": "toolu_01", "name": tool["name"], "input": {}}
        yield start()
        yield named("content_block_start", index=0, content_block=block)
        for piece in self.backend.pieces(
            self._model, Chat(_openai(body), tool["input_schema"], _options(body))
        ):
            if isinstance(piece, str):
                yield named(
                    "content_block_delta", index=0, delta={"type": "input_json_delta", "partial_json": piece}
                )
            else:
                yield named("content_block_stop", index=0)
                yield from end(piece, "tool_use")


def _openai(body: dict[str, Any]) -> list[dict[str, Any]]:
    system = [{"role": "system", "content": body["system"]}] if body.get("system") else []
    return [*system, *body["messages"]]


def _options(body: dict[str, Any]) -> dict[str, Any]:
    return {"max_tokens": body["max_tokens"], "temperature": body.get("temperature")}


def main(arguments: list[str] | None = None) -> None:
    """The program."""
    parser = argparse.ArgumentParser(
        prog="anthropic", description="Anthropic's Messages API, with llama.cpp behind it."
    )
    reference.add_arguments(parser)
    parser.add_argument("--requests", type=int, help="requests that are answered before the limit is reached")
    parser.add_argument("--calls-tools", action="store_true", help="the model always calls the first tool")
    options = parser.parse_args(arguments)
    faults = serve.read_faults(parser, options)
    settings = Settings(tuple(options.key), options.requests, options.calls_tools)
    server = Anthropic(options, settings, faults)
    reference.run(server, server.playing, faults, options)


if __name__ == "__main__":
    main()
