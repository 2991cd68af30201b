"""Owns what the reference servers of the chat dialects share: the application, its faults, and the program."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Protocol

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from tests.servers import control, cors, event_stream, serve, wire
from tests.servers.backend import MODEL, Backend
from tests.servers.faults import Faults

SOCKET: Final = "WEBSOCKET"
"""The method of an endpoint that is a WebSocket."""

Route = tuple[str, str, Callable[..., ResponseReturnValue]]


class Server(Protocol):
    """One dialect. `prefix` is the path of its base URL."""

    prefix: str
    backend: Backend

    def routes(self) -> Iterable[Route]:
        """Path below the prefix, method and view of each endpoint; a view's name is the endpoint's in faults."""
        ...

    def before(self) -> ResponseReturnValue | None:
        """What is answered instead of a view, preflights too: refusals, and the product's own preflights."""
        ...

    def cors(self, asked: Any, response: Response, only_origin: str | None) -> None:
        """Add the product's CORS headers."""
        ...


class Playing:
    """Streams of one dialect, with the faults of generating."""

    def __init__(self, faults: Faults, form: event_stream.Form) -> None:
        self.streams = event_stream.Streams()
        self._faults = faults
        self._form = form

    def wait(self) -> None:
        """Let the faults work that hold an answer up."""
        self._faults.hold_while("generate-stall")
        self._faults.delay("generate-delay")

    def play(self, model: str, events: Iterator[bytes]) -> Response:
        """Stream events. What fails before the first one is raised here, when a status can still be chosen."""
        first = list(itertools.islice(events, 1))
        handler = wire.connection(request)
        return self.streams.play(
            model, itertools.chain(first, events), 0.0, self._faults, handler, self._form
        )


def create_app(server: Server, faults: Faults, details: control.Details | None) -> Flask:
    """The Flask application of `server`, with its CORS headers, faults and control routes."""
    app = Flask(__name__, static_folder=None)
    cors.install(app, faults, server.cors)

    @app.after_request
    def tell_when_to_retry(response: Response) -> Response:
        seconds = faults.number("retry-after")
        if seconds is not None and response.status_code in {429, 503}:
            response.headers["Retry-After"] = f"{seconds:g}"
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        return response

    control.install(app, faults, uploads=frozenset(), details=details)

    @app.before_request
    def answer_before() -> ResponseReturnValue | None:
        return None if request.path == control.PATH else server.before()

    for path, method, view in server.routes():
        is_socket = method == SOCKET
        methods = ["GET" if is_socket else method]
        app.add_url_rule(server.prefix + path, view.__name__, view, methods=methods, websocket=is_socket)
    return app


def add_arguments(parser: argparse.ArgumentParser, *, with_key: bool = True) -> None:
    """Add the options that all of these servers have."""
    serve.add_arguments(parser)
    parser.add_argument("--model", type=Path, default=MODEL, help="the GGUF file (default: %(default)s)")
    parser.add_argument("--n-ctx", type=int, default=4096, help="context length (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="threads that the model works with")
    if with_key:
        parser.add_argument(
            "--key", action="append", default=[], help="an API key that is taken; several may be"
        )


def backend(options: argparse.Namespace) -> Backend:
    """The llama.cpp behind a server with these options."""
    return Backend(options.n_ctx, options.threads)


def run(server: Server, playing: Playing | None, faults: Faults, options: argparse.Namespace) -> None:
    """Serve until told to stop."""

    def details() -> dict[str, Any]:
        streams = playing.streams.as_json() if playing else []
        return {"streams": streams, "loaded": server.backend.processes()}

    app = create_app(server, faults, details if options.control else None)
    options.port = options.port or 0
    serve.run(app, options, server.prefix, server.backend.close)
