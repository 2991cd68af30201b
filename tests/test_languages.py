"""Every language says everything that English says, with the same gaps, and in its own typography."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from app.core import formats
from app.core.text import LANGUAGES, t, tn, use_language

CATALOGUES = Path(__file__).parents[1] / "app" / "core" / "text"
ENGLISH = "en"
OTHERS = sorted(set(LANGUAGES) - {ENGLISH})
NOW = datetime(2026, 1, 16, 10, 0, tzinfo=UTC)


@cache
def texts(code: str) -> dict[str, dict[str, str]]:
    """The texts of a language, by file: read from the sources, so that no language hides behind another."""
    return {path.name: dict(read(path)) for path in sorted((CATALOGUES / code).glob("[!_]*.py"))}


def read(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            yield from ast.literal_eval(node.value).items()


def gaps(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


@pytest.fixture
def german() -> Iterator[None]:
    """The page in German."""
    use_language("de")
    yield
    use_language(ENGLISH)


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code: str) -> None:
    """What fails here names the file and the keys that are to be translated."""
    missing = {
        name: sorted(english.keys() - texts(code).get(name, {}).keys())
        for name, english in texts(ENGLISH).items()
    }
    assert {name: keys for name, keys in missing.items() if keys} == {}


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_translated_that_english_does_not_say(code: str) -> None:
    more = {
        name: sorted(other.keys() - texts(ENGLISH).get(name, {}).keys())
        for name, other in texts(code).items()
    }
    assert {name: keys for name, keys in more.items() if keys} == {}


@pytest.mark.parametrize("code", OTHERS)
def test_every_translation_has_the_gaps_of_english(code: str) -> None:
    wrong = {
        key: (gaps(text), gaps(texts(ENGLISH)[name][key]))
        for name, other in texts(code).items()
        for key, text in other.items()
        if key in texts(ENGLISH).get(name, {}) and gaps(text) != gaps(texts(ENGLISH)[name][key])
    }
    assert wrong == {}


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_catalogue_is_whole(code: str) -> None:
    """Every file of texts is part of the language."""
    use_language(code)
    everything = {key: text for file in texts(code).values() for key, text in file.items()}
    assert {key for key, text in everything.items() if t(key) != text} == set()
    use_language(ENGLISH)


def test_german_has_german_typography() -> None:
    """Its own quotation marks, one sign for an ellipsis, a dash for a dash."""
    wrong = re.compile(r'["”‘’‹›«»]|\.\.\.| - |“[^“„]*“|\w\'\w')
    everything = {key: text for file in texts("de").values() for key, text in file.items()}
    assert {key: text for key, text in everything.items() if wrong.search(text)} == {}
    assert {key for key, text in everything.items() if text.count("„") != text.count("“")} == set()


def test_german_calls_nobody_du_or_sie() -> None:
    address = re.compile(
        r"\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*|Ihnen)\b|[a-zäöü,] (?:Sie|Ihr\w*)\b|\w+en Sie\b"
    )
    everything = {key: text for file in texts("de").values() for key, text in file.items()}
    assert {key: text for key, text in everything.items() if address.search(text)} == {}


@pytest.mark.usefixtures("german")
def test_numbers_and_dates_in_german() -> None:
    assert formats.size(int(4.1 * 1024**3)) == "4,1 GB"
    assert formats.count(1_300) == "1,3 Tsd."
    assert formats.count(984_192) == "984 Tsd."
    assert formats.count(1_000_000) == "1 Mio."
    assert formats.tokens_per_second(1234.5) == "1.234 Token/s"
    assert formats.duration(2.44) == "2,4 s"
    assert formats.number(0.6) == "0,6"
    assert formats.date("2026-01-16T09:12:00Z", NOW) == "heute, 09:12"
    assert formats.date("2024-03-05T10:30:00Z", NOW) == "5. März 2024"


@pytest.mark.usefixtures("german")
def test_one_and_many_in_german() -> None:
    assert tn("exchange.imported", 1) == "1 Unterhaltung importiert."
    assert tn("exchange.imported", 2) == "2 Unterhaltungen importiert."
