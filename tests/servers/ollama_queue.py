"""Owns the reference server of the Ollama Queue, as its document describes it, with a real llama.cpp behind it.

Run it as ``python -m tests.servers.ollama_queue``. What the document leaves open are switches: which header takes the
key, the status of a queued request, whether its answer can ever be read, whether OPTIONS needs the key.
"""

from __future__ import annotations

import argparse
from typing import Any, Final

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from tests.servers import llama, reference, serve
from tests.servers.backend import Backend, Chat
from tests.servers.faults import Faults

MODELS: Final = {
    "llama3.2:3b": "General Purpose / Balanced",
    "phi4:mini": "Logic & Reasoning / 3.8B",
    "qwen3:4b": "Coding & Multilingual",
    "gemma3:4b": "Advanced Reasoning",
    "llama3.2:1b": "Ultra-light / Summarization",
    "qwen2.5-coder:3b": "Specialized Programming",
}
_ID: Final = "req_6789abcdef"


class OllamaQueue:
    """The endpoints of the API."""

    prefix = "/api/v1/llm"

    def __init__(self, options: argparse.Namespace, faults: Faults) -> None:
        self.backend: Backend = reference.backend(options)
        self._faults = faults
        self._options = options
        self._to_queue = options.queued
        self._waiting = 0
        self._results: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[reference.Route]:
        """The endpoints."""
        return [
            ("/generate", "POST", self.generate),
            ("/status", "GET", self.status),
            ("/models", "GET", self.models),
        ]

    def before(self) -> ResponseReturnValue | None:
        """The key, in the one header that this server takes; preflights, which have none."""
        if request.method == "OPTIONS" and not self._options.options_need_key:
            return Response(status=204)
        given = request.headers.get("X-API-Key")
        if self._options.header == "bearer":
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self._options.key and given not in self._options.key:
            return _error("Unauthorized", "Invalid or missing Bearer token", 401)
        if request.url_rule is None:
            path = request.path.removeprefix(self.prefix)
            return _error("Not Found", f"Endpoint not found: {path}", 404)
        return None

    def cors(self, asked: Any, response: Response, only_origin: str | None) -> None:
        """Any origin; the document says nothing about it."""
        response.headers["Access-Control-Allow-Origin"] = only_origin or "*"
        if asked.method == "OPTIONS" and response.status_code < 300:
            response.headers["Access-Control-Allow-Headers"] = "X-API-Key, Authorization, Content-Type"
            response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"

    def generate(self) -> ResponseReturnValue:
        """An answer, or a place in the queue."""
        self._faults.hold_while("generate-stall")
        self._faults.delay("generate-delay")
        body = request.get_json(silent=True) or {}
        if not body.get("model") or not body.get("prompt"):
            return _error("Bad Request", "model and prompt are required", 400)
        if self._options.stopped:
            failed = {"success": False, "error": "Ollama is not running", "ollama_running": False}
            return jsonify(failed), self._options.failure_status
        try:
            answer = self._answer(body)
        except llama.LlamaError as error:
            return _error("Internal Server Error", str(error), 500)
        if self._to_queue != 0:
            self._to_queue -= 1
            self._waiting = 1
            self._results[_ID] = answer
            place = {"request_id": _ID, "queue_position": 2, "queue_length": 3}
            return jsonify(success=True, message="Request queued", **place), self._options.queued_status
        return jsonify(answer)

    def status(self) -> ResponseReturnValue:
        """The state of the queue; the next time that it is asked, what waits is done."""
        waiting, self._waiting = self._waiting, 0
        installed = {"name": "llama3.2:3b", "size": 1_890_000_000, "modified_at": "2026-05-10T12:00:00Z"}
        state: dict[str, Any] = {
            "success": True,
            "ollama_running": not self._options.stopped,
            "current_model": "llama3.2:3b",
            "queue_length": waiting,
            "is_processing": bool(waiting),
            "available_models": list(MODELS),
            "installed_models": [installed],
        }
        if self._options.readable:
            state["results"] = self._results
        return jsonify(state)

    def models(self) -> ResponseReturnValue:
        """The models and what they are for."""
        return jsonify(success=True, models=MODELS)

    def _answer(self, body: dict[str, Any]) -> dict[str, Any]:
        options = body.get("options") or {}
        chat = Chat([{"role": "user", "content": body["prompt"]}], options=options)
        answer = self.backend.whole(self._options.model, chat)
        done = {"model": body["model"], "done": True, "queue_length": 0}
        return {"success": True, "request_id": _ID, "response": answer.text, **done}


def _error(error: str, message: str, status: int) -> ResponseReturnValue:
    return jsonify(success=False, error=error, message=message), status


def main(arguments: list[str] | None = None) -> None:
    """The program."""
    parser = argparse.ArgumentParser(
        prog="ollama_queue", description="The Ollama Queue, with llama.cpp behind it."
    )
    reference.add_arguments(parser)
    parser.add_argument(
        "--header", choices=("x-api-key", "bearer"), default="x-api-key", help="where the key is read"
    )
    parser.add_argument(
        "--queued", type=int, default=0, help="how many requests are queued at first; -1 is all"
    )
    parser.add_argument("--queued-status", type=int, default=200, help="status of a queued request")
    parser.add_argument(
        "--readable", action="store_true", help="the status tells the answers of queued requests"
    )
    parser.add_argument(
        "--options-need-key", action="store_true", help="preflights without the key get a 401"
    )
    parser.add_argument("--stopped", action="store_true", help="Ollama does not run")
    parser.add_argument("--failure-status", type=int, default=500, help="status of a failure")
    options = parser.parse_args(arguments)
    faults = serve.read_faults(parser, options)
    reference.run(OllamaQueue(options, faults), None, faults, options)


if __name__ == "__main__":
    main()
