"""OpenAI's API, and whatever calls itself compatible with it: chat completions, completions, embeddings, models.

Answers are streamed as server-sent events. Servers that ignore the wish for a stream answer with JSON, which is read
as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.core.connections import Connection, Model
from app.core.deltas import (
    Delta,
    FinishDelta,
    ReasoningDelta,
    Reply,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
    joined,
)
from app.core.http import HttpReply, HttpRequest
from app.core.messages import PromptMessage
from app.core.parameters import Parameter, Parameters
from app.core.problems import ApiError, InvalidInput, Problem
from app.providers import extract, openai_problems, openai_servers
from app.providers.base import Capability
from app.providers.extract.values import at, count
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
        {Capability.CHAT, Capability.STREAM, Capability.COMPLETE, Capability.EMBED, Capability.LIST}
    )
    parameters: tuple[Parameter, ...] = STANDARD + LOCAL

    def health_request(self, connection: Connection) -> HttpRequest:
        """GET /models, which costs nothing and shows whether the key is taken."""
        return HttpRequest("GET", f"{connection.base_url}/models", _authorization(connection))

    def is_healthy(self, reply: HttpReply) -> bool:
        """Whether it is a model list, or such an API's own refusal of the key or of so many requests."""
        value = extract.read_value(reply)
        if reply.ok:
            return not extract.reports_failure(value) and _listed(value) is not None
        return reply.status in {401, 403, 429} and isinstance(value, dict)

    def chat_request(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """POST /chat/completions with the whole history, streamed; without blank messages, which many servers refuse.

        Raises:
            InvalidInput: no message has a text, no model is named, or the key cannot be sent.
        """
        said = [{"role": str(one.role), "content": one.text} for one in messages if one.text.strip()]
        return self._streamed(connection, "chat/completions", model, {"messages": said}, parameters)

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
        _check(model, texts)
        body = {"model": model, "input": list(texts), "encoding_format": "float"}
        return HttpRequest.post_json(f"{connection.base_url}/embeddings", body, _authorization(connection))

    def decoder(self, media_type: str) -> CompletionDecoder | None:
        """A decoder for server-sent events; everything else is read as a whole."""
        return CompletionDecoder(self.error) if media_type == MEDIA_TYPE else None

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
        return ApiError(openai_problems.problem_of(reply), reply.status)

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
        vectors = tuple(_vector(at(row, "embedding")) for row in in_order)
        if not vectors or not all(vectors):
            raise ApiError(Problem.of("openai.no_vectors", details=extract.details(reply)), reply.status)
        return vectors

    def _streamed(
        self, connection: Connection, path: str, model: str, prompt: Mapping[str, Any], parameters: Parameters
    ) -> HttpRequest:
        _check(model, prompt.values())
        quirks = openai_servers.quirks_of(connection.base_url)
        known = (parameter.name for parameter in self.parameters)
        chosen = {quirks.names.get(name, name): parameters[name] for name in known if name in parameters}
        body = {"model": model, **prompt, **chosen, "stream": True}
        if quirks.takes_stream_options:
            body["stream_options"] = {"include_usage": True}
        return HttpRequest.post_json(f"{connection.base_url}/{path}", body, _authorization(connection))

    def _replayed(self, reply: HttpReply) -> Reply:
        decoder = CompletionDecoder(self.error)
        deltas = decoder.feed(reply.body) + decoder.finish()
        if decoder.error:
            raise decoder.error
        return _summary(deltas)


def _check(model: str, prompt: Any) -> None:
    if not any(text.strip() if isinstance(text, str) else text for text in prompt):
        raise InvalidInput(Problem.of("openai.nothing_to_ask"))
    if not model.strip():
        raise InvalidInput(Problem.of("openai.no_model_chosen"))


def _authorization(connection: Connection) -> dict[str, str]:
    key = connection.key.strip()
    if not key:
        return {}
    if not key.isascii() or not key.isprintable() or " " in key:
        raise InvalidInput(Problem.of("openai.key_form", name=connection.name))
    return {"Authorization": f"Bearer {key}"}


def _listed(value: Any) -> tuple[Model, ...] | None:
    """The models of a list. Of servers that give theirs twice, in two forms, this dialect's own is read."""
    data = at(value, "data")
    return extract.model_list(data if isinstance(data, list) else value)


def _label(model: Model) -> str:
    if model.label.startswith(("/", "./", "../")):
        return model.label.rpartition("/")[2] or model.label
    return model.label.rpartition("\\")[2] or model.label


def _vector(embedding: Any) -> tuple[float, ...]:
    """The numbers of an embedding; empty when it is none."""
    if not isinstance(embedding, list) or not all(type(figure) in {int, float} for figure in embedding):
        return ()
    return tuple(map(float, embedding))


def _summary(deltas: Sequence[Delta]) -> Reply:
    """A stream's deltas as one answer. The one space that raw completions begin with is dropped."""
    answer = Reply("")
    for delta in joined(deltas):
        match delta:
            case TextDelta(text):
                answer = replace(answer, text=answer.text + text)
            case ReasoningDelta(text):
                answer = replace(answer, reasoning=answer.reasoning + text)
            case ToolCallDelta():
                answer = replace(answer, calls=(*answer.calls, delta))
            case UsageDelta(usage):
                answer = replace(answer, usage=usage)
            case FinishDelta(reason):
                answer = replace(answer, finish=reason)
    return replace(answer, text=answer.text.removeprefix(" "))
