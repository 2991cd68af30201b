"""All providers. A new one is one module and one line here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from app.core.connections import Connection
from app.core.problems import InvalidInput, Problem
from app.providers.abilities import BoundToConnection
from app.providers.base import Provider

_CLASSES: Final[Mapping[str, str]] = {
    "local-llm-api": "local_llm_api.LocalLlmApi",
    "openai": "openai.OpenAi",
    "anthropic": "anthropic.Anthropic",
    "gemini": "gemini.Gemini",
    "ollama": "ollama.Ollama",
    "llm-service": "llm_service.LlmService",
    "llm-router": "llm_router.LlmRouter",
    "ollama-queue": "ollama_queue.OllamaQueue",
    "custom": "custom.Custom",
    "in-tab": "in_tab.InTab",
}
"""The class of each provider below `app.providers`, by its id."""


class _Providers(Mapping[str, Provider]):
    """Makes each provider when it is first asked for: a page that starts needs one of them, or two."""

    def __init__(self) -> None:
        self._made: dict[str, Provider] = {}

    def __getitem__(self, provider_id: str) -> Provider:
        if provider_id not in self._made:
            module, _, name = _CLASSES[provider_id].partition(".")
            self._made[provider_id] = getattr(import_module(f"app.providers.{module}"), name)()
        return self._made[provider_id]

    def __iter__(self) -> Iterator[str]:
        return iter(_CLASSES)

    def __len__(self) -> int:
        return len(_CLASSES)


PROVIDERS: Mapping[str, Provider] = _Providers()
"""The providers by their ids, in the order in which they are offered."""


def provider(provider_id: str) -> Provider:
    """The provider of that id, as a connection names it.

    Raises:
        InvalidInput: there is none: the connection comes from another version.
    """
    if provider_id not in _CLASSES:
        raise InvalidInput(Problem.of("provider.unknown", id=provider_id))
    return PROVIDERS[provider_id]


def provider_for(connection: Connection) -> Provider:
    """The provider that speaks to this connection, which for a custom one is its own.

    Raises:
        InvalidInput: there is none, or the connection holds no dialect that can be used.
    """
    found = provider(connection.provider)
    return found.bound(connection) if isinstance(found, BoundToConnection) else found
