"""Anthropic's Messages API, and the servers that took it over (llama-server, LiteLLM, DeepSeek, …).

System messages stand apart, turns alternate, and an answer is a list of blocks: thinking, text, tool calls. A page may
use the API when it says that it knows what it does, in a header of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.core.connections import Connection, Model
from app.core.deltas import Reply
from app.core.http import EVENT_STREAM, HttpReply, HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.parameters import Parameter, Parameters
from app.core.problems import ApiError, InvalidInput, Problem
from app.providers import anthropic_problems, extract, requests, structure
from app.providers.anthropic_reading import MessageReader
from app.providers.base import Capability
from app.providers.extract.values import at, first_text
from app.providers.streams import JsonEventDecoder

VERSION = "2023-06-01"
"""The value of the header `anthropic-version`; there is no later one."""

DEFAULT_MAX_TOKENS = 8192
"""The API wants a limit with each request. All models since 2024 allow this one."""

_THINKING_ROOM = 4096
"""Tokens left for the answer beside the budget for thinking, which counts towards the limit."""


class Anthropic:
    """The dialect of Anthropic."""

    id = "anthropic"
    label = "Anthropic"
    default_url = "https://api.anthropic.com/v1"
    reads_history = True
    start_command = ""
    capabilities: frozenset[Capability] = frozenset(
        {Capability.CHAT, Capability.STREAM, Capability.LIST, Capability.SEE}
    )
    parameters: tuple[Parameter, ...] = (
        Parameter("temperature", "number", minimum=0, maximum=1, step=0.1, text="openai.temperature"),
        Parameter("top_p", "number", minimum=0, maximum=1, step=0.05),
        Parameter("top_k", "integer", minimum=0),
        Parameter("max_tokens", "integer", default=DEFAULT_MAX_TOKENS, minimum=1, text="openai.max_tokens"),
        Parameter("stop_sequences", "list", text="stop"),
        Parameter("effort", "text"),
        Parameter("thinking_budget", "integer", minimum=1024),
        structure.JSON_SCHEMA,
        structure.TOOLS,
    )

    def health_request(self, connection: Connection) -> HttpRequest:
        """GET /models, which costs nothing and shows whether the key is taken."""
        return HttpRequest("GET", f"{connection.base_url}/models?limit=1000", _headers(connection))

    def is_healthy(self, reply: HttpReply) -> bool:
        """Whether it is a model list, or the API's own refusal of the key or of so many requests."""
        value = extract.read_value(reply)
        if reply.ok:
            return not extract.reports_failure(value) and extract.model_list(value) is not None
        return reply.status in {401, 403, 429, 529} and isinstance(value, dict)

    def chat_request(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """POST /messages, streamed.

        Raises:
            InvalidInput: nothing is asked, no model is named, the key cannot be sent, or a parameter does not fit.
        """
        turns = _turns(messages)
        requests.check(model, turns)
        body: dict[str, Any] = {
            "model": model,
            "max_tokens": DEFAULT_MAX_TOKENS,
            "messages": [{"role": str(turn.role), "content": _content(turn)} for turn in turns],
            **requests.chosen(self.parameters, parameters),
            "stream": True,
        }
        if system := requests.system_text(messages):
            body["system"] = system
        _set_thinking(body, is_limited="max_tokens" in parameters)
        if schema := structure.schema_of(parameters):
            body.setdefault("output_config", {})["format"] = {"type": "json_schema", "schema": schema}
        if tools := structure.tools_of(parameters):
            body["tools"] = [
                {"name": tool.name, "description": tool.description, "input_schema": tool.parameters}
                for tool in tools
            ]
        return HttpRequest.post_json(f"{connection.base_url}/messages", body, _headers(connection))

    def decoder(self, media_type: str) -> JsonEventDecoder | None:
        """A decoder for server-sent events; everything else is read as a whole."""
        return JsonEventDecoder(MessageReader(), self.error) if media_type == EVENT_STREAM else None

    def reply(self, reply: HttpReply) -> Reply:
        """The answer of a whole message; `raw` holds the JSON when it has none in any known form.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        self.check(reply)
        value = extract.read_value(reply)
        text = extract.answer_text(value)
        if isinstance(at(value, "content"), list):
            answer = Reply.of(MessageReader().whole(value))
        else:
            answer = Reply(text or "", usage=extract.usage(value))
        raw = "" if text is not None or answer.reasoning or answer.calls else extract.raw_text(value)
        return replace(answer, model=extract.model_name(value), raw=raw)

    def check(self, reply: HttpReply) -> None:
        """Nothing, when `reply` is a success of this API.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        value = extract.read_value(reply)
        is_error = at(value, "type") == "error" or extract.reports_failure(value)
        if not reply.ok or value is None or is_error:
            raise self.error(reply)

    def error(self, reply: HttpReply) -> ApiError:
        """What an error reply means, in this API's own terms."""
        return ApiError(anthropic_problems.problem_of(reply), reply.status)

    def rejected(self, request: str) -> Problem:
        """Why most likely a request had no readable reply while the model list has one."""
        return Problem.of("openai.rejected", details=request)

    def cors_fix(self, connection: Connection, origin: str) -> str:  # noqa: ARG002 - the same for each server
        """The headers that a server of the user's own has to send; Anthropic sends them."""
        return (
            f"Access-Control-Allow-Origin: {origin}\n"
            "Access-Control-Allow-Headers: x-api-key, anthropic-version, anthropic-dangerous-direct-browser-access, "
            "Content-Type\n"
            "Access-Control-Allow-Methods: GET, POST, OPTIONS"
        )

    def list_request(self, connection: Connection) -> HttpRequest:
        """GET /models, all on one page."""
        return self.health_request(connection)

    def models(self, reply: HttpReply) -> tuple[Model, ...]:
        """The models, labelled by the names that Anthropic shows.

        Raises:
            ApiError: an error, or a reply without a list.
        """
        self.check(reply)
        value = extract.read_value(reply)
        listed = extract.model_list(value)
        if listed is None:
            raise ApiError(Problem.of("openai.no_list", details=extract.details(reply)), reply.status)
        items = at(value, "data")
        names = {
            first_text(item, "id"): first_text(item, "display_name")
            for item in (items if isinstance(items, list) else ())
        }
        return tuple(replace(model, label=names.get(model.id) or model.label) for model in listed)


def _headers(connection: Connection) -> dict[str, str]:
    key = requests.key_of(connection)
    headers = {"x-api-key": key} if key else {}
    return {**headers, "anthropic-version": VERSION, "anthropic-dangerous-direct-browser-access": "true"}


def _content(turn: PromptMessage) -> str | list[dict[str, Any]]:
    """A turn's text, or its images and its text: Anthropic advises to let the images come first."""
    if not turn.images:
        return turn.text
    blocks: list[dict[str, Any]] = []
    for url in turn.images:
        media_type, data = requests.image_data(url)
        source = {"type": "base64", "media_type": media_type, "data": data}
        blocks.append({"type": "image", "source": source})
    return [*blocks, {"type": "text", "text": turn.text}] if turn.text.strip() else blocks


def _turns(messages: Sequence[PromptMessage]) -> list[PromptMessage]:
    """The conversation by turns. An answer at its end is to be continued; there the API refuses white space."""
    turns = requests.turns(messages)
    if turns and turns[-1].role is Role.ASSISTANT:
        turns[-1] = replace(turns[-1], text=turns[-1].text.rstrip())
    return turns


def _set_thinking(body: dict[str, Any], *, is_limited: bool) -> None:
    """Turn the parameters about thinking into the API's fields: a budget for older models, effort for newer ones."""
    budget, effort = body.pop("thinking_budget", None), body.pop("effort", "").strip()
    if effort:
        body["thinking"] = {"type": "adaptive", "display": "summarized"}
        body["output_config"] = {"effort": effort}
    elif budget is not None:
        body["thinking"] = {"type": "enabled", "budget_tokens": budget}
        if not is_limited:
            body["max_tokens"] = max(DEFAULT_MAX_TOKENS, budget + _THINKING_ROOM)
        elif body["max_tokens"] <= budget:
            raise InvalidInput(Problem.of("anthropic.budget", budget=budget, limit=body["max_tokens"]))
