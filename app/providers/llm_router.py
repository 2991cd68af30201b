"""The LLM Router: a service that chooses among the models it has, with keys and daily limits of its own.

Its document names requests, not replies. It streams over a WebSocket only, whose vocabulary is another dialect; over
HTTP an answer comes whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from app.core.connections import Connection, Model
from app.core.deltas import Reply
from app.core.http import HttpReply, HttpRequest
from app.core.limits import RateLimits
from app.core.messages import PromptMessage
from app.core.parameters import Parameter, Parameters
from app.core.problems import ApiError, Problem
from app.core.text import t
from app.providers import extract, openai_problems, requests
from app.providers.base import Capability
from app.providers.extract.values import at

AUTO: Final = "auto"
"""The model that stands for none: the router chooses."""

_PATH: Final = "/api"


class LlmRouter:
    """The dialect of the LLM Router, as documented and as observed."""

    id = "llm-router"
    label = "LLM Router"
    default_url = ""
    reads_history = True
    start_command = ""
    capabilities: frozenset[Capability] = frozenset({Capability.CHAT, Capability.LIST})
    parameters: tuple[Parameter, ...] = (
        Parameter(
            "temperature", "number", default=0.7, minimum=0, maximum=2, step=0.1, text="openai.temperature"
        ),
        Parameter("maxTokens", "integer", default=500, minimum=1, text="openai.max_tokens"),
    )

    def health_request(self, connection: Connection) -> HttpRequest:
        """GET /api/health, which needs no key and counts towards no limit."""
        return HttpRequest.get(f"{_root(connection)}/api/health")

    def is_healthy(self, reply: HttpReply) -> bool:
        """Whether it tells its status, as no page of some other server does."""
        return reply.ok and isinstance(at(extract.read_value(reply), "status"), str)

    def chat_request(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """POST /api/chat; the model is left out when the router shall choose.

        Raises:
            InvalidInput: nothing is asked, or the key cannot be sent.
        """
        said = requests.as_openai(messages)
        requests.check(model or AUTO, said)
        body = {"messages": said, **requests.chosen(self.parameters, parameters)}
        if model not in {"", AUTO}:
            body["model"] = model
        return HttpRequest.post_json(f"{_root(connection)}/api/chat", body, requests.bearer(connection))

    def reply(self, reply: HttpReply) -> Reply:
        """The answer; `raw` holds the JSON when it has none in any known form.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        self.check(reply)
        value = extract.read_value(reply)
        text = extract.answer_text(value)
        return Reply(
            text or "",
            model=extract.model_name(value),
            usage=extract.usage(value) or extract.usage(at(value, "response")),
            raw=extract.raw_text(value) if text is None else "",
        )

    def check(self, reply: HttpReply) -> None:
        """Nothing, when `reply` is a success of this API.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        value = extract.read_value(reply)
        if not reply.ok or value is None or extract.reports_failure(value):
            raise self.error(reply)

    def error(self, reply: HttpReply) -> ApiError:
        """What an error reply means. The limits are those of a day, so that it is told when that is over."""
        if reply.status == 429:
            said, until = extract.error_text(reply), _until(reply)
            problem = Problem.of("router.limit", details=extract.details(reply), said=said, until=until)
            return ApiError(problem, reply.status)
        return ApiError(openai_problems.problem_of(reply), reply.status)

    def rejected(self, request: str) -> Problem:
        """Why most likely a request had no readable reply: some of its errors come without CORS headers."""
        return Problem.of("router.rejected", details=request)

    def cors_fix(self, connection: Connection, origin: str) -> str:  # noqa: ARG002 - the same for each server
        """The lines that let an Express server allow `origin`."""
        return f'const cors = require("cors");\napp.use(cors({{ origin: "{origin}" }}));'

    def list_request(self, connection: Connection) -> HttpRequest:
        """GET /api/models, which shows whether the key is taken."""
        return HttpRequest("GET", f"{_root(connection)}/api/models", requests.bearer(connection))

    def models(self, reply: HttpReply) -> tuple[Model, ...]:
        """The choice of the router, then the models that it has.

        Raises:
            ApiError: an error, or a reply without a list.
        """
        self.check(reply)
        listed = extract.model_list(extract.read_value(reply))
        if listed is None:
            raise ApiError(Problem.of("openai.no_list", details=extract.details(reply)), reply.status)
        return (Model(AUTO, t("router.auto")), *(model for model in listed if model.id != AUTO))

    def limits(self, headers: Mapping[str, str], now: float) -> RateLimits | None:
        """The requests of today: the header that counts those used cannot be read by a page, the other two can."""
        found = extract.rate_limits(headers, now)
        return None if found is None else replace(found, period="day")


def _root(connection: Connection) -> str:
    """The base URL without the prefix, which people copy with it."""
    return connection.base_url.removesuffix(_PATH)


def _until(reply: HttpReply) -> str:
    """When the limit ends, in words; empty when the reply does not say. Waits without a date count from 1970."""
    moment = extract.reset_time(reply, 0)
    if moment is None:
        return ""
    if moment < 1e9:
        return t("router.wait", minutes=f"{moment / 60:.0f}")
    try:
        date = datetime.fromtimestamp(moment, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return t("router.until", time=f"{date:%Y-%m-%d %H:%M} UTC")
