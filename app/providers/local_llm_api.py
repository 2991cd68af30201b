"""The Local LLM API: a small Flask server in front of llama.cpp that keeps a folder of GGUF files.

It has no authentication, no streaming and no history: one question goes in, one answer comes out. There is
one document of it, and there are several generations of servers, which differ in most details.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from app.core.connections import Connection, Model
from app.core.deltas import Reply
from app.core.filenames import EXTENSION
from app.core.http import FileRequest, HttpReply, HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.parameters import Parameter, Parameters
from app.core.problems import ApiError, InvalidInput, Problem
from app.core.settings import DEFAULT_BASE_URL
from app.providers import extract, local_llm_problems
from app.providers.base import Capability

_ID_FIELDS = ("filename", "name", "id", "model")


class LocalLlmApi:
    """The dialect of the Local LLM API, in all generations known."""

    id = "local-llm-api"
    label = "Local LLM API"
    reads_history = False
    default_url = DEFAULT_BASE_URL
    start_command = "python3 serve_dev.py --local-api"
    capabilities: frozenset[Capability] = frozenset(
        {Capability.CHAT, Capability.LIST, Capability.UPLOAD, Capability.DELETE, Capability.CACHE}
    )
    parameters: tuple[Parameter, ...] = (
        Parameter("template", "text", placeholder="{question}"),
        Parameter("n_gpu_layers", "integer", default=40, minimum=-1),
        Parameter("n_batch", "integer", default=512, minimum=1),
        Parameter("temperature", "number", default=0.6, minimum=0, maximum=2, step=0.1),
        # Only later servers read these two; the others ignore fields that they do not know. There is no
        # default to show, because it differs: 200 and 4096 there, a fixed 256 and 512 in the others.
        Parameter("max_tokens", "integer", minimum=1),
        Parameter("n_ctx", "integer", minimum=1),
    )

    def health_request(self, connection: Connection) -> HttpRequest:
        """GET /health."""
        return HttpRequest.get(f"{connection.base_url}/health")

    def is_healthy(self, reply: HttpReply) -> bool:
        """Whether it is a JSON object with a status or a service, as no page of some other server is."""
        value = extract.read_value(reply)
        is_object = isinstance(value, dict) and not extract.reports_failure(value)
        return (
            reply.ok and is_object and any(isinstance(value.get(key), str) for key in ("status", "service"))
        )

    def chat_request(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """POST /generate with the user's last message: the API takes neither a history nor system messages.

        Raises:
            InvalidInput: that message is blank, or no model is named.
        """
        question = next((message.text for message in reversed(messages) if message.role is Role.USER), "")
        if not question.strip():
            raise InvalidInput(Problem.of("local.no_question_typed"))
        if not model.strip():
            raise InvalidInput(Problem.of("local.no_model_chosen"))
        known = (parameter.name for parameter in self.parameters)
        chosen = {name: parameters[name] for name in known if parameters.get(name, "") != ""}
        body = {"question": question, "model_name": model, **chosen}
        return HttpRequest.post_json(f"{connection.base_url}/generate", body)

    def reply(self, reply: HttpReply) -> Reply:
        """The answer; `raw` holds the JSON when it has none in any known form.

        Raises:
            ApiError: an error, `success: false` with any status, or a reply of something else.
        """
        self.check(reply)
        value = extract.read_value(reply)
        text = extract.answer_text(value)
        return Reply(
            text=text or "",
            model=extract.model_name(value),
            usage=extract.usage(value),
            finish=extract.finish_reason(value) or "stop",
            raw=extract.raw_text(value) if text is None else "",
        )

    def check(self, reply: HttpReply) -> None:
        """Nothing, when `reply` is a success of this API.

        Raises:
            ApiError: an error, `success: false` with any status, or a reply of something else.
        """
        value = extract.read_value(reply)
        if not reply.ok or value is None or extract.reports_failure(value):
            raise self.error(reply)

    def error(self, reply: HttpReply) -> ApiError:
        """What an error reply of any generation means, in this API's own terms."""
        return ApiError(local_llm_problems.problem_of(reply), reply.status)

    def rejected(self, request: str) -> Problem:
        """Why most likely `request` ("POST /api/v1/generate") had no readable reply while the health is good.

        The widely used generation turns each of its errors into a page without CORS headers.
        """
        return local_llm_problems.problem_of_rejection(request)

    def cors_fix(self, connection: Connection, origin: str) -> str:  # noqa: ARG002 - the same for each server
        """The two lines that let a Flask server allow `origin`; flask-cors is the usual package for it."""
        return f"from flask_cors import CORS\nCORS(app, origins=[{json.dumps(origin)}])"

    def list_request(self, connection: Connection) -> HttpRequest:
        """GET /models."""
        return HttpRequest.get(f"{connection.base_url}/models")

    def models(self, reply: HttpReply) -> tuple[Model, ...]:
        """The models of a list or a sync. Their id and label is the file name, which all generations accept.

        Raises:
            ApiError: an error, or a reply without a list.
        """
        self.check(reply)
        listed = extract.model_list(extract.read_value(reply), _ID_FIELDS)
        if listed is None:
            raise self.error(reply)
        models: dict[str, Model] = {}
        for model in listed:
            name = _file_name(model.id)
            models.setdefault(name, replace(model, id=name, label=name))
        return tuple(models.values())

    def upload_request(self, connection: Connection, name: str) -> FileRequest:
        """POST /models, the file in the part `file`. `name` should come from `core.filenames.stored_name`."""
        return FileRequest(f"{connection.base_url}/models", "file", name)

    def uploaded(self, reply: HttpReply) -> str:
        """The id under which the file is now listed; empty when the server does not say.

        Raises:
            ApiError: the file was refused or could not be stored.
        """
        self.check(reply)
        value = extract.read_value(reply)
        info = value.get("model_info") if isinstance(value, dict) else None
        stored = extract.model_list([value], ("filename",)) or extract.model_list([info], _ID_FIELDS)
        return _file_name(stored[0].id) if stored else ""

    def delete_request(self, connection: Connection, model: str) -> HttpRequest:
        """DELETE /models/{model}."""
        return HttpRequest("DELETE", f"{connection.base_url}/models/{_encoded(model)}")

    def sync_request(self, connection: Connection) -> HttpRequest:
        """POST /models/sync."""
        return HttpRequest("POST", f"{connection.base_url}/models/sync")

    def cache_status_request(self, connection: Connection) -> HttpRequest:
        """GET /cache/status."""
        return HttpRequest.get(f"{connection.base_url}/cache/status")

    def cached(self, reply: HttpReply) -> tuple[str, ...]:
        """The entries as the server names them: file names, names with a number, or paths.

        Raises:
            ApiError: an error, or a reply without a list.
        """
        self.check(reply)
        value = extract.read_value(reply)
        entries = value.get("cached_models") if isinstance(value, dict) else None
        listed = extract.model_list({"models": entries} if isinstance(entries, list | dict) else None)
        if listed is None:
            raise self.error(reply)
        return tuple(entry.id for entry in listed)

    def cache_clear_request(self, connection: Connection) -> HttpRequest:
        """POST /cache/clear."""
        return HttpRequest("POST", f"{connection.base_url}/cache/clear")


def _file_name(name: str) -> str:
    return name if name.lower().endswith(EXTENSION) else f"{name}{EXTENSION}"


def _encoded(segment: str) -> str:
    """What JavaScript's encodeURIComponent makes of `segment`."""
    return quote(segment, safe="!~*'()", errors="replace")
