"""Owns the reference server of the LLM Service, with a real llama.cpp behind it, in two profiles.

Run it as ``python -m tests.servers.llm_service``. ``doc`` is what its document says: events, OpenAI's errors, 404 for
models that it does not have. ``observed`` is what the implementation in use does: no streaming, FastAPI's errors, any
name routed to a tier, a text/plain 500 without CORS headers for a tier that is not configured.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import Any, Final

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from tests.servers import cors, llama, reference, serve
from tests.servers.backend import Answer, Backend, Chat
from tests.servers.event_stream import DONE, Form, event
from tests.servers.faults import Faults
from tests.servers.llm_service_checks import TIERS, UnhandledError, documented, error, observed, tier_of

_METHODS: Final = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY"
_OPTIONS: Final = ("temperature", "top_p", "top_k", "max_tokens", "stop", "seed", "repeat_penalty")


class LlmService:
    """The endpoints of the API."""

    prefix = "/v1"

    def __init__(self, options: argparse.Namespace, faults: Faults) -> None:
        self.backend: Backend = reference.backend(options)
        self.playing = reference.Playing(faults, Form())
        self._options = options
        self._is_doc = options.profile == "doc"
        self._loaded: set[str] = set()
        self._kept: dict[str, dict[str, Any]] = {}
        self._busy = options.loading

    def routes(self) -> list[reference.Route]:
        """The endpoints below /v1; the one outside stands in `before`."""
        return [
            ("/models", "GET", self.models),
            ("/chat/completions", "POST", self.chat),
            ("/completions", "POST", self.completions),
            ("/embeddings", "POST", self.embeddings),
            ("/rerank", "POST", self.rerank),
        ]

    def before(self) -> ResponseReturnValue | None:
        """Preflights, and the health, which stands outside the prefix."""
        if request.method == "OPTIONS":
            return Response("OK", mimetype="text/plain")
        if request.path == "/health":
            return jsonify(status="healthy", timestamp="2026-11-20T10:19:05.091242")
        if request.url_rule is None:
            return jsonify(detail="Not Found"), 404
        if request.method == "POST" and self._busy > 0:
            self._busy -= 1
            words = "Model is loading"
            return error(words, 503, "model_error") if self._is_doc else (jsonify(detail=words), 503)
        return None

    def cors(self, asked: Any, response: Response, only_origin: str | None) -> None:
        """The origin is echoed, with credentials."""
        origin = asked.headers.get("Origin")
        if not origin:
            return
        response.headers["Access-Control-Allow-Origin"] = only_origin or origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Vary"] = "Origin"
        if asked.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = _METHODS
            response.headers["Access-Control-Max-Age"] = "600"
            wanted = asked.headers.get("Access-Control-Request-Headers")
            response.headers["Access-Control-Allow-Headers"] = wanted or ""

    def models(self) -> ResponseReturnValue:
        """The configured tiers; a suffix tells those that were used."""
        data = []
        for tier, name in TIERS.items():
            shown = f"{name} (loaded)" if tier in self._loaded else name
            data.append({"id": shown, "object": "model", "owned_by": f"llmservice-{tier}", "root": shown})
        return jsonify(object="list", data=data)

    def chat(self) -> ResponseReturnValue:
        """A chat completion."""
        return self._answered("chat.completion", lambda body: body["messages"])

    def completions(self) -> ResponseReturnValue:
        """A legacy completion."""
        return self._answered("text_completion", lambda body: [{"role": "user", "content": body["prompt"]}])

    def embeddings(self) -> ResponseReturnValue:
        """Vectors."""
        body = request.get_json()
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        vectors = self.backend.vectors(self._options.model, texts)
        data = [
            {"object": "embedding", "index": index, "embedding": vector, "sparse_embedding": None}
            for index, vector in enumerate(vectors)
        ]
        return jsonify(object="list", data=data, model=body["model"], usage=_usage(len(texts), 0))

    def rerank(self) -> ResponseReturnValue:
        """The documents, the fitting ones first."""
        body = request.get_json()
        scores = self.backend.scores(self._options.model, body["query"], body["documents"])
        rows = [{"index": index, "score": score, "document": None} for index, score in enumerate(scores)]
        best_first = sorted(rows, key=lambda row: -row["score"])[: body.get("top_k")]
        return jsonify(object="list", data=best_first, model=body["model"], usage=_usage(len(scores), 0))

    def _answered(self, kind: str, messages_of: Any) -> ResponseReturnValue:
        self.playing.wait()
        body: Any = request.get_json(silent=True)
        if (refusal := documented(body) if self._is_doc else observed(body)) is not None:
            return refusal
        try:
            return self._generated(kind, body, messages_of(body))
        except UnhandledError:
            cors.forget()
            return Response("Internal Server Error", 500, mimetype="text/plain")
        except llama.ContextExceededError as long:
            if self._is_doc:
                return error("Input exceeds maximum context length", 400, "invalid_request_error")
            return jsonify(detail=str(long)), 500

    def _generated(
        self, kind: str, body: dict[str, Any], messages: list[dict[str, Any]]
    ) -> ResponseReturnValue:
        model = body["model"]
        self._loaded.add(tier_of(model))
        chat = self._chat(body, messages)
        if body.get("stream") and self._is_doc:
            return self.playing.play(model, self._events(kind, model, chat))
        return jsonify(self._whole(kind, model, chat))

    def _chat(self, body: dict[str, Any], messages: list[dict[str, Any]]) -> Chat:
        form = (body.get("response_format") or {}).get("json_schema") or {}
        return Chat(messages, form.get("schema"), {name: body.get(name) for name in _OPTIONS})

    def _whole(self, kind: str, model: str, chat: Chat) -> dict[str, Any]:
        """The same request gets the same answer, from the cache; the implementation in use begins it with a space."""
        key = f"{kind}{model}{chat}"
        if key not in self._kept:
            answer = self.backend.whole(self._options.model, chat)
            text = answer.text if self._is_doc else f" {answer.text}"
            said = {"message": {"role": "assistant", "content": text, "refusal": None}}
            choice = said if kind == "chat.completion" else {"text": text, "logprobs": None}
            self._kept[key] = {
                **_head(kind, model),
                "choices": [{"index": 0, **choice, "finish_reason": answer.finish}],
                "usage": self._figures(answer, chat),
            }
        return self._kept[key]

    def _figures(self, answer: Answer, chat: Chat) -> dict[str, int]:
        """Tokens by the document; words in reality."""
        if self._is_doc:
            return _usage(answer.prompt_tokens, answer.completion_tokens)
        words = sum(len(message["content"].split()) for message in chat.messages)
        return _usage(words, len(answer.text.split()))

    def _events(self, kind: str, model: str, chat: Chat) -> Iterator[bytes]:
        head = _head(f"{kind}.chunk", model)
        for piece in self.backend.pieces(self._options.model, chat):
            is_text = isinstance(piece, str)
            delta = {"content": piece} if is_text else {}
            finish = None if isinstance(piece, str) else piece.finish
            choice = {"delta": delta} if kind == "chat.completion" else {"text": piece if is_text else ""}
            yield event(head | {"choices": [{"index": 0, **choice, "finish_reason": finish}]})
        yield DONE


def _head(kind: str, model: str) -> dict[str, Any]:
    return {"id": "chatcmpl-123", "object": kind, "created": int(time.time()), "model": model}


def _usage(prompt: int, completion: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def main(arguments: list[str] | None = None) -> None:
    """The program."""
    parser = argparse.ArgumentParser(
        prog="llm_service", description="The LLM Service, with llama.cpp behind it."
    )
    reference.add_arguments(parser, with_key=False)
    parser.add_argument(
        "--profile", choices=("doc", "observed"), default="observed", help="which one to be like"
    )
    parser.add_argument("--loading", type=int, default=0, help="how many requests get a 503 at first")
    options = parser.parse_args(arguments)
    faults = serve.read_faults(parser, options)
    server = LlmService(options, faults)
    reference.run(server, server.playing, faults, options)


if __name__ == "__main__":
    main()
