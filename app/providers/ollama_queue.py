"""The Ollama Queue: a service in front of Ollama for machines that hold one model, which queues what it cannot answer.

One prompt goes in, one answer comes out, or a place in the queue. What was queued cannot be read back: no endpoint
gives its text. Known from its document only, which contradicts itself about the header of the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from app.core.connections import Connection, Model
from app.core.deltas import Reply
from app.core.http import HttpReply, HttpRequest
from app.core.messages import PromptMessage
from app.core.parameters import Parameter, Parameters
from app.core.problems import ApiError, Problem
from app.providers import extract, openai_problems, requests
from app.providers.abilities import QueuePlace, QueueState
from app.providers.base import Capability
from app.providers.extract.values import at, count, first_text, text_at

AUTH: Final = "auth"
"""The option of a connection that says how its key is sent: one of `AUTH_FORMS`, the first one when it is not set."""

AUTH_FORMS: Final = ("x-api-key", "bearer")

_ANSWERS: Final = ("results", "result", "response")


class OllamaQueue:
    """The dialect of the Ollama Queue."""

    id = "ollama-queue"
    label = "Ollama Queue"
    default_url = ""
    reads_history = True
    start_command = ""
    capabilities: frozenset[Capability] = frozenset({Capability.CHAT, Capability.LIST, Capability.QUEUE})
    parameters: tuple[Parameter, ...] = (
        Parameter("temperature", "number", minimum=0, maximum=2, step=0.1, text="openai.temperature"),
        Parameter("max_tokens", "integer", minimum=1, text="openai.max_tokens"),
    )

    def health_request(self, connection: Connection) -> HttpRequest:
        """GET /status: there is nothing that needs no key."""
        return self.queue_request(connection)

    def is_healthy(self, reply: HttpReply) -> bool:
        """Whether it is a state of the queue, or the service's own refusal of the key."""
        value = extract.read_value(reply)
        if reply.ok:
            return "queue_length" in value if isinstance(value, dict) else False
        return reply.status == 401 and at(value, "success") is False

    def chat_request(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """POST /generate with the conversation as one prompt.

        Raises:
            InvalidInput: nothing is asked, no model is named, or the key cannot be sent.
        """
        prompt = requests.as_text(messages)
        requests.check(model, (prompt,))
        body: dict[str, Any] = {"model": model, "prompt": prompt}
        if options := requests.chosen(self.parameters, parameters):
            body["options"] = options
        return HttpRequest.post_json(f"{connection.base_url}/generate", body, _headers(connection))

    def retried(self, connection: Connection, reply: HttpReply) -> Connection | None:
        """The same connection with its key as a Bearer token, when that is what the refusal asks for."""
        is_asked_for = "bearer" in extract.error_text(reply).lower()
        if reply.status != 401 or not is_asked_for or AUTH in connection.options:
            return None
        return replace(connection, options={**connection.options, AUTH: "bearer"})

    def reply(self, reply: HttpReply) -> Reply:
        """The answer; `raw` holds the JSON when it has none in any known form.

        Raises:
            ApiError: an error, whatever its status, a reply of something else, or a place in the queue.
        """
        self.check(reply)
        place = self.queued(reply)
        if place is not None:
            problem = Problem.of("queue.queued", position=place.position or "?", length=place.length or "?")
            raise ApiError(problem, reply.status)
        return _answer(extract.read_value(reply))

    def check(self, reply: HttpReply) -> None:
        """Nothing, when `reply` is a success of this API.

        Raises:
            ApiError: an error, `success: false` with any status, or a reply of something else.
        """
        value = extract.read_value(reply)
        if not reply.ok or value is None or extract.reports_failure(value):
            raise self.error(reply)

    def error(self, reply: HttpReply) -> ApiError:
        """What an error reply means."""
        value = extract.read_value(reply)
        if at(value, "ollama_running") is False:
            return ApiError(Problem.of("queue.stopped", details=extract.details(reply)), reply.status)
        return ApiError(openai_problems.problem_of(reply), reply.status)

    def rejected(self, request: str) -> Problem:
        """Why most likely a request had no readable reply: pages ask for permission first, and ask without the key."""
        return Problem.of("queue.rejected", details=request)

    def cors_fix(self, connection: Connection, origin: str) -> str:  # noqa: ARG002 - the same for each server
        """The lines that let a PHP service answer pages of `origin`, before it looks for the key."""
        return (
            f"header('Access-Control-Allow-Origin: {origin}');\n"
            "header('Access-Control-Allow-Headers: X-API-Key, Authorization, Content-Type');\n"
            "header('Access-Control-Allow-Methods: GET, POST, OPTIONS');\n"
            "if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS') { http_response_code(204); exit; }"
        )

    def list_request(self, connection: Connection) -> HttpRequest:
        """GET /models."""
        return HttpRequest("GET", f"{connection.base_url}/models", _headers(connection))

    def models(self, reply: HttpReply) -> tuple[Model, ...]:
        """The models that the service knows, labelled with what it says about them. Not all may be downloaded.

        Raises:
            ApiError: an error, or a reply without a list.
        """
        self.check(reply)
        listed = extract.model_list(extract.read_value(reply))
        if listed is None:
            raise ApiError(Problem.of("openai.no_list", details=extract.details(reply)), reply.status)
        return tuple(
            model if model.label == model.id else replace(model, label=f"{model.id} – {model.label}")
            for model in listed
        )

    def queued(self, reply: HttpReply) -> QueuePlace | None:
        """The place of a request that was put off; None when it was answered or refused."""
        value = extract.read_value(reply)
        if not reply.ok or not isinstance(value, dict) or extract.reports_failure(value):
            return None
        said = first_text(value, "message").lower()
        is_answered = any(at(value, path) is not None for path in _ANSWERS)
        if is_answered or ("queue_position" not in value and "queued" not in said):
            return None
        return QueuePlace(
            first_text(value, "request_id"),
            count(value.get("queue_position")),
            count(value.get("queue_length")),
        )

    def queue_request(self, connection: Connection) -> HttpRequest:
        """GET /status."""
        return HttpRequest("GET", f"{connection.base_url}/status", _headers(connection))

    def queue(self, reply: HttpReply) -> QueueState:
        """The state of the queue, with answers by request id, should a version of the service ever give them.

        Raises:
            ApiError: the reply is an error.
        """
        self.check(reply)
        value = extract.read_value(reply)
        results = at(value, "results")
        answers = {
            name: _answer(result)
            for name, result in (results.items() if isinstance(results, dict) else ())
            if extract.answer_text(result) is not None
        }
        own = text_at(value, "request_id")
        if own and extract.answer_text(value) is not None:
            answers[own] = _answer(value)
        return QueueState(
            length=count(at(value, "queue_length")),
            is_processing=at(value, "is_processing") is True,
            is_running=at(value, "ollama_running") is not False,
            current_model=first_text(value, "current_model"),
            answers=answers,
        )


def _answer(value: Any) -> Reply:
    text = extract.answer_text(value)
    return Reply(
        text or "",
        model=extract.model_name(value),
        usage=extract.usage(value),
        raw=extract.raw_text(value) if text is None else "",
    )


def _headers(connection: Connection) -> dict[str, str]:
    """The header of the key: one only, for each further one is one more way for the preflight to fail."""
    if connection.options.get(AUTH) == "bearer":
        return requests.bearer(connection)
    key = requests.key_of(connection)
    return {"X-API-Key": key} if key else {}
