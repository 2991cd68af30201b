"""All providers. A new one is one module and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.core.problems import InvalidInput, Problem
from app.providers.base import Provider
from app.providers.local_llm_api import LocalLlmApi
from app.providers.openai import OpenAi

_ALL: tuple[Provider, ...] = (LocalLlmApi(), OpenAi())

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
