"""Owns the reference server of the LLM Router as observed, over HTTP, with a real llama.cpp behind it.

Run it as ``python -m tests.servers.llm_router``. Its CORS step comes late: what is answered before it (broken JSON, the
limit for one address) has no CORS headers. Keys have limits of a day, told in headers of which a page may read two.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any, Final

from flask import Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from tests.servers import cors, llama, reference, serve
from tests.servers.backend import Backend, Chat
from tests.servers.faults import Faults

NAME: Final = "mock-1"
ALLOWED: Final = "Content-Type, Authorization, X-API-Key, X-Admin-Key"
_EXPOSED: Final = "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
_RESET: Final = 4_102_444_800
_WAITING: Final = "Provide API key via Authorization: Bearer <key> or X-API-Key header"


class LlmRouter:
    """The endpoints of the API."""

    prefix = "/api"

    def __init__(self, options: argparse.Namespace, faults: Faults) -> None:
        self.backend: Backend = reference.backend(options)
        self._faults = faults
        self._options = options
        self._used = 0
        self._all = 0
        self._starting = options.starting

    def routes(self) -> list[reference.Route]:
        """The endpoints."""
        return [
            ("/health", "GET", self.health),
            ("/models", "GET", self.models),
            ("/chat", "POST", self.chat),
            ("/quick", "POST", self.quick),
        ]

    def before(self) -> ResponseReturnValue | None:
        """What comes before the endpoints: the limit for one address, JSON, CORS, the start, and the key."""
        self._all += request.path != "/api/health"
        if self._options.address_limit is not None and self._all > self._options.address_limit:
            cors.forget()
            return jsonify(error="Too many requests from this IP", retryAfter="15 minutes"), 429
        if request.method == "OPTIONS":
            return Response("OK", mimetype="text/plain")
        if request.content_length and request.get_json(silent=True) is None:
            cors.forget()
            details = "Expected property name or '}' in JSON at position 1"
            return jsonify(
                error="Internal server error", requestId="unknown", details=details, stack="at x"
            ), 500
        if request.url_rule is None:
            page = f"<!DOCTYPE html><title>Error</title><pre>Cannot {request.method} {request.path}</pre>"
            return Response(page, 404, mimetype="text/html")
        if request.path == "/api/health":
            return None
        return self._admit()

    def cors(self, asked: Any, response: Response, only_origin: str | None) -> None:  # noqa: ARG002 - the same for all
        """Any origin, but four headers only; and what counts the requests of a key."""
        response.headers["Access-Control-Allow-Origin"] = only_origin or "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = ALLOWED
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if g.get("counted"):
            limit = self._options.requests
            left = max(limit - self._used, 0)
            response.headers.update({"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left)})
            if response.status_code == 429:
                response.headers["X-RateLimit-Reset"] = str(_RESET)
            else:
                response.headers["X-RateLimit-Used"] = str(self._used)

    def health(self) -> ResponseReturnValue:
        """Whether it runs."""
        return jsonify(status="healthy", initialized=True, modelsLoaded=1, environment="node", error=None)

    def models(self) -> ResponseReturnValue:
        """The one model there is."""
        return jsonify(count=1, models=[{"id": NAME, "name": "Mock One", "format": "gguf", "loaded": True}])

    def chat(self) -> ResponseReturnValue:
        """An answer to messages, which are joined to one prompt."""
        body = self._body()
        if not body:
            return jsonify(error="Cannot read properties of undefined (reading 'messages')"), 500
        messages = body.get("messages")
        if not messages:
            return jsonify(error="No message provided"), 400
        return self._answered(messages, lambda answer: answer)

    def quick(self) -> ResponseReturnValue:
        """An answer to one prompt, which stands in an object."""
        prompt = self._body().get("prompt")
        if not prompt:
            return jsonify(error="Prompt required"), 400
        wrap = {"prompt": prompt, "model": NAME}
        return self._answered(
            [{"role": "user", "content": prompt}],
            lambda answer: {**wrap, "response": {**answer, "text": answer.pop("response")}},
        )

    def _answered(
        self, messages: list[dict[str, Any]], form: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> ResponseReturnValue:
        self._faults.hold_while("generate-stall")
        self._faults.delay("generate-delay")
        if self._options.no_models:
            words = "No models loaded. Cannot process request without AI models."
            return jsonify(error=words), 500
        body = self._body()
        options = {"max_tokens": body.get("maxTokens", 500), "temperature": body.get("temperature", 0.7)}
        try:
            answer = self.backend.whole(self._options.model, Chat(messages, options=options))
        except llama.LlamaError as error:
            return jsonify(error=str(error)), 500
        usage = {
            "promptTokens": answer.prompt_tokens,
            "completionTokens": answer.completion_tokens,
            "totalTokens": answer.prompt_tokens + answer.completion_tokens,
        }
        return jsonify(form({"response": answer.text, "model": body.get("model", NAME), "usage": usage}))

    def _body(self) -> dict[str, Any]:
        body = request.get_json(silent=True)
        return body if isinstance(body, dict) else {}

    def _admit(self) -> ResponseReturnValue | None:
        """The refusals that have CORS headers: while it starts, for a wrong key, and over the limit of the day."""
        if self._starting > 0:
            self._starting -= 1
            return jsonify(error="Server initializing"), 503
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        key = given or request.headers.get("X-API-Key", "")
        if not key:
            return jsonify(error="API key required", message=_WAITING), 401
        if key not in self._options.key:
            message = "Key not found" if "." in key else "Invalid key format"
            return jsonify(error="Invalid API key", message=message), 401
        g.counted = True
        if self._used >= self._options.requests:
            reset = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(_RESET))
            message = "Daily request limit exceeded"
            return jsonify(error="Rate limit exceeded", message=message, resetTime=reset), 429
        self._used += 1
        return None


def main(arguments: list[str] | None = None) -> None:
    """The program."""
    parser = argparse.ArgumentParser(
        prog="llm_router", description="The LLM Router, with llama.cpp behind it."
    )
    reference.add_arguments(parser)
    parser.add_argument("--requests", type=int, default=1000, help="requests a day (default: %(default)s)")
    parser.add_argument("--address-limit", type=int, help="requests of one address before a 429 without CORS")
    parser.add_argument("--starting", type=int, default=0, help="how many requests get a 503 at first")
    parser.add_argument("--no-models", action="store_true", help="nothing is loaded")
    options = parser.parse_args(arguments)
    faults = serve.read_faults(parser, options)
    reference.run(LlmRouter(options, faults), None, faults, options)


if __name__ == "__main__":
    main()
