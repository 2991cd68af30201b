"""The registry of providers."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.core.connections import Connection, read_base_url
from app.core.problems import InvalidInput
from app.providers import abilities, base
from app.providers.anthropic import Anthropic
from app.providers.base import Capability, Provider
from app.providers.custom import Custom
from app.providers.gemini import Gemini
from app.providers.in_tab import InTab
from app.providers.llm_router import LlmRouter
from app.providers.llm_service import LlmService
from app.providers.local_llm_api import LocalLlmApi
from app.providers.ollama import Ollama
from app.providers.ollama_queue import OllamaQueue
from app.providers.openai import OpenAi
from app.providers.registry import PROVIDERS, provider, provider_for

ROOT = Path(__file__).parents[2]


def test_every_provider_stands_under_its_own_id() -> None:
    assert {key: one.id for key, one in PROVIDERS.items()} == {key: key for key in PROVIDERS}
    assert "local-llm-api" in PROVIDERS


@pytest.mark.parametrize("one", PROVIDERS.values(), ids=lambda one: one.id)
def test_every_provider_has_a_label_and_a_usable_default_address_if_any(one: Provider) -> None:
    assert not one.default_url or read_base_url(one.default_url) == one.default_url
    assert one.label


def test_an_unknown_provider_says_so() -> None:
    with pytest.raises(InvalidInput, match="does not know the provider “telepathy”"):
        provider("telepathy")


def test_every_provider_satisfies_the_protocols_that_its_capabilities_name() -> None:
    """The registry makes them by name, which no type checker can follow."""
    protocols: dict[Capability, Any] = {
        Capability.STREAM: base.Streams,
        Capability.COMPLETE: base.Completes,
        Capability.EMBED: base.Embeds,
        Capability.LIST: base.ListsModels,
        Capability.UPLOAD: base.KeepsModels,
        Capability.CACHE: base.CachesModels,
        Capability.DELETE: abilities.DeletesModels,
        Capability.PULL: abilities.PullsModels,
        Capability.LOAD: abilities.LoadsModels,
        Capability.UNLOAD: abilities.LoadsModels,
        Capability.QUEUE: abilities.Queues,
        Capability.RERANK: abilities.Reranks,
    }
    lacking = {
        one.id: [name for name in one.capabilities & protocols.keys() if not isinstance(one, protocols[name])]
        for one in PROVIDERS.values()
    }
    assert {name: capabilities for name, capabilities in lacking.items() if capabilities} == {}
    assert all(Capability.CHAT in one.capabilities for one in PROVIDERS.values())


def test_every_provider_satisfies_the_protocol_of_providers() -> None:
    checked: tuple[Provider, ...] = (
        LocalLlmApi(), OpenAi(), Anthropic(), Gemini(), Ollama(), LlmService(), LlmRouter(), OllamaQueue(), Custom(),
        InTab()
    )  # fmt: skip
    assert [type(one) for one in checked] == [type(one) for one in PROVIDERS.values()]


def test_a_provider_is_made_once_and_only_when_it_is_asked_for() -> None:
    code = (
        "import sys; from app.providers.registry import PROVIDERS, provider; provider('openai');"
        "assert provider('openai') is PROVIDERS['openai']; print('app.providers.gemini' in sys.modules, len(PROVIDERS))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["False", "10"]


def test_a_connection_finds_its_provider() -> None:
    connection = Connection("c", "gemini", "Mine", "http://127.0.0.1")
    assert provider_for(connection) is PROVIDERS["gemini"]
    with pytest.raises(InvalidInput, match="does not know the provider"):
        provider_for(replace(connection, provider="telepathy"))
