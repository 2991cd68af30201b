"""Google's Gemini API: generateContent, streamed as server-sent events, its model list and its embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from app.core.connections import Connection, Model
from app.core.deltas import Reply
from app.core.http import EVENT_STREAM, HttpReply, HttpRequest
from app.core.messages import PromptMessage, Role
from app.core.parameters import Parameter, Parameters
from app.core.problems import ApiError, Problem
from app.providers import extract, gemini_problems, requests, structure
from app.providers.base import Capability
from app.providers.extract.values import at, count, first_text, vector
from app.providers.gemini_reading import ContentReader
from app.providers.streams import JsonEventDecoder

_PREFIX: Final = "models/"
_LISTED_METHODS: Final = {"generateContent", "embedContent"}


class Gemini:
    """The dialect of Gemini."""

    id = "gemini"
    label = "Google Gemini"
    default_url = "https://generativelanguage.googleapis.com/v1beta"
    reads_history = True
    start_command = ""
    capabilities: frozenset[Capability] = frozenset(
        {Capability.CHAT, Capability.STREAM, Capability.EMBED, Capability.LIST, Capability.SEE}
    )
    parameters: tuple[Parameter, ...] = (
        Parameter("temperature", "number", minimum=0, maximum=2, step=0.1, text="openai.temperature"),
        Parameter("topP", "number", minimum=0, maximum=1, step=0.05, text="top_p"),
        Parameter("topK", "integer", minimum=1, text="top_k"),
        Parameter("maxOutputTokens", "integer", minimum=1, text="openai.max_tokens"),
        Parameter("stopSequences", "list", text="stop"),
        Parameter("seed", "integer"),
        Parameter("thinkingBudget", "integer", minimum=-1, text="gemini.thinking_budget"),
        structure.JSON_SCHEMA,
        structure.TOOLS,
    )

    def health_request(self, connection: Connection) -> HttpRequest:
        """GET /models, all on one page, which shows whether the key is taken."""
        return HttpRequest("GET", f"{connection.base_url}/models?pageSize=1000", _headers(connection))

    def is_healthy(self, reply: HttpReply) -> bool:
        """Whether it is a model list, or the API's own refusal of the key or of so many requests."""
        value = gemini_problems.unwrapped(extract.read_value(reply))
        if reply.ok:
            return isinstance(at(value, "models"), list)
        return reply.status in {400, 401, 403, 429} and isinstance(at(value, "error.status"), str)

    def chat_request(
        self, connection: Connection, model: str, messages: Sequence[PromptMessage], parameters: Parameters
    ) -> HttpRequest:
        """POST :streamGenerateContent, the model's name in the path.

        Raises:
            InvalidInput: nothing is asked, no model is named, the key cannot be sent, or a parameter does not fit.
        """
        turns = requests.turns(messages)
        requests.check(model, turns)
        body: dict[str, Any] = {"contents": [_content(turn) for turn in turns]}
        if system := requests.system_text(messages):
            body["systemInstruction"] = {"parts": [{"text": system}]}
        if config := self._config(parameters):
            body["generationConfig"] = config
        if tools := structure.tools_of(parameters):
            declared = [
                {
                    "name": tool.name,
                    "description": tool.description,
                    "parametersJsonSchema": tool.parameters,
                }
                for tool in tools
            ]
            body["tools"] = [{"functionDeclarations": declared}]
        url = f"{_model_url(connection, model)}:streamGenerateContent?alt=sse"
        return HttpRequest.post_json(url, body, _headers(connection))

    def embed_request(self, connection: Connection, model: str, texts: Sequence[str]) -> HttpRequest:
        """POST :batchEmbedContents.

        Raises:
            InvalidInput: there is no text, no model is named, or the key cannot be sent.
        """
        requests.check(model, texts)
        name = f"{_PREFIX}{model.removeprefix(_PREFIX)}"
        asked = [{"model": name, "content": {"parts": [{"text": text}]}} for text in texts]
        url = f"{_model_url(connection, model)}:batchEmbedContents"
        return HttpRequest.post_json(url, {"requests": asked}, _headers(connection))

    def decoder(self, media_type: str) -> JsonEventDecoder | None:
        """A decoder for server-sent events; everything else is read as a whole."""
        return JsonEventDecoder(ContentReader(), self.error) if media_type == EVENT_STREAM else None

    def reply(self, reply: HttpReply) -> Reply:
        """The answer of a whole reply, also of the array in which proxies without events give a stream.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        self.check(reply)
        value = extract.read_value(reply)
        reader = ContentReader()
        pieces = value if isinstance(value, list) else [value]
        known = [deltas for piece in pieces if (deltas := reader.read(piece)) is not None]
        if not known:
            text = extract.answer_text(value)
            return Reply(text or "", raw=extract.raw_text(value) if text is None else "")
        answer = Reply.of([delta for deltas in known for delta in deltas])
        return replace(answer, model=first_text(pieces[-1], "modelVersion"))

    def check(self, reply: HttpReply) -> None:
        """Nothing, when `reply` is a success of this API, with an answer that was not blocked.

        Raises:
            ApiError: an error, whatever its status, or a reply of something else.
        """
        value = extract.read_value(reply)
        pieces = value if isinstance(value, list) else [value]
        has_failed = any(ContentReader().failure(piece) is not None for piece in pieces)
        if not reply.ok or value is None or has_failed or extract.reports_failure(value):
            raise self.error(reply)

    def error(self, reply: HttpReply) -> ApiError:
        """What an error reply means, in this API's own terms."""
        return ApiError(gemini_problems.problem_of(reply), reply.status)

    def rejected(self, request: str) -> Problem:
        """Why most likely a request had no readable reply while the model list has one."""
        return Problem.of("openai.rejected", details=request)

    def cors_fix(self, connection: Connection, origin: str) -> str:  # noqa: ARG002 - the same for each server
        """The headers that a proxy of the user's own has to send; Google sends them."""
        return (
            f"Access-Control-Allow-Origin: {origin}\n"
            "Access-Control-Allow-Headers: x-goog-api-key, Content-Type\n"
            "Access-Control-Allow-Methods: GET, POST, OPTIONS"
        )

    def list_request(self, connection: Connection) -> HttpRequest:
        """GET /models, all on one page."""
        return self.health_request(connection)

    def models(self, reply: HttpReply) -> tuple[Model, ...]:
        """The models that answer or embed; those for pictures, speech and video are left out.

        Raises:
            ApiError: an error, or a reply without a list.
        """
        self.check(reply)
        listed = at(extract.read_value(reply), "models")
        if not isinstance(listed, list):
            raise ApiError(Problem.of("openai.no_list", details=extract.details(reply)), reply.status)
        models = [_model(item) for item in listed if _is_usable(item)]
        return tuple({model.id: model for model in models if model.id.strip()}.values())

    def vectors(self, reply: HttpReply) -> tuple[tuple[float, ...], ...]:
        """One vector for each text, in the order in which they were sent.

        Raises:
            ApiError: an error, or a reply without vectors.
        """
        self.check(reply)
        rows = at(extract.read_value(reply), "embeddings")
        vectors = tuple(vector(at(row, "values")) for row in rows) if isinstance(rows, list) else ()
        if not vectors or not all(vectors):
            raise ApiError(Problem.of("openai.no_vectors", details=extract.details(reply)), reply.status)
        return vectors

    def _config(self, parameters: Parameters) -> dict[str, Any]:
        config: dict[str, Any] = dict(requests.chosen(self.parameters, parameters))
        if (budget := config.pop("thinkingBudget", None)) is not None:
            # Asking for thoughts without a budget is an error with models that do not think.
            config["thinkingConfig"] = {"thinkingBudget": budget, "includeThoughts": budget != 0}
        if schema := structure.schema_of(parameters):
            config["responseMimeType"] = "application/json"
            config["responseJsonSchema"] = schema
        return config


def _headers(connection: Connection) -> dict[str, str]:
    key = requests.key_of(connection)
    return {"x-goog-api-key": key} if key else {}


def _model_url(connection: Connection, model: str) -> str:
    """The URL of a model. Names of tuned ones bring a collection of their own with them."""
    name = model if "/" in model else _PREFIX + model
    return f"{connection.base_url}/{quote(name)}"


def _content(turn: PromptMessage) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    for url in turn.images:
        media_type, data = requests.image_data(url)
        parts.append({"inlineData": {"mimeType": media_type, "data": data}})
    if turn.text.strip():
        parts.append({"text": turn.text})
    return {"role": "model" if turn.role is Role.ASSISTANT else "user", "parts": parts}


def _is_usable(item: Any) -> bool:
    methods = at(item, "supportedGenerationMethods")
    return not isinstance(methods, list) or any(method in _LISTED_METHODS for method in methods)


def _model(item: Any) -> Model:
    model_id = first_text(item, "name").removeprefix(_PREFIX)
    label = first_text(item, "displayName") or model_id
    return Model(model_id, label, context=count(at(item, "inputTokenLimit")))
