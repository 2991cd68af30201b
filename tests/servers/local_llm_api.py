"""Owns the reference server of the Local LLM API: its eight endpoints, with the real llama.cpp behind them.

Run it as ``python -m tests.servers.local_llm_api``; ``--help`` tells the options and the faults. When it is
ready it prints one line, ``ready http://127.0.0.1:PORT/api/v1``. It serves tests, and people who have no such
API yet.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from tests.servers import control, cors, generation, llama, serve, uploads, wire
from tests.servers.faults import Faults
from tests.servers.local_llm_variants import VARIANTS, Documented
from tests.servers.models_folder import ModelFile, ModelsFolder

SERVICE: Final = "Local LLM API"
VERSION: Final = "1.0.0"


@dataclass(frozen=True)
class Settings:
    """How a server is set up. `None` means the variant's own value."""

    models: Path
    variant: str = "doc"
    prefix: str = "/api/v1"
    max_content_length: int = 10 * 2**30
    n_ctx: int | None = None
    request_timeout: float | None = None
    cache_limit: int = 4
    threads: int = 1
    control: bool = False


class LocalLlmApi:
    """The endpoints of the API: most public methods answer one of them."""

    def __init__(self, settings: Settings, faults: Faults) -> None:
        self._settings = settings
        self._faults = faults
        self._folder = ModelsFolder(settings.models)
        self._pool = llama.LlamaPool(settings.cache_limit)
        self._variant: Documented = VARIANTS[settings.variant](self._folder, self._pool)

    def close(self) -> None:
        """Free every loaded model."""
        self._pool.close()

    def loaded(self) -> dict[str, Any]:
        """For tests: the processes behind the cache."""
        return {"loaded": self._pool.processes()}

    def index(self) -> Response:
        """Outside the prefix: says what this is, and where."""
        return jsonify(service=SERVICE, version=VERSION, api=self._settings.prefix)

    def health(self) -> Response:
        """Whether the service runs."""
        return jsonify(status="healthy", service=SERVICE, version=VERSION)

    def models(self) -> Response:
        """Every model in the folder."""
        return jsonify(self._variant.listing(self._folder.list()))

    def sync(self) -> Response:
        """The folder is read at every request, so that there is nothing to bring up to date."""
        data = self._variant.listing(self._folder.list())
        return jsonify(message="Models list synchronized successfully", data=data)

    def upload(self) -> ResponseReturnValue:
        """Store a model."""
        try:
            name, model = uploads.receive(request, self._folder, self._variant.upload_name, self._faults)
        except uploads.UploadRefusedError as refusal:
            return jsonify(error=str(refusal)), refusal.status
        self._faults.delay("store-delay")
        if self._faults.flag("drop-answer"):
            raise wire.ConnectionDropped
        info = self._variant.item(model, name)
        return jsonify(message="File uploaded successfully", filename=name, model_info=info)

    def delete(self, name: str) -> ResponseReturnValue:
        """Delete a model, named with or without extension."""
        model = self._folder.find(name)
        if model is None:
            return jsonify(error="Model not found"), 404
        try:
            self._folder.delete(model)
        except OSError as error:
            return jsonify(error=f"Failed to delete model: {error.strerror}"), 500
        if self._variant.evicts_deleted:
            self._pool.evict(str(self._folder.file(model)))
        remaining = len(self._folder.list())
        return jsonify(message="Model deleted successfully", filename=model.name, remaining_models=remaining)

    def generate(self) -> ResponseReturnValue:
        """Answer a question with a model."""
        fields = request.get_json(silent=not self._variant.strict_json)
        if not fields or not isinstance(fields, dict):
            return jsonify(error="Request body is required"), 400
        if not fields.get("question"):
            return jsonify(error="Question is required"), 400
        if not fields.get("model_name"):
            return jsonify(error="Model name is required"), 400
        model = self._folder.find(str(fields["model_name"]))
        if model is None:
            return jsonify(self._variant.model_not_found(str(fields["model_name"]))), 404
        started = time.monotonic()
        try:
            body, status = self._generate(fields, model, started), 200
        except (llama.LlamaError, generation.GenerationError) as error:
            body, status = self._variant.failed(fields, error, time.monotonic() - started)
        if self._faults.flag("generate-stop"):
            return wire.stopping_half_way(jsonify(body))
        return jsonify(body), status

    def cache_clear(self) -> Response:
        """Free every loaded model."""
        self._pool.clear()
        return jsonify(message="Cache cleared successfully")

    def cache_status(self) -> Response:
        """Which models are loaded."""
        keys = self._pool.keys()
        return jsonify(cached_models=keys, count=len(keys))

    def _generate(self, fields: dict[str, Any], model: ModelFile, started: float) -> dict[str, Any]:
        variant = self._variant
        timeout = self._settings.request_timeout or variant.request_timeout
        wanted = generation.read(fields, self._defaults(), sizes_settable=variant.sizes_settable)
        self._faults.hold_while("generate-stall", timeout)
        self._faults.delay("generate-delay", timeout)
        deadline = None if timeout is None else started + timeout
        if deadline is not None and time.monotonic() >= deadline:
            raise llama.LlamaTimeoutError("Request timeout")
        spec = llama.LlamaSpec(
            path=str(self._folder.file(model)),
            n_ctx=wanted.n_ctx,
            n_batch=wanted.n_batch,
            n_gpu_layers=wanted.n_gpu_layers,
            n_threads=self._settings.threads,
        )
        with self._pool.lease(variant.cache_key(model, wanted), spec) as server:
            answer = generation.generate(wanted, server, started, deadline)
        return variant.answered(wanted, model, answer)

    def _defaults(self) -> generation.Defaults:
        defaults = self._variant.defaults
        return defaults if self._settings.n_ctx is None else replace(defaults, n_ctx=self._settings.n_ctx)


def create_app(api: LocalLlmApi, settings: Settings, faults: Faults) -> Flask:
    """The Flask application of `api`, with its CORS headers, faults and control routes."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_content_length
    cors.install(app, faults)
    details = api.loaded if settings.control else None
    control.install(app, faults, uploads=frozenset({"upload"}), details=details)
    if VARIANTS[settings.variant].breaks_errors:
        _break_errors(app)
    for path, method, view in (
        ("/health", "GET", api.health),
        ("/models", "GET", api.models),
        ("/models", "POST", api.upload),
        ("/models/sync", "POST", api.sync),
        ("/models/<name>", "DELETE", api.delete),
        ("/generate", "POST", api.generate),
        ("/cache/clear", "POST", api.cache_clear),
        ("/cache/status", "GET", api.cache_status),
    ):
        app.add_url_rule(settings.prefix + path, view.__name__, view, methods=[method])
    app.add_url_rule("/", "index", api.index)
    if settings.variant.startswith("g1"):
        app.add_url_rule(settings.prefix + "/upload", "upload", methods=["POST"])
    return app


def _break_errors(app: Flask) -> None:
    @app.after_request
    def break_error(response: Response) -> Response:
        if response.status_code < 400 or request.path == control.PATH:
            return response
        cors.forget()
        return control.html_error(500)


def main(arguments: list[str] | None = None) -> None:
    """The program."""
    parser = argparse.ArgumentParser(prog="local_llm_api", description="A small, real Local LLM API.")
    serve.add_arguments(parser)
    parser.add_argument(
        "--models", type=Path, default=Path("models"), help="folder of GGUF files (default: models)"
    )
    parser.add_argument("--variant", choices=VARIANTS, default="doc", help="which implementation to be like")
    parser.add_argument("--prefix", default="/api/v1", help="path of the API (default: %(default)s)")
    parser.add_argument("--max-content-length", type=int, default=10 * 2**30, help="longest upload in bytes")
    parser.add_argument("--n-ctx", type=int, help="context length in tokens")
    parser.add_argument("--request-timeout", type=float, help="seconds that generate may take")
    parser.add_argument(
        "--cache-limit", type=int, default=4, help="models kept loaded (default: %(default)s)"
    )
    parser.add_argument(
        "--threads", type=int, default=os.cpu_count() or 1, help="threads that a model works with"
    )
    options = parser.parse_args(arguments)
    if not llama.is_installed():
        sys.exit("The package xllamacpp is missing: it brings the llama.cpp that runs the models.")
    faults = serve.read_faults(parser, options)
    settings = Settings(
        models=options.models.resolve(),
        variant=options.variant,
        prefix="/" + options.prefix.strip("/") if options.prefix.strip("/") else "",
        max_content_length=options.max_content_length,
        n_ctx=options.n_ctx,
        request_timeout=options.request_timeout,
        cache_limit=options.cache_limit,
        threads=options.threads,
        control=options.control,
    )
    if options.port is None:
        options.port = VARIANTS[settings.variant].port
    try:
        api = LocalLlmApi(settings, faults)
    except OSError as error:
        sys.exit(f"The models folder {settings.models} cannot be used: {error.strerror}.")
    app = create_app(api, settings, faults)
    print(f"{SERVICE}: models in {settings.models}, Ctrl+C stops it.", file=sys.stderr, flush=True)
    serve.run(app, options, settings.prefix, api.close)


if __name__ == "__main__":
    main()
