"""What Ollama does with the models that it keeps: lists, downloads, deletes, describes, loads and unloads them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.core.connections import Connection, Model
from app.core.http import HttpReply, HttpRequest
from app.core.problems import ApiError, Problem
from app.core.remote_models import LoadedModel, ModelDetails
from app.providers import extract, ollama_problems, ollama_reading, requests
from app.providers.ollama_pull import PullReader


class OllamaModels:
    """The half of Ollama's API that is about models, and the reading of its errors."""

    def check(self, reply: HttpReply) -> None:
        """Nothing, when `reply` is a success of this API; a delete answers with nothing at all.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        value = extract.read_value(reply)
        is_empty = not reply.body.strip()
        if not reply.ok or (value is None and not is_empty) or extract.reports_failure(value):
            raise self.error(reply)

    def error(self, reply: HttpReply) -> ApiError:
        """What an error reply means, in this API's own terms."""
        return ApiError(ollama_problems.problem_of(reply), reply.status)

    def list_request(self, connection: Connection) -> HttpRequest:
        """GET /api/tags."""
        return get(connection, "tags")

    def models(self, reply: HttpReply) -> tuple[Model, ...]:
        """The models that were downloaded.

        Raises:
            ApiError: an error, or a reply without a list.
        """
        return ollama_reading.models(self.value(reply), self._without_list(reply))

    def pull_request(self, connection: Connection, model: str) -> HttpRequest:
        """POST /api/pull, whose reply is a stream of progress.

        Raises:
            InvalidInput: no model is named, or the key cannot be sent.
        """
        return post(connection, "pull", {"model": _named(model), "stream": True})

    def pull_decoder(self) -> PullReader:
        """A decoder for the progress of one download."""
        return PullReader(self.error)

    def delete_request(self, connection: Connection, model: str) -> HttpRequest:
        """DELETE /api/delete; its reply is empty."""
        request = post(connection, "delete", {"model": _named(model)})
        return replace(request, method="DELETE")

    def details_request(self, connection: Connection, model: str) -> HttpRequest:
        """POST /api/show."""
        return post(connection, "show", {"model": _named(model)})

    def details(self, reply: HttpReply) -> ModelDetails:
        """What Ollama knows about a model.

        Raises:
            ApiError: an error, or a reply of something else.
        """
        return ollama_reading.details(self.value(reply))

    def load_request(self, connection: Connection, model: str) -> HttpRequest:
        """POST /api/generate without a prompt, which loads the model and answers when that is done."""
        return post(connection, "generate", {"model": _named(model), "stream": False})

    def unload_request(self, connection: Connection, model: str) -> HttpRequest:
        """POST /api/generate without a prompt, to be kept for no time at all."""
        return post(connection, "generate", {"model": _named(model), "keep_alive": 0, "stream": False})

    def loaded_request(self, connection: Connection) -> HttpRequest:
        """GET /api/ps."""
        return get(connection, "ps")

    def loaded(self, reply: HttpReply) -> tuple[LoadedModel, ...]:
        """The models in memory.

        Raises:
            ApiError: an error, or a reply without a list.
        """
        return ollama_reading.loaded(self.value(reply), self._without_list(reply))

    def value(self, reply: HttpReply) -> Any:
        """What a reply says.

        Raises:
            ApiError: it is an error.
        """
        self.check(reply)
        return extract.read_value(reply)

    def _without_list(self, reply: HttpReply) -> ApiError:
        return ApiError(Problem.of("openai.no_list", details=extract.details(reply)), reply.status)


def get(connection: Connection, path: str) -> HttpRequest:
    """A GET of the API. Ollama itself takes no key; proxies before it do."""
    return HttpRequest("GET", f"{connection.base_url}/api/{path}", requests.bearer(connection))


def post(connection: Connection, path: str, body: Any) -> HttpRequest:
    """A POST of JSON to the API."""
    url = f"{connection.base_url}/api/{path}"
    return HttpRequest.post_json(url, body, requests.bearer(connection))


def _named(model: str) -> str:
    requests.check(model, (True,))
    return model
