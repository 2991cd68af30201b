"""Texts and problems: how they take their values, and what stands where one is missing."""

from __future__ import annotations

import pytest

from app.core import text as catalogue
from app.core.problems import BerthError, InvalidFile, Problem
from app.core.text import t, use_language


def test_a_text_takes_its_values() -> None:
    assert t("format.size.gb", value="4.1") == "4.1 GB"


def test_a_value_with_braces_is_left_alone() -> None:
    assert t("format.size.gb", value="{value}") == "{value} GB"


def test_a_value_may_be_called_key() -> None:
    assert t("gguf.finding.duplicate_key", key="a.b") == "says “a.b” twice"


def test_a_missing_text_shows_its_key() -> None:
    assert t("no.such.text") == "no.such.text"


def test_an_unknown_language_is_english() -> None:
    use_language("tlh")
    assert t("format.month.1") == "Jan"


def test_a_language_falls_back_to_english_where_it_has_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_texts", {"format.month.1": "Jänner"})
    assert (t("format.month.1"), t("format.month.2")) == ("Jänner", "Feb")


def test_a_problem_is_read_from_the_catalogue() -> None:
    problem = Problem.of("file.unreadable", name="a.gguf", snippet="ls", details="EIO")
    assert problem.what == "“a.gguf” cannot be read."
    assert (problem.snippet, problem.details) == ("ls", "EIO")


def test_a_problem_prints_all_its_sentences() -> None:
    assert str(Problem("Lost.", "No disk.", "Buy one.")) == "Lost. No disk. Buy one."


def test_an_error_carries_its_problem() -> None:
    error = InvalidFile(Problem("Lost."))
    assert isinstance(error, BerthError)
    assert (error.problem.what, str(error)) == ("Lost.", "Lost.")
