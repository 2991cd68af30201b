"""The LLM Service: OpenAI's dialect in front of five tiers of models (light, medium, heavy, embedding, reranker).

Its document promises streaming and OpenAI's errors; the service in use answers with whole JSON and with FastAPI's
errors. Both are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.core.connections import Connection, Model
from app.core.http import HttpReply, HttpRequest
from app.core.messages import PromptMessage
from app.core.parameters import Parameter, Parameters
from app.core.problems import ApiError, Problem
from app.providers import extract, openai_problems, structure
from app.providers.base import Capability
from app.providers.extract.values import at
from app.providers.openai import OpenAi
from app.providers.openai_servers import Quirks

_PATH: Final = "/v1"

TIERS: Final = ("light", "medium", "heavy", "embedding", "reranker")
"""The tiers by their names, which are sent as the model: any other name is guessed at, by its letters."""


class LlmService(OpenAi):
    """The dialect of the LLM Service, as documented and as observed."""

    id = "llm-service"
    label = "LLM Service"
    default_url = "http://localhost:8000"
    capabilities = OpenAi.capabilities - {Capability.SEE}
    parameters: tuple[Parameter, ...] = (
        Parameter("temperature", "number", minimum=0, maximum=2, step=0.1, text="openai.temperature"),
        Parameter("top_p", "number", default=0.95, minimum=0, maximum=1, step=0.05),
        Parameter("top_k", "integer", default=40, minimum=1),
        Parameter("max_tokens", "integer", minimum=1, text="openai.max_tokens"),
        Parameter("stop", "list"),
        Parameter("seed", "integer", text="service.seed"),
        Parameter("repeat_penalty", "number", minimum=0, step=0.05),
        structure.JSON_SCHEMA,
    )

    def quirks(self, connection: Connection) -> Quirks:  # noqa: ARG002 - the same for each server
        """It documents no option for usage in streams."""
        return Quirks(takes_stream_options=False)

    def health_request(self, connection: Connection) -> HttpRequest:
        """GET /health, without any header."""
        return HttpRequest.get(f"{_root(connection)}/health")

    def is_healthy(self, reply: HttpReply) -> bool:
        """Whether it tells a status, as no page of some other server does."""
        return reply.ok and isinstance(at(extract.read_value(reply), "status"), str)

    def chat_request(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """POST /v1/chat/completions with the name of the tier.

        Raises:
            InvalidInput: nothing is asked, no model is named, the key cannot be sent, or a parameter does not fit.
        """
        return super().chat_request(_api(connection), tier_of(model), messages, parameters)

    def complete_request(
        self, connection: Connection, model: str, prompt: str, parameters: Parameters
    ) -> HttpRequest:
        """POST /v1/completions with the name of the tier.

        Raises:
            InvalidInput: as `chat_request`.
        """
        return super().complete_request(_api(connection), tier_of(model), prompt, parameters)

    def embed_request(self, connection: Connection, model: str, texts: Sequence[str]) -> HttpRequest:
        """POST /v1/embeddings with the name of the tier.

        Raises:
            InvalidInput: there is no text, no model is named, or the key cannot be sent.
        """
        return super().embed_request(_api(connection), tier_of(model), texts)

    def rerank_request(
        self, connection: Connection, model: str, query: str, documents: Sequence[str]
    ) -> HttpRequest:
        """POST /v1/rerank with the name of the tier.

        Raises:
            InvalidInput: there is no query, no document, no model, or the key cannot be sent.
        """
        return super().rerank_request(_api(connection), tier_of(model), query, documents)

    def error(self, reply: HttpReply) -> ApiError:
        """What an error reply means: a tier without a model, or what OpenAI's errors mean."""
        said = extract.error_text(reply)
        if "No models available for tier" in said:
            return ApiError(
                Problem.of("service.tier", details=extract.details(reply), said=said), reply.status
            )
        return ApiError(openai_problems.problem_of(reply), reply.status)

    def rejected(self, request: str) -> Problem:
        """Why most likely a request had no readable reply: the service fails without CORS headers."""
        return Problem.of("service.rejected", details=request)

    def cors_fix(self, connection: Connection, origin: str) -> str:  # noqa: ARG002 - the same for each server
        """The lines that let a FastAPI server allow `origin`."""
        return (
            "from fastapi.middleware.cors import CORSMiddleware\n"
            f'app.add_middleware(CORSMiddleware, allow_origins=["{origin}"], allow_methods=["*"], allow_headers=["*"])'
        )

    def list_request(self, connection: Connection) -> HttpRequest:
        """GET /v1/models."""
        return super().health_request(_api(connection))

    def models(self, reply: HttpReply) -> tuple[Model, ...]:
        """The models of the tiers that are configured, as `light/qwen-0.5b`; what is loaded is not told apart.

        Raises:
            ApiError: an error, or a reply without a list.
        """
        return tuple(replace(model, label=model.id) for model in super().models(reply))


def tier_of(model: str) -> str:
    """The name to send for a listed model, `light` for `light/qwen-0.5b`; other names as they are."""
    tier = model.partition("/")[0]
    return tier if tier in TIERS else model


def _root(connection: Connection) -> str:
    """The base URL without the path of OpenAI's dialect, which people copy with it."""
    return connection.base_url.removesuffix(_PATH)


def _api(connection: Connection) -> Connection:
    return replace(connection, base_url=_root(connection) + _PATH)
