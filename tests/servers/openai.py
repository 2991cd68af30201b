"""Owns the reference server of OpenAI's dialect: the real llama-server, and scripted streams of any length and speed.

Run it as ``python -m tests.servers.openai``; ``--help`` tells the options and the faults. When it is ready it prints
one line, ``ready http://127.0.0.1:PORT/v1``.

Chat, completions and embeddings are llama-server's own answers, passed on through the faults. Beside its model it
lists scripted ones: ``markdown-8000-at-200`` streams 8,000 tokens of mixed Markdown at 200 tokens a second (any two
numbers do; a rate of 0 is as fast as it goes), ``recorded`` what stands in the file of ``--script``.

With ``--direct`` there is nothing between: llama-server itself listens, without faults and control.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from tests.servers import control, corpus, cors, event_stream, llama, serve, wire
from tests.servers.faults import Faults

PREFIX: Final = "/v1"
MODEL: Final = Path(__file__).parents[2] / "static" / "models" / "tinker-1m-q8_0.gguf"
TRAINED_FOR: Final = 1024
"""Tokens of context that `MODEL` was trained for; llama-server gives it no more, whatever it is started with."""
SCRIPTED: Final = tuple(f"markdown-{count}-at-{rate}" for count in (8000, 32000) for rate in (200, 2000))
RECORDED: Final = "recorded"
_MARKDOWN: Final = re.compile(r"markdown-(\d{1,7})-at-(\d{1,7})")
_PASSED_ON: Final = ("Authorization", "Content-Type")


@dataclass(frozen=True)
class Settings:
    """How a server is set up."""

    model: Path = MODEL
    keys: tuple[str, ...] = ()
    script: Path | None = None
    n_ctx: int = 4096
    threads: int = 1


class OpenAi:
    """The endpoints of the API."""

    def __init__(self, settings: Settings, faults: Faults) -> None:
        self._settings = settings
        self._faults = faults
        self._streams = event_stream.Streams()
        self._pool = llama.LlamaPool(2)

    def close(self) -> None:
        """End every llama-server."""
        self._pool.close()

    def details(self) -> dict[str, Any]:
        """For tests: the streams that were begun, and the processes behind them."""
        return {"streams": self._streams.as_json(), "loaded": self._pool.processes()}

    def models(self) -> ResponseReturnValue:
        """llama-server's model and the scripted ones."""
        if (refusal := self._refusal()) is not None:
            return refusal
        names = [self._settings.model.name, *SCRIPTED, *([RECORDED] if self._settings.script else [])]
        listed: list[dict[str, Any]] = [
            {"id": name, "object": "model", "created": 0, "owned_by": "reference"} for name in names
        ]
        listed[0]["meta"] = {"n_ctx": min(self._settings.n_ctx, TRAINED_FOR)}
        return jsonify(object="list", data=listed)

    def chat(self) -> ResponseReturnValue:
        """A streamed or whole chat completion."""
        if (refusal := self._refusal()) is not None:
            return refusal
        self._faults.hold_while("generate-stall")
        self._faults.delay("generate-delay")
        model = str((request.get_json(silent=True) or {}).get("model", ""))
        scripted = self._scripted(model)
        if scripted is None:
            return self._pass_on("chat/completions", model)
        events, rate = scripted
        return self._streams.play(model, events, rate, self._faults, wire.connection(request))

    def completions(self) -> ResponseReturnValue:
        """A legacy completion."""
        return self._pass_on("completions", "completions")

    def embeddings(self) -> ResponseReturnValue:
        """Vectors."""
        return self._pass_on("embeddings", "embeddings", embeds=True)

    def _refusal(self) -> ResponseReturnValue | None:
        """What llama-server answers to a wrong key, for the answers that are not its own."""
        keys = self._settings.keys
        if not keys or request.headers.get("Authorization", "").removeprefix("Bearer ") in keys:
            return None
        error = {"message": "Invalid API Key", "type": "authentication_error", "code": 401}
        return jsonify(error=error), 401

    def _scripted(self, model: str) -> tuple[Iterator[bytes], float] | None:
        if model == RECORDED and self._settings.script is not None:
            return _events(iter([self._settings.script.read_bytes()])), 0.0
        found = _MARKDOWN.fullmatch(model)
        return None if found is None else (_chunks(model, int(found[1])), float(found[2]))

    def _pass_on(self, path: str, model: str, *, embeds: bool = False) -> ResponseReturnValue:
        """The answer of llama-server itself."""
        body = request.get_data()
        if self._faults.flag("no-stream"):
            wanted = request.get_json()
            body = json.dumps(
                {name: wanted[name] for name in wanted if not name.startswith("stream")}
            ).encode()
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        reply = self._ask(path, body, headers, embeds)
        media_type = reply.headers["Content-Type"]
        if not media_type.startswith("text/event-stream"):
            return Response(reply.read(), reply.status, content_type=media_type)
        events = _events(iter(lambda: reply.read1(65536), b""))
        return self._streams.play(model, events, 0.0, self._faults, wire.connection(request))

    def _ask(self, path: str, body: bytes, headers: dict[str, str], embeds: bool) -> http.client.HTTPResponse:
        spec = llama.LlamaSpec(
            str(self._settings.model),
            n_ctx=self._settings.n_ctx,
            n_threads=self._settings.threads,
            embeds=embeds,
            api_keys=self._settings.keys,
        )
        with self._pool.lease("embeddings" if embeds else "chat", spec) as server:
            connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
            connection.request("POST", f"{PREFIX}/{path}", body, headers)
            return connection.getresponse()


def _events(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Whole events from pieces cut anywhere."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n\n")
        yield from (one + b"\n\n" for one in whole)
    if rest:
        yield rest


def _chunks(model: str, count: int) -> Iterator[bytes]:
    """The events of a chat completion with so many tokens."""
    head = {"id": f"chatcmpl-{model}", "object": "chat.completion.chunk", "created": 0, "model": model}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        return event_stream.event(head | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    yield chunk({"role": "assistant", "content": ""})
    for token in corpus.tokens(count):
        yield chunk({"content": token})
    yield chunk({}, "stop")
    usage = {"prompt_tokens": 10, "completion_tokens": count, "total_tokens": count + 10}
    yield event_stream.event(head | {"choices": [], "usage": usage})
    yield event_stream.DONE


def create_app(api: OpenAi, faults: Faults, *, with_control: bool) -> Flask:
    """The Flask application of `api`, with its CORS headers, faults and control routes."""
    app = Flask(__name__, static_folder=None)
    cors.install(app, faults)

    @app.after_request
    def tell_when_to_retry(response: Response) -> Response:
        seconds = faults.number("retry-after")
        if seconds is not None and response.status_code in {429, 503}:
            response.headers["Retry-After"] = f"{seconds:g}"
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        return response

    control.install(app, faults, uploads=frozenset(), details=api.details if with_control else None)
    for path, method, view in (
        ("/models", "GET", api.models),
        ("/chat/completions", "POST", api.chat),
        ("/completions", "POST", api.completions),
        ("/embeddings", "POST", api.embeddings),
    ):
        app.add_url_rule(PREFIX + path, view.__name__, view, methods=[method])
    return app


def _serve_directly(settings: Settings, options: argparse.Namespace) -> None:
    spec = llama.LlamaSpec(
        str(settings.model),
        n_ctx=settings.n_ctx,
        n_threads=settings.threads,
        port=options.port or 0,
        api_keys=settings.keys,
        cors_origins=options.cors_origin,
        embeds=options.serves == "embeddings",
        ranks=options.serves == "ranks",
    )
    server = llama.LlamaServer(spec)
    print(f"ready {server.url}{PREFIX}", flush=True)
    try:
        sys.stdin.read()
    finally:
        server.close()


def main(arguments: list[str] | None = None) -> None:
    """The program."""
    parser = argparse.ArgumentParser(prog="openai", description="A real llama-server, and scripted streams.")
    serve.add_arguments(parser)
    parser.add_argument("--model", type=Path, default=MODEL, help="the GGUF file (default: %(default)s)")
    parser.add_argument("--key", action="append", default=[], help="an API key that is taken; several may be")
    parser.add_argument("--script", type=Path, help="a recorded stream, played by the model named recorded")
    parser.add_argument("--n-ctx", type=int, default=4096, help="context length (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="threads that the model works with")
    parser.add_argument("--direct", action="store_true", help="let llama-server itself listen")
    parser.add_argument(
        "--serves",
        choices=("answers", "embeddings", "ranks"),
        default="answers",
        help="with --direct: what it was started for",
    )
    parser.add_argument("--cors-origin", default="*", help="with --direct: the origin that may read answers")
    options = parser.parse_args(arguments)
    settings = Settings(
        options.model.resolve(), tuple(options.key), options.script, options.n_ctx, options.threads
    )
    if options.direct:
        _serve_directly(settings, options)
        return
    faults = serve.read_faults(parser, options)
    api = OpenAi(settings, faults)
    app = create_app(api, faults, with_control=options.control)
    options.port = options.port or 0
    serve.run(app, options, PREFIX, api.close)


if __name__ == "__main__":
    main()
