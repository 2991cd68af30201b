"""The texts of the first paint: exactly those of index.html, in every language but English."""

from __future__ import annotations

import json
from pathlib import Path

from app.core.text import LANGUAGES
from app.core.text.de import TEXTS as GERMAN
from dev.shell_texts import APPEARANCE, CATALOGUES, INDEX, build_shell_texts, catalogue, shell_keys


def built(folder: Path) -> dict[str, dict[str, str]]:
    build_shell_texts(folder)
    script = (folder / "shell.js").read_text("utf-8")
    words, _, rest = script.removeprefix("globalThis.berthTexts = ").partition(";\n")
    assert rest == APPEARANCE.read_text("utf-8")
    texts: dict[str, dict[str, str]] = json.loads(words)
    return texts


def test_every_language_but_english_is_in_it(tmp_path: Path) -> None:
    assert built(tmp_path / "text").keys() == LANGUAGES.keys() - {"en"}


def test_it_says_what_the_page_says_and_no_more(tmp_path: Path) -> None:
    keys = shell_keys(INDEX.read_text("utf-8"))
    assert built(tmp_path / "text")["de"] == {key: GERMAN[key] for key in keys}


def test_the_catalogue_is_read_as_python_reads_it() -> None:
    assert catalogue(CATALOGUES / "de") == GERMAN


def test_every_kind_of_text_is_found() -> None:
    html = (
        '<p data-t="a.b">x</p><i data-t-label="c.d" data-t-title="e.f"></i><input data-t-placeholder="g.h">'
    )
    assert shell_keys(html) == {"a.b", "c.d", "e.f", "g.h"}
