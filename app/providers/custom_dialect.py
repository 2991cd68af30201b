"""The dialect of a custom provider: all that a user tells about an API that Berth does not know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from app.core.problems import InvalidInput, Problem
from app.core.text import t
from app.providers import custom_paths, custom_template, extract, structure
from app.providers.openai_parameters import LOCAL, STANDARD

OPTION: Final = "dialect"
"""The option of a connection that holds its dialect, as `to_record` gives it."""

METHODS: Final = ("POST", "PUT", "GET")
STREAMS: Final = ("none", "sse", "ndjson", "websocket")

PARAMETERS: Final = (*STANDARD, *LOCAL, structure.JSON_SCHEMA, structure.TOOLS)
"""The parameters that a template may name."""

PLACEHOLDERS: Final[frozenset[str]] = frozenset(
    {"messages", "prompt", "conversation", "system", "model", "key"} | {one.name for one in PARAMETERS}
)
"""What a template may name: the messages in OpenAI's form (without the system message where that is named too), the
last question, the whole conversation as one text, the system message, the model, the key, and the parameters."""

_BODY: Final = """{
  "model": {{model}},
  "messages": {{messages}},
  "temperature": {{temperature}},
  "max_tokens": {{max_tokens}},
  "stream": false
}"""
_PATHS: Final = (
    "answer",
    "reasoning",
    "error",
    "finish",
    "prompt_tokens",
    "completion_tokens",
    "models",
    "model_id",
)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{0,2000}")
_FORBIDDEN = re.compile(
    r"(?:accept-(?:charset|encoding)|access-control-.*|connection|content-length|cookie2?|date|dnt|expect|host|"
    r"keep-alive|origin|permissions-policy|proxy-.*|referer|sec-.*|set-cookie|te|trailer|transfer-encoding|upgrade|"
    r"via)",
    re.IGNORECASE,
)
"""The headers that browsers do not let a page set."""

_SECRET_HEADER = re.compile(
    r"authorization|(?:x-)?(?:[a-z]+-)*(?:api-?)?(?:key|token|secret|pass(?:word)?)", re.IGNORECASE
)
"""The headers that APIs want keys in: a key that is written into a template would be stored and passed on with it."""

_URL_PATH = re.compile(r"(?:/[^\s\\#]*)?")
_TEXT_LENGTH = 2000
_MOST = 200


@dataclass(frozen=True, slots=True)
class CustomDialect:
    """How to ask an API, and where in its replies things stand.

    `path` follows the connection's base URL, so that no template can send the key to another host. `path`, `headers`
    and `body` are templates (see `custom_template`). The fields from `answer` to `model_id` are paths (see
    `custom_paths`), in a stream those within one event. `finish` is where the reason of the end stands, or anything
    true. `end` is the event that ends a stream, as a text. `is_cumulative`: each event brings the whole text so far.
    `list_path` is where the model list is asked for; `known_models` are models that need no list.
    """

    method: str = "POST"
    path: str = "/v1/chat/completions"
    headers: tuple[tuple[str, str], ...] = (("Authorization", "Bearer {{key}}"),)
    body: str = _BODY
    stream: str = "none"
    answer: str = ""
    reasoning: str = ""
    error: str = ""
    finish: str = ""
    prompt_tokens: str = ""
    completion_tokens: str = ""
    end: str = "[DONE]"
    is_cumulative: bool = False
    list_path: str = ""
    models: str = ""
    model_id: str = ""
    known_models: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The placeholders that its templates name."""
        templates = (self.path, self.list_path, self.body, *(value for _, value in self.headers))
        return frozenset().union(*map(custom_template.placeholders, templates))

    def to_record(self) -> dict[str, Any]:
        """The stored form: JSON values only, and no key: `checked` refuses templates with one in them."""
        record: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        record["headers"] = [list(header) for header in self.headers]
        record["known_models"] = list(self.known_models)
        return record

    @classmethod
    def from_record(cls, record: Any) -> CustomDialect:
        """Read the stored form; what is missing gets its default.

        Raises:
            InvalidInput: a part of it is not what it has to be.
        """
        if not isinstance(record, Mapping):
            raise unfit(OPTION)
        known = {field.name for field in fields(cls)}
        if unknown := sorted(str(name) for name in record if name not in known):
            raise unfit(unknown[0])
        return checked(cls(**{name: _typed(cls, name, value) for name, value in record.items()}))


def checked(dialect: CustomDialect) -> CustomDialect:
    """`dialect`, when a request can be built from it and replies read with it.

    Raises:
        InvalidInput: the first field that cannot be used.
    """
    if dialect.method not in METHODS:
        raise unfit("method")
    if dialect.stream not in STREAMS:
        raise unfit("stream")
    for path in (dialect.path, dialect.list_path):
        _check_path(path)
    for name, value in dialect.headers:
        _check_header(name, value)
    for where in ("path", "list_path", "body"):
        written = custom_template.fill_text(getattr(dialect, where), {})
        if extract.redact(written) != written:
            raise InvalidInput(Problem.of("custom.key_written", where=t(f"dialect.{where}")))
    if unknown := sorted(dialect.names - PLACEHOLDERS):
        known = ", ".join(sorted(PLACEHOLDERS))
        raise InvalidInput(Problem.of("custom.placeholder", name=unknown[0], known=known))
    custom_template.read_body(dialect.body)
    for field in _PATHS:
        custom_paths.parse(getattr(dialect, field))
    return dialect


def _check_path(path: str) -> None:
    if "key" in custom_template.placeholders(path):
        raise InvalidInput(Problem.of("custom.key_in_url"))
    if not _URL_PATH.fullmatch(path) or len(path) > _TEXT_LENGTH:
        raise InvalidInput(Problem.of("custom.url_path", path=path[:_MOST]))


def _check_header(name: str, value: str) -> None:
    is_sendable = _HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)
    if not is_sendable or _FORBIDDEN.fullmatch(name):
        raise InvalidInput(Problem.of("custom.header", name=name[:_MOST]))
    if _SECRET_HEADER.fullmatch(name) and value.strip() and not custom_template.placeholders(value):
        raise InvalidInput(Problem.of("custom.key_written", where=name))


def _typed(cls: type[CustomDialect], name: str, value: Any) -> Any:
    """The value of a field in its own type."""
    default = getattr(cls(), name)
    if name == "headers":
        return _pairs(value)
    if name == "known_models":
        return _texts(name, value)
    is_right = type(value) is type(default)
    if not is_right or (isinstance(value, str) and len(value) > custom_template.LENGTH):
        raise unfit(name)
    return value


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    pairs = [_texts("headers", pair) for pair in _listed("headers", value)]
    if any(len(pair) != 2 for pair in pairs):
        raise unfit("headers")
    return tuple((pair[0], pair[1]) for pair in pairs)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    texts = _listed(name, value)
    if not all(isinstance(text, str) and len(text) <= _TEXT_LENGTH for text in texts):
        raise unfit(name)
    return tuple(texts)


def _listed(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) > _MOST:
        raise unfit(name)
    return list(value)


def unfit(name: str) -> InvalidInput:
    """What is said of a part that is missing, unknown, or not what it has to be."""
    return InvalidInput(Problem.of("custom.unfit", field=name[:_MOST]))
