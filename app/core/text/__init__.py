"""The words of the interface: one catalogue per language, read through `t`.

Keys are dotted and name the place of the text (`upload.not_gguf.what`). English is the reference: a key that
another language lacks falls back to it, and a key that English lacks is a defect that the tests catch.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from app.core.text.en import TEXTS as ENGLISH

LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch"}
"""Language codes with a catalogue, and each language's name in its own words."""

_texts: Mapping[str, str] = ENGLISH


def use_language(code: str) -> None:
    """Choose the catalogue for all later calls of `t`; an unknown code chooses English."""
    global _texts  # noqa: PLW0603  one language per page, as in gettext
    known = code if code in LANGUAGES else "en"
    _texts = ENGLISH if known == "en" else import_module(f"app.core.text.{known}").TEXTS


def tn(key: str, count: int, **values: object) -> str:
    """The text of `key.one` or `key.other`, whichever fits `count`, which is also `{count}` in it."""
    return t(f"{key}.one" if count == 1 else f"{key}.other", count=count, **values)


def t(key: str, /, **values: object) -> str:
    """The text of `key` in the chosen language, with `{name}` replaced by `values`.

    A key without a text gives the key itself, so that a gap is seen on the page and never a crash.
    """
    text = _texts.get(key)
    if text is None:
        text = ENGLISH.get(key, key)
    return text.format_map(values) if values else text
