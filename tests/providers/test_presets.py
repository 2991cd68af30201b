"""The presets: complete, true to their providers, and honest about what a page can do."""

from __future__ import annotations

import pytest

from app.core.connections import read_base_url
from app.providers.openai_servers import quirks_of
from app.providers.presets import PRESETS, KeyNeed, PageAccess, Preset, preset
from app.providers.registry import PROVIDERS

every_preset = pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.id)


@every_preset
def test_a_preset_is_complete(one: Preset) -> None:
    assert one.provider in PROVIDERS
    assert one.name
    assert one.access.text.endswith(".")
    assert one.note == "" or one.note.endswith(".")
    assert not one.base_url or read_base_url(one.base_url) == one.base_url


@every_preset
def test_a_hosted_preset_says_where_its_keys_are_made_and_uses_tls(one: Preset) -> None:
    if one.base_url.startswith("https:"):
        assert one.key is KeyNeed.REQUIRED
        assert one.key_page
        assert "://" not in one.key_page
    else:
        assert not one.key_page


def test_every_provider_that_can_be_connected_to_has_a_preset() -> None:
    assert {one.provider for one in PRESETS} == PROVIDERS.keys() - {"local-llm-api", "in-tab"}


def test_ids_are_unique_and_found() -> None:
    assert len({one.id for one in PRESETS}) == len(PRESETS)
    assert preset("groq") is not None
    assert preset("telepathy") is None


def test_the_quirks_of_a_service_go_by_its_address() -> None:
    openai, mistral = preset("openai"), preset("mistral")
    assert openai is not None and mistral is not None
    assert quirks_of(openai.base_url).names["max_tokens"] == "max_completion_tokens"
    assert not quirks_of(mistral.base_url).takes_stream_options


def test_what_pages_cannot_reach_says_so() -> None:
    gpt4all = preset("gpt4all")
    assert gpt4all is not None
    assert gpt4all.access is PageAccess.BLOCKED
    assert "proxy" in gpt4all.access.text
