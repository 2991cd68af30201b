"""Owns the reference server of Google's Gemini API, with a real llama.cpp behind it.

Run it as ``python -m tests.servers.gemini``. Thoughts are words that the model really writes, and the arguments of a
function follow its schema. CORS is as Google's: the origin is echoed, and a preflight that asks for a header beyond the
API's own gets a 403.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any, Final

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from tests.servers import llama, reference, serve
from tests.servers.backend import Backend, Chat
from tests.servers.event_stream import Form, event
from tests.servers.faults import Faults
from tests.servers.gemini_pieces import NAME, joined, last, piece_of

ALLOWED: Final = frozenset({"content-type", "x-goog-api-key", "authorization", "x-goog-api-client"})
_STATUS: Final = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_FIELDS: Final = frozenset(
    {"contents", "systemInstruction", "generationConfig", "tools", "toolConfig", "safetySettings"}
)
_CONFIG: Final = {
    "temperature": "temperature",
    "topP": "top_p",
    "topK": "top_k",
    "maxOutputTokens": "max_tokens",
    "stopSequences": "stop",
    "seed": "seed",
}


class Gemini:
    """The endpoints of the API."""

    prefix = "/v1beta"

    def __init__(self, options: argparse.Namespace, faults: Faults) -> None:
        self.backend: Backend = reference.backend(options)
        broken = event(_error(503, "The model is overloaded. Please try again later."))
        self.playing = reference.Playing(
            faults, Form(error=broken, malformed=b'data: {"candidates": [{"con\n\n')
        )
        self._faults = faults
        self._options = options
        self._asked = 0

    def routes(self) -> list[reference.Route]:
        """The endpoints. Methods of a model follow a colon in one step of the path."""
        return [("/models", "GET", self.models), ("/models/<call>", "POST", self.chat)]

    def before(self) -> ResponseReturnValue | None:
        """Preflights, and the check of the key."""
        if request.method == "OPTIONS":
            wanted = request.headers.get("Access-Control-Request-Headers", "").lower()
            names = {name.strip() for name in wanted.split(",") if name.strip()}
            return None if names <= ALLOWED else Response(status=403)
        keys, key = self._options.key, request.headers.get("x-goog-api-key")
        if keys and not key:
            words = "Method doesn't allow unregistered callers (callers without established identity)."
            return _refused(403, words)
        if keys and key not in keys:
            words = "API key not valid. Please pass a valid API key."
            return _refused(400, words, {"@type": "ErrorInfo", "reason": "API_KEY_INVALID"})
        return None

    def cors(self, asked: Any, response: Response, only_origin: str | None) -> None:
        """Any origin may read."""
        if asked.method == "OPTIONS" and response.status_code == 403:
            return
        response.headers["Access-Control-Allow-Origin"] = only_origin or asked.headers.get("Origin", "*")
        response.headers["Vary"] = "Origin, X-Origin, Referer"
        if asked.method == "OPTIONS":
            response.headers["Access-Control-Allow-Headers"] = asked.headers.get(
                "Access-Control-Request-Headers", ""
            )
            response.headers["Access-Control-Allow-Methods"] = "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"
            response.headers["Access-Control-Max-Age"] = "3600"

    def models(self) -> ResponseReturnValue:
        """The one model there is, one for pictures and one for embeddings."""
        listed = [
            _listed(NAME, "Tinker 1M", "generateContent", "countTokens"),
            _listed("imagen-tinker", "Imagen", "predict"),
            _listed("embedding-tinker", "Embedding", "embedContent"),
        ]
        return jsonify(models=listed)

    def chat(self, call: str) -> ResponseReturnValue:
        """A method of a model."""
        self.playing.wait()
        self._asked += 1
        if self._options.requests is not None and self._asked > self._options.requests:
            words = "You exceeded your current quota, please check your plan and billing details."
            return _refused(
                429, words, {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}
            )
        model, _, method = call.partition(":")
        body = request.get_json(silent=True)
        if model not in {NAME, "embedding-tinker"}:
            words = f"models/{model} is not found for API version v1beta, or is not supported for {method}."
            return _refused(404, words)
        if not isinstance(body, dict):
            return _refused(400, "Invalid JSON payload received.")
        if method == "batchEmbedContents":
            return self._vectors(body)
        if problem := next(_problems(body), ""):
            return _refused(400, problem)
        return self._generated(method, body)

    def _generated(self, method: str, body: dict[str, Any]) -> ResponseReturnValue:
        if "BLOCKME" in str(body["contents"]):
            return self._given(
                method, iter([piece_of([]) | {"candidates": [], "promptFeedback": {"blockReason": "SAFETY"}}])
            )
        try:
            return self._given(method, self._pieces(body))
        except llama.ContextExceededError as error:
            return _refused(
                400, f"The input token count exceeds the maximum number of tokens allowed. {error}"
            )
        except llama.LlamaError as error:
            return _refused(500, str(error))

    def _given(self, method: str, pieces: Iterator[dict[str, Any]]) -> ResponseReturnValue:
        if method == "generateContent" or self._faults.flag("no-stream"):
            return jsonify(joined(list(pieces)))
        if request.args.get("alt") == "sse":
            return self.playing.play(NAME, map(event, pieces))
        return jsonify(list(pieces))

    def _vectors(self, body: dict[str, Any]) -> ResponseReturnValue:
        texts = [one["content"]["parts"][0]["text"] for one in body["requests"]]
        vectors = self.backend.vectors(self._options.model, texts)
        return jsonify(embeddings=[{"values": vector} for vector in vectors])

    def _pieces(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The answer in the pieces of a stream."""
        config = body.get("generationConfig", {})
        tools = (body.get("tools") or [{}])[0].get("functionDeclarations", [])
        messages = _openai(body)
        thoughts = 0
        if config.get("thinkingConfig", {}).get("includeThoughts"):
            for piece in self.backend.pieces(self._options.model, Chat(messages, options={"max_tokens": 12})):
                if isinstance(piece, str):
                    yield piece_of([{"text": piece, "thought": True}])
                else:
                    thoughts = piece.completion_tokens
        options = {_CONFIG[name]: value for name, value in config.items() if name in _CONFIG}
        if tools and self._options.calls_tools:
            yield from self._called(
                Chat(messages, tools[0]["parametersJsonSchema"], options), tools[0]["name"]
            )
            return
        for one in self.backend.pieces(
            self._options.model, Chat(messages, config.get("responseJsonSchema"), options)
        ):
            yield piece_of([{"text": one}]) if isinstance(one, str) else last([{"text": ""}], one, thoughts)

    def _called(self, chat: Chat, name: str) -> Iterator[dict[str, Any]]:
        answer = self.backend.whole(self._options.model, chat)
        yield last([{"functionCall": {"name": name, "args": json.loads(answer.text)}}], answer, 0)


def _problems(body: dict[str, Any]) -> Iterator[str]:
    """Why Google would refuse a body."""
    for name in sorted(body.keys() - _FIELDS):
        yield f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.'
    contents = body.get("contents")
    if not contents:
        yield "* GenerateContentRequest.contents: contents is not specified"
    for content in contents or []:
        if content.get("role") not in {"user", "model"}:
            yield "Please use a valid role: user, model."
        if not all(part.get("text") or part.get("inlineData") for part in content["parts"]):
            yield "Unable to submit request because it must have a text parameter."


def _openai(body: dict[str, Any]) -> list[dict[str, Any]]:
    system = [part["text"] for part in body.get("systemInstruction", {}).get("parts", [])]
    said = [{"role": "system", "content": "".join(system)}] if system else []
    for content in body["contents"]:
        text = "".join(part.get("text", "") for part in content["parts"])
        said.append({"role": "assistant" if content["role"] == "model" else "user", "content": text})
    return said


def _listed(name: str, label: str, *methods: str) -> dict[str, Any]:
    return {"name": f"models/{name}", "displayName": label, "supportedGenerationMethods": list(methods)}


def _error(code: int, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    error = {"code": code, "message": message, "status": _STATUS[code]}
    return {"error": error | ({"details": list(details)} if details else {})}


def _refused(code: int, message: str, *details: dict[str, Any]) -> ResponseReturnValue:
    return jsonify(_error(code, message, *details)), code


def main(arguments: list[str] | None = None) -> None:
    """The program."""
    parser = argparse.ArgumentParser(
        prog="gemini", description="Google's Gemini API, with llama.cpp behind it."
    )
    reference.add_arguments(parser)
    parser.add_argument("--requests", type=int, help="requests that are answered before the limit is reached")
    parser.add_argument(
        "--calls-tools", action="store_true", help="the model always calls the first function"
    )
    options = parser.parse_args(arguments)
    faults = serve.read_faults(parser, options)
    server = Gemini(options, faults)
    reference.run(server, server.playing, faults, options)


if __name__ == "__main__":
    main()
