"""Owns the reference server of Ollama's own API: chats, and the models that it keeps, with a real llama.cpp behind it.

Run it as ``python -m tests.servers.ollama --models FOLDER``. The library from which models are pulled is the folder of
``--library``: a pull really copies a file, in the pieces that its progress tells. CORS is as Ollama's: pages of this
machine, and those of ``--origin``, as OLLAMA_ORIGINS; all others get a 403.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from tests.servers import llama, reference, serve
from tests.servers.backend import MODEL, Backend, Chat
from tests.servers.event_stream import Form, line
from tests.servers.faults import Faults
from tests.servers.ollama_lines import DATE, details, joined, last, line_of
from tests.servers.ollama_store import Kept, Store

NDJSON: Final = "application/x-ndjson"
LOCAL: Final = re.compile(
    r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?|(?:app|file|tauri|vscode-webview)://.*"
)
_ALLOWED: Final = (
    "Authorization,Content-Type,User-Agent,Accept,X-Requested-With,OpenAI-Beta,x-stainless-arch,x-stainless-async,"
    "x-stainless-custom-poll-interval,x-stainless-helper-method,x-stainless-lang,x-stainless-os,"
    "x-stainless-package-version,x-stainless-poll-helper,x-stainless-retry-count,x-stainless-runtime,"
    "x-stainless-runtime-version,x-stainless-timeout"
)
_METHODS: Final = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"
_OPTIONS: Final = {"num_predict": "max_tokens"}


class Ollama:
    """The endpoints of the API."""

    prefix = ""

    def __init__(self, options: argparse.Namespace, faults: Faults) -> None:
        self.backend: Backend = reference.backend(options)
        form = Form(
            NDJSON,
            line({"error": "llama runner process has terminated: exit status 2"}),
            b'{"message": {"con\n',
        )
        self.playing = reference.Playing(faults, form)
        self._store = Store(options.models, options.library)
        self._options = options

    def routes(self) -> list[reference.Route]:
        """The endpoints."""
        return [
            ("/api/version", "GET", self.version),
            ("/api/tags", "GET", self.models),
            ("/api/chat", "POST", self.chat),
            ("/api/generate", "POST", self.generate),
            ("/api/embed", "POST", self.embed),
            ("/api/pull", "POST", self.pull),
            ("/api/show", "POST", self.show),
            ("/api/ps", "GET", self.loaded),
            ("/api/delete", "DELETE", self.delete),
        ]

    def before(self) -> ResponseReturnValue | None:
        """Preflights, and the 403 that pages of other origins get."""
        origin = request.headers.get("Origin")
        if origin and not self._is_allowed(origin):
            return Response(status=403)
        return Response(status=204) if request.method == "OPTIONS" else None

    def cors(self, asked: Any, response: Response, only_origin: str | None) -> None:
        """The origin is echoed, if it is allowed."""
        origin = asked.headers.get("Origin")
        if not origin or not self._is_allowed(origin):
            return
        response.headers["Access-Control-Allow-Origin"] = only_origin or origin
        response.headers["Vary"] = "Origin"
        if asked.method == "OPTIONS":
            response.headers["Access-Control-Allow-Headers"] = _ALLOWED
            response.headers["Access-Control-Allow-Methods"] = _METHODS
            response.headers["Access-Control-Max-Age"] = "43200"

    def version(self) -> ResponseReturnValue:
        """Which Ollama this is like."""
        return jsonify(version="0.13.0")

    def models(self) -> ResponseReturnValue:
        """What was pulled."""
        return jsonify(models=[self._listed(kept) for kept in self._store.all()])

    def loaded(self) -> ResponseReturnValue:
        """What is in memory."""
        paths = self.backend.loaded()
        kept = [one for one in self._store.all() if str(one.path) in paths]
        return jsonify(
            models=[
                self._listed(one) | {"expires_at": DATE, "size_vram": 0, "context_length": 4096}
                for one in kept
            ]
        )

    def show(self) -> ResponseReturnValue:
        """What a model is like."""
        kept = self._store.find(_asked_model())
        if kept is None:
            return _not_found(_asked_model())
        info = {"general.architecture": "llama", "llama.context_length": 1024, "llama.embedding_length": 128}
        return jsonify(
            license="MIT License",
            modelfile="FROM tinker",
            template="{{ .Prompt }}",
            details=details(),
            model_info=info,
            capabilities=["completion", *self._options.capability],
            modified_at=DATE,
        )

    def delete(self) -> ResponseReturnValue:
        """Delete a model; the answer is empty."""
        kept = self._store.find(_asked_model())
        if kept is None:
            return jsonify(error=f"model '{_asked_model()}' not found"), 404
        self.backend.unload(kept.path)
        kept.path.unlink()
        return Response(status=200)

    def pull(self) -> ResponseReturnValue:
        """Copy a model from the library, telling how far it is."""
        return self.playing.play(_asked_model(), map(line, self._store.pull(_asked_model())))

    def embed(self) -> ResponseReturnValue:
        """Vectors."""
        body = _body()
        kept = self._store.find(_asked_model())
        if kept is None:
            return _not_found(_asked_model())
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        return jsonify(model=body["model"], embeddings=self.backend.vectors(kept.path, texts))

    def generate(self) -> ResponseReturnValue:
        """Loading and unloading: without a prompt, that is what this endpoint is for."""
        kept = self._store.find(_asked_model())
        if kept is None:
            return _not_found(_asked_model())
        is_unload = _body().get("keep_alive") == 0
        try:
            self.backend.unload(kept.path) if is_unload else self.backend.load(kept.path)
        except llama.LlamaError as error:
            return jsonify(error=f"unable to load model: {error}"), 500
        reason = "unload" if is_unload else "load"
        return jsonify(model=_asked_model(), created_at=DATE, response="", done=True, done_reason=reason)

    def chat(self) -> ResponseReturnValue:
        """A chat."""
        self.playing.wait()
        body = _body()
        kept = self._store.find(_asked_model())
        if kept is None:
            return _not_found(_asked_model())
        wanted = {"thinking": body.get("think"), "tools": body.get("tools")}
        for name, is_wanted in wanted.items():
            if is_wanted and name not in self._options.capability:
                return jsonify(error=f'"{body["model"]}" does not support {name}'), 400
        try:
            lines = self._lines(kept, body)
            if body.get("stream", True) is False:
                return jsonify(joined(list(lines)))
            return self.playing.play(body["model"], map(line, lines))
        except llama.LlamaLoadError:
            return jsonify(error="llama runner process has terminated: error loading model"), 500
        except llama.LlamaError as error:
            return jsonify(error=str(error)), 500

    def _lines(self, kept: Kept, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The lines of a stream."""
        messages, options = body.get("messages") or [], body.get("options") or {}
        given = {_OPTIONS.get(name, name): value for name, value in options.items() if name != "num_ctx"}
        if body.get("think"):
            for thought in self.backend.pieces(kept.path, Chat(messages, options={"max_tokens": 12})):
                if isinstance(thought, str):
                    yield line_of(body, {"thinking": thought, "content": ""})
        if body.get("tools"):
            function = body["tools"][0]["function"]
            answer = self.backend.whole(kept.path, Chat(messages, function["parameters"], given))
            call = {"function": {"name": function["name"], "arguments": json.loads(answer.text)}}
            yield line_of(body, {"content": "", "tool_calls": [call]})
            yield last(body, answer)
            return
        schema = body.get("format") if isinstance(body.get("format"), dict) else None
        for piece in self.backend.pieces(kept.path, Chat(messages, schema, given)):
            yield line_of(body, {"content": piece}) if isinstance(piece, str) else last(body, piece)

    def _is_allowed(self, origin: str) -> bool:
        return "*" in self._options.origin or origin in self._options.origin or bool(LOCAL.fullmatch(origin))

    def _listed(self, kept: Kept) -> dict[str, Any]:
        size = kept.path.stat().st_size
        return {
            "name": kept.name, "model": kept.name, "modified_at": DATE, "size": size, "digest": kept.digest,
            "details": details(),
        }  # fmt: skip


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _asked_model() -> str:
    return str(_body().get("model") or _body().get("name") or "")


def _not_found(model: str) -> ResponseReturnValue:
    return jsonify(error=f"model '{model}' not found"), 404


def main(arguments: list[str] | None = None) -> None:
    """The program."""
    parser = argparse.ArgumentParser(prog="ollama", description="Ollama's API, with llama.cpp behind it.")
    reference.add_arguments(parser, with_key=False)
    parser.add_argument("--models", type=Path, required=True, help="folder of the models that are there")
    parser.add_argument(
        "--library", type=Path, default=MODEL.parent, help="folder that models are pulled from"
    )
    parser.add_argument(
        "--origin", action="append", default=[], help="an origin that is allowed as well, or *"
    )
    parser.add_argument(
        "--capability", action="append", default=[], choices=("thinking", "tools"), help="what the models can"
    )
    options = parser.parse_args(arguments)
    faults = serve.read_faults(parser, options)
    server = Ollama(options, faults)
    reference.run(server, server.playing, faults, options)


if __name__ == "__main__":
    main()
