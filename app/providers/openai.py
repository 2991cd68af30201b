"""OpenAI's API, and whatever calls itself compatible with it: chat, completions, embeddings, models.

Answers are streamed as server-sent events. Servers that ignore the wish for a stream answer with JSON, which is read
as well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.core.connections import Connection, Model
from app.core.deltas import Delta, Reply
from app.core.http import HttpReply, HttpRequest
from app.core.messages import PromptMessage
from app.core.parameters import Parameter, Parameters
from app.core.problems import ApiError, Problem
from app.providers import extract, openai_problems, openai_servers, requests, structure
from app.providers.base import Capability
from app.providers.extract.values import at, count, vector
from app.providers.openai_parameters import LOCAL, STANDARD
from app.providers.openai_reading import CompletionReader, is_completion
from app.providers.openai_stream import MEDIA_TYPE, CompletionDecoder


class OpenAi:
    """The dialect of OpenAI, as the many servers that took it over speak it."""

    id = "openai"
    label = "OpenAI-compatible"
    default_url = "https://api.openai.com/v1"
    reads_history = True
    start_command = ""
    capabilities: frozenset[Capability] = frozenset(
        {
            Capability.CHAT,
            Capability.STREAM,
            Capability.COMPLETE,
            Capability.EMBED,
            Capability.RERANK,
            Capability.LIST,
            Capability.SEE,
        }
    )
    parameters: tuple[Parameter, ...] = (*STANDARD, *LOCAL, structure.JSON_SCHEMA, structure.TOOLS)

    def health_request(self, connection: Connection) -> HttpRequest:
        """GET /models, which costs nothing and shows whether the key is taken."""
        return HttpRequest("GET", f"{connection.base_url}/models", requests.bearer(connection))

    def is_healthy(self, reply: HttpReply) -> bool:
        """Whether it is a model list, or such an API's own refusal of the key or of so many requests."""
        value = extract.read_value(reply)
        if reply.ok:
            return not extract.reports_failure(value) and _listed(value) is not None
        return openai_problems.status_of(reply) in {401, 403, 429} and isinstance(value, dict)

    def chat_request(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """POST /chat/completions with the whole history, streamed; without blank messages, which many servers refuse.

        Raises:
            InvalidInput: no message has a text, no model is named, the key cannot be sent, or the schema or the tools
                are not what they have to be.
        """
        prompt = {"messages": requests.as_openai(messages), **structure.openai_form(parameters)}
        return self._streamed(connection, "chat/completions", model, prompt, parameters)

    def complete_request(
        self, connection: Connection, model: str, prompt: str, parameters: Parameters
    ) -> HttpRequest:
        """POST /completions, the legacy form without roles, streamed.

        Raises:
            InvalidInput: the prompt is empty, no model is named, or the key cannot be sent.
        """
        return self._streamed(connection, "completions", model, {"prompt": prompt}, parameters)

    def embed_request(self, connection: Connection, model: str, texts: Sequence[str]) -> HttpRequest:
        """POST /embeddings for vectors of plain numbers.

        Raises:
            InvalidInput: there is no text, no model is named, or the key cannot be sent.
        """
        requests.check(model, texts)
        body = {"model": model, "input": list(texts), "encoding_format": "float"}
        return HttpRequest.post_json(f"{connection.base_url}/embeddings", body, requests.bearer(connection))

    def rerank_request(
        self, connection: Connection, model: str, query: str, documents: Sequence[str]
    ) -> HttpRequest:
        """POST /rerank, in the form that llama-server, vLLM and LiteLLM share; OpenAI itself has none.

        Raises:
            InvalidInput: there is no query, no document, no model, or the key cannot be sent.
        """
        requests.check(model, (query,))
        requests.check(model, documents)
        body = {"model": model, "query": query, "documents": list(documents)}
        return HttpRequest.post_json(f"{connection.base_url}/rerank", body, requests.bearer(connection))

    def decoder(self, media_type: str) -> CompletionDecoder | None:
        """A decoder for server-sent events; everything else is read as a whole."""
        return CompletionDecoder() if media_type == MEDIA_TYPE else None

    def reply(self, reply: HttpReply) -> Reply:
        """The answer of a whole completion, also of a stream that was sent under another media type.

        `raw` holds the JSON when it has no answer in any known form.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        if reply.ok and reply.body.lstrip().startswith(b"data:"):
            return self._replayed(reply)
        self.check(reply)
        value = extract.read_value(reply)
        text = extract.answer_text(value)
        if is_completion(value):
            reader = CompletionReader()
            answer = _summary([*reader.read(value), *reader.finish()])
        else:
            answer = Reply(
                text or "", usage=extract.usage(value), finish=extract.finish_reason(value) or "stop"
            )
        raw = "" if text is not None or answer.reasoning or answer.calls else extract.raw_text(value)
        return replace(answer, model=extract.model_name(value), raw=raw)

    def check(self, reply: HttpReply) -> None:
        """Nothing, when `reply` is a success of this API.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        value = extract.read_value(reply)
        if not reply.ok or value is None or extract.reports_failure(value):
            raise self.error(reply)

    def error(self, reply: HttpReply) -> ApiError:
        """What an error reply of any such server means."""
        return ApiError(openai_problems.problem_of(reply), openai_problems.status_of(reply))

    def rejected(self, request: str) -> Problem:
        """Why most likely a request had no readable reply while the model list has one."""
        return Problem.of("openai.rejected", details=request)

    def cors_fix(self, connection: Connection, origin: str) -> str:
        """The setting of the server that usually has this port; else the headers that any server has to send."""
        return openai_servers.cors_fix(connection.base_url, origin)

    def list_request(self, connection: Connection) -> HttpRequest:
        """GET /models."""
        return self.health_request(connection)

    def models(self, reply: HttpReply) -> tuple[Model, ...]:
        """The models, labelled by file name where the server's id is a path.

        Raises:
            ApiError: an error, or a reply without a list.
        """
        self.check(reply)
        listed = _listed(extract.read_value(reply))
        if listed is None:
            raise ApiError(Problem.of("openai.no_list", details=extract.details(reply)), reply.status)
        return tuple(replace(model, label=_label(model)) for model in listed)

    def vectors(self, reply: HttpReply) -> tuple[tuple[float, ...], ...]:
        """One vector for each text, in the order in which they were sent.

        Raises:
            ApiError: an error, or a reply without vectors.
        """
        self.check(reply)
        rows = at(extract.read_value(reply), "data")
        rows = rows if isinstance(rows, list) else []
        in_order = sorted(rows, key=lambda row: count(at(row, "index")) or 0)
        vectors = tuple(vector(at(row, "embedding")) for row in in_order)
        if not vectors or not all(vectors):
            raise ApiError(Problem.of("openai.no_vectors", details=extract.details(reply)), reply.status)
        return vectors

    def scores(self, reply: HttpReply) -> tuple[float, ...]:
        """One score for each document, in the order in which they were sent; higher fits better, on any scale.

        Raises:
            ApiError: an error, or a reply without scores.
        """
        self.check(reply)
        scores = _scores(extract.read_value(reply))
        if not scores or None in scores:
            raise ApiError(Problem.of("openai.no_scores", details=extract.details(reply)), reply.status)
        return tuple(score for score in scores if score is not None)

    def quirks(self, connection: Connection) -> openai_servers.Quirks:
        """How the connection's service departs from the dialect."""
        return openai_servers.quirks_of(connection.base_url)

    def _streamed(
        self, connection: Connection, path: str, model: str, prompt: Mapping[str, Any], parameters: Parameters
    ) -> HttpRequest:
        requests.check(model, (prompt.get("messages") or prompt.get("prompt"),))
        quirks = self.quirks(connection)
        chosen = requests.chosen(self.parameters, parameters).items()
        named = {quirks.names.get(name, name): value for name, value in chosen}
        body = {"model": model, **prompt, **named, "stream": True}
        if quirks.takes_stream_options:
            body["stream_options"] = {"include_usage": True}
        return HttpRequest.post_json(f"{connection.base_url}/{path}", body, requests.bearer(connection))

    def _replayed(self, reply: HttpReply) -> Reply:
        decoder = CompletionDecoder()
        deltas = decoder.feed(reply.body) + decoder.finish()
        if decoder.error:
            raise decoder.error
        return _summary(deltas)


def _listed(value: Any) -> tuple[Model, ...] | None:
    """The models of a list. Of servers that give theirs twice, in two forms, this dialect's own is read."""
    data = at(value, "data")
    return extract.model_list(data if isinstance(data, list) else value)


def _scores(value: Any) -> list[float | None]:
    rows = at(value, "results") or at(value, "data")
    rows = rows if isinstance(rows, list) else []
    in_order = sorted(rows, key=lambda row: count(at(row, "index")) or 0)
    found = [(at(row, "relevance_score"), at(row, "score")) for row in in_order]
    return [_score(score if relevance is None else relevance) for relevance, score in found]


def _score(value: Any) -> float | None:
    """A finite number, which may well be below zero: some servers answer with logarithms."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) else None


def _label(model: Model) -> str:
    if model.label.startswith(("/", "./", "../")):
        return model.label.rpartition("/")[2] or model.label
    return model.label.rpartition("\\")[2] or model.label


def _summary(deltas: Sequence[Delta]) -> Reply:
    """A stream's deltas as one answer, without the one space that raw completions begin with."""
    answer = Reply.of(deltas)
    return replace(answer, text=answer.text.removeprefix(" "))
