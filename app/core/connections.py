"""Connections and the models behind them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from app.core.problems import InvalidInput, Problem

LOCAL_API_ID = "local"
"""The id of the connection to the local API, which is always there."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A provider with an endpoint, that the user saved.

    `base_url` never ends in a slash. `key` is filled in from the vault for the time of one request and is part of
    neither the stored record nor the printed form. `options` is what this provider alone needs to know, as JSON values:
    which header takes the key, or the whole dialect of a custom one.
    """

    id: str
    provider: str
    name: str
    base_url: str
    key: str = field(default="", repr=False, compare=False)
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ModelRef:
    """One model of one connection: what a conversation remembers and the gateway takes."""

    connection: str
    model: str

    def __str__(self) -> str:
        """`connection/model`, the form in which a reference is stored and stands in the page."""
        return f"{self.connection}/{self.model}"

    @classmethod
    def parse(cls, text: str) -> ModelRef | None:
        """Read what `str` wrote; None when there is no slash. Model ids may hold further slashes."""
        connection, slash, model = text.partition("/")
        return cls(connection, model) if slash and connection and model else None


@dataclass(frozen=True, slots=True)
class Model:
    """A model that a connection offers.

    `id` is what the API wants to read, `label` what people read. `size` is in bytes when the API says so in numbers;
    `size_text` is what it says in words, otherwise. `modified` is the date as the API wrote it. `context` is how many
    tokens it reads at most, None when the API does not tell.
    """

    id: str
    label: str
    size: int | None = None
    size_text: str = ""
    modified: str = ""
    context: int | None = None


def is_same_model(asked: str, told: str) -> bool:
    """Whether an API tells the name of the model that it was asked for: as a path, an alias or the name of its file."""
    return not told or _plain(asked) == _plain(told)


def read_base_url(text: str) -> str:
    """Check and tidy a base URL that a user typed; `127.0.0.1:5000/api/v1` gets its `http://`.

    Raises:
        InvalidInput: not an http(s) URL, or one with credentials, a query or a fragment.
    """
    typed = text.strip()
    if "://" not in typed:
        typed = f"http://{typed}"
    try:
        parts = urlsplit(typed)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        raise InvalidInput(Problem.of("address.unreadable", typed=text.strip())) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_valid or " " in typed:
        raise InvalidInput(Problem.of("address.unreadable", typed=text.strip()))
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidInput(Problem.of("address.extras"))
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"), "", ""))


def _plain(model: str) -> str:
    name = re.split(r"[/\\]", model)[-1].casefold()
    return name.removesuffix(".gguf").removesuffix(":latest")
