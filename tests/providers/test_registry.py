"""The registry of providers."""

import pytest

from app.core.connections import read_base_url
from app.core.problems import InvalidInput
from app.providers.base import Provider
from app.providers.registry import PROVIDERS, provider


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
