"""The appearance: its stored form, and which language is spoken."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.appearance import Appearance, Motion, TextSize, Theme, choose_language
from app.core.settings import Settings
from dev.paths import ROOT

KNOWN = ("en", "de")

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
appearances = st.builds(
    Appearance, st.sampled_from(Theme), st.sampled_from(TextSize), st.sampled_from(Motion), st.text()
)


@given(appearances)
def test_what_was_stored_is_read_again(appearance: Appearance) -> None:
    assert Appearance.from_record(appearance.to_record()) == appearance


@given(appearances, st.booleans())
def test_the_settings_keep_it(appearance: Appearance, is_on: bool) -> None:
    settings = Settings().with_appearance(appearance).with_single_keys(is_on)
    assert Settings.from_record(settings.to_record()) == settings


@given(anything)
def test_what_cannot_be_read_gets_the_default(record: object) -> None:
    if not isinstance(record, dict):
        assert Appearance.from_record(record) == Appearance()


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(Appearance().to_record(), anything)))
def test_no_record_is_a_crash(record: dict[str, object]) -> None:
    assert isinstance(Appearance.from_record(record), Appearance)


def test_one_unreadable_part_spoils_no_other() -> None:
    record = {"theme": "dark", "text_size": "gigantic", "motion": 7, "language": ["de"]}
    assert Appearance.from_record(record) == Appearance(theme=Theme.DARK)


def test_settings_from_before_single_keys_have_them_on() -> None:
    assert Settings.from_record({"base_url": "http://127.0.0.1:5000/api/v1"}).single_keys is True


@pytest.mark.parametrize(
    ("chosen", "preferred", "language"),
    [
        ("", ["de-AT", "en"], "de"),
        ("", ["fr-FR", "de", "en"], "de"),
        ("", ["en-GB", "de"], "en"),
        ("", ["DE"], "de"),
        ("", ["fi"], "en"),
        ("", [], "en"),
        ("de", ["en-US"], "de"),
        ("en", ["de-DE"], "en"),
        ("tlh", ["de-DE"], "de"),
    ],
)
def test_the_language(chosen: str, preferred: list[str], language: str) -> None:
    assert choose_language(chosen, preferred, KNOWN) == language


def test_the_stylesheet_knows_every_value() -> None:
    """The values stand in attributes of the root element, where the stylesheet must find them."""
    css = (ROOT / "static" / "css" / "tokens.css").read_text("utf-8")
    sizes = set(re.findall(r'\[data-text-size="([a-z]+)"\]', css)) | {TextSize.NORMAL}
    themes = set(re.findall(r'\[data-theme="([a-z]+)"\]', css)) | {Theme.SYSTEM}
    motions = set(re.findall(r'\[data-motion="([a-z]+)"\]', css)) | {Motion.SYSTEM}
    assert (sizes, themes, motions) == (set(TextSize), set(Theme), set(Motion))
