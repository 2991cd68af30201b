"""Owns asking the real llama.cpp for chats, on behalf of the reference servers of other dialects than its own."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tests.servers import llama

MODEL: Final = Path(__file__).parents[2] / "static" / "models" / "tinker-1m-q8_0.gguf"
SEED: Final = 1
"""Fixed, so that the same request gets the same answer at any temperature."""

_CHAT: Final = "/v1/chat/completions"


@dataclass(frozen=True)
class Chat:
    """What is asked. `options` are llama-server's own fields, those that are None left out."""

    messages: Sequence[dict[str, Any]]
    schema: dict[str, Any] | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The request in llama-server's form."""
        given = {name: value for name, value in self.options.items() if value is not None}
        body: dict[str, Any] = {"seed": SEED, "cache_prompt": False, "messages": list(self.messages), **given}
        if self.schema is not None:
            form = {"name": "answer", "schema": self.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        return body


@dataclass(frozen=True)
class Answer:
    """What was answered. `finish` is llama-server's word: stop or length."""

    text: str
    finish: str
    prompt_tokens: int
    completion_tokens: int
    seconds: float


class Backend:
    """Models by path, each in a llama-server of its own that is started when it is first asked."""

    def __init__(self, n_ctx: int = 4096, threads: int = 1, limit: int = 2) -> None:
        self._pool = llama.LlamaPool(limit)
        self._n_ctx = n_ctx
        self._threads = threads

    def close(self) -> None:
        """End every llama-server."""
        self._pool.close()

    def processes(self) -> list[dict[str, Any]]:
        """Process id and URL of each loaded model."""
        return self._pool.processes()

    def loaded(self) -> list[str]:
        """The paths of the loaded models."""
        return self._pool.keys()

    def load(self, model: Path) -> None:
        """Load a model; `LlamaLoadError` when that fails."""
        with self._lease(model):
            pass

    def unload(self, model: Path) -> None:
        """Free the memory of a model."""
        self._pool.evict(str(model))

    def whole(self, model: Path, chat: Chat) -> Answer:
        """The answer in one piece; `LlamaError` when there is none."""
        began = time.monotonic()
        with self._lease(model) as server:
            reply = server.post(_CHAT, chat.body())
        choice = reply["choices"][0]
        return _answer(choice["message"]["content"] or "", choice["finish_reason"], reply["usage"], began)

    def pieces(self, model: Path, chat: Chat) -> Iterator[str | Answer]:
        """The pieces of the answer as the model writes them, then all of it; `LlamaError` before the first one."""
        began = time.monotonic()
        body = chat.body() | {"stream": True, "stream_options": {"include_usage": True}}
        text, finish, usage = "", "stop", {"prompt_tokens": 0, "completion_tokens": 0}
        for event in self.events(model, _CHAT, body):
            data = event.removeprefix(b"data: ").strip()
            if data == b"[DONE]":
                break
            value = json.loads(data)
            usage = value.get("usage") or usage
            for choice in value["choices"]:
                finish = choice["finish_reason"] or finish
                piece = choice["delta"].get("content") or ""
                text += piece
                if piece:
                    yield piece
        yield _answer(text, finish, usage, began)

    def events(self, model: Path, path: str, body: dict[str, Any]) -> Iterator[bytes]:
        """The events of a stream of llama-server's own, as they come; `LlamaError` when it refuses."""
        with self._lease(model) as server:
            connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
            try:
                connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
                reply = connection.getresponse()
                if reply.status != 200:
                    raise _error(json.loads(reply.read()))
                rest = b""
                while piece := reply.read1(65536):
                    *whole, rest = (rest + piece).split(b"\n\n")
                    yield from (one + b"\n\n" for one in whole if one.strip())
            finally:
                connection.close()

    def post(self, model: Path, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """llama-server's own answer to any request; `LlamaError` when it refuses."""
        with self._lease(model) as server:
            return server.post(path, body)

    def vectors(self, model: Path, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text."""
        spec = llama.LlamaSpec(str(model), n_ctx=self._n_ctx, n_threads=self._threads, embeds=True)
        with self._pool.lease(f"{model}#embeddings", spec) as server:
            reply = server.post("/v1/embeddings", {"input": list(texts)})
        return [row["embedding"] for row in sorted(reply["data"], key=lambda row: row["index"])]

    def scores(self, model: Path, query: str, documents: Sequence[str]) -> list[float]:
        """How well each document fits."""
        spec = llama.LlamaSpec(str(model), n_ctx=self._n_ctx, n_threads=self._threads, ranks=True)
        with self._pool.lease(f"{model}#ranks", spec) as server:
            reply = server.post("/v1/rerank", {"query": query, "documents": list(documents)})
        rows = sorted(reply["results"], key=lambda row: row["index"])
        return [row["relevance_score"] for row in rows]

    @contextmanager
    def _lease(self, model: Path) -> Iterator[llama.LlamaServer]:
        spec = llama.LlamaSpec(str(model), n_ctx=self._n_ctx, n_threads=self._threads)
        with self._pool.lease(str(model), spec) as server:
            yield server


def _answer(text: str, finish: str, usage: dict[str, int], began: float) -> Answer:
    seconds = time.monotonic() - began
    return Answer(text, finish, usage["prompt_tokens"], usage["completion_tokens"], seconds)


def _error(reply: dict[str, Any]) -> llama.LlamaError:
    problem = reply.get("error", {})
    if problem.get("type") == "exceed_context_size_error":
        return llama.ContextExceededError(problem["n_prompt_tokens"], problem["n_ctx"])
    return llama.LlamaError(str(problem.get("message", reply)))
