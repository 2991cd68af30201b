"""All providers. A new one is one module and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.core.connections import Connection
from app.core.problems import InvalidInput, Problem
from app.providers.abilities import BoundToConnection
from app.providers.anthropic import Anthropic
from app.providers.base import Provider
from app.providers.custom import Custom
from app.providers.gemini import Gemini
from app.providers.llm_router import LlmRouter
from app.providers.llm_service import LlmService
from app.providers.local_llm_api import LocalLlmApi
from app.providers.ollama import Ollama
from app.providers.ollama_queue import OllamaQueue
from app.providers.openai import OpenAi

_ALL: tuple[Provider, ...] = (
    LocalLlmApi(),
    OpenAi(),
    Anthropic(),
    Gemini(),
    Ollama(),
    LlmService(),
    LlmRouter(),
    OllamaQueue(),
    Custom(),
)

PROVIDERS: Mapping[str, Provider] = MappingProxyType({provider.id: provider for provider in _ALL})
"""The providers by their ids, in the order in which they are offered."""


def provider(provider_id: str) -> Provider:
    """The provider of that id, as a connection names it.

    Raises:
        InvalidInput: there is none: the connection comes from another version.
    """
    found = PROVIDERS.get(provider_id)
    if found is None:
        raise InvalidInput(Problem.of("provider.unknown", id=provider_id))
    return found


def provider_for(connection: Connection) -> Provider:
    """The provider that speaks to this connection, which for a custom one is its own.

    Raises:
        InvalidInput: there is none, or the connection holds no dialect that can be used.
    """
    found = provider(connection.provider)
    return found.bound(connection) if isinstance(found, BoundToConnection) else found
