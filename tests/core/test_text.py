"""The catalogue: every text that the code asks for is there, with the values that it needs."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from app.core import text as catalogue
from app.core.problems import BerthError, InvalidFile, Problem
from app.core.text import LANGUAGES, t, use_language
from app.core.text.en import TEXTS as ENGLISH

APP = Path(__file__).parents[2] / "app"
PROBLEM_PARTS = ("what", "cause", "fix")


@dataclass(frozen=True)
class Use:
    """One place where the code asks for a text. `values` is None when they are not spelled out there."""

    place: str
    keys: str
    values: frozenset[str] | None

    @property
    def known(self) -> list[str]:
        """The texts that this place can mean; `keys` is a pattern where part of the key is computed."""
        return [key for key in ENGLISH if re.fullmatch(self.keys, key)]


def uses() -> Iterator[Use]:
    """All calls of `t` and `Problem.of` with a key that is written out, at least in part."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                yield from uses_of_call(node, f"{path.relative_to(APP)}:{node.lineno}")


def uses_of_call(node: ast.Call, place: str) -> Iterator[Use]:
    pattern = key_pattern(node.args[0])
    if pattern is None:
        return
    names = [keyword.arg for keyword in node.keywords]
    values = None if None in names else frozenset(name for name in names if name)
    if isinstance(node.func, ast.Name) and node.func.id == "t":
        yield Use(place, pattern, values)
    elif isinstance(node.func, ast.Attribute) and ast.unparse(node.func) == "Problem.of":
        for part in PROBLEM_PARTS:
            yield Use(place, rf"{pattern}\.{part}", values)


def key_pattern(node: ast.expr) -> str | None:
    """A pattern for the keys that an argument can be; None when nothing of it is written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr) and any(isinstance(part, ast.Constant) for part in node.values):
        return "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.-]+"
            for part in node.values
        )
    return None


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_that_the_code_asks_for_is_in_the_catalogue() -> None:
    assert [f"{use.place} {use.keys}" for use in uses() if not use.known] == []


def test_every_text_gets_the_values_that_it_needs() -> None:
    """A text asked for without any values is shown as it stands, braces and all: those are left out."""
    asked = [(use, key) for use in uses() if use.values for key in use.known if re.escape(key) == use.keys]
    missing = [
        f"{use.place} {key}: {sorted(lacking)}"
        for use, key in asked
        if (lacking := placeholders(ENGLISH[key]) - (use.values or frozenset()))
    ]
    assert asked
    assert missing == []


def test_the_search_for_uses_finds_them() -> None:
    found = {use.keys.replace("\\", "") for use in uses()}
    assert {"gguf.corrupt.cause", "format.date.today"} <= found


def test_no_text_is_empty_or_ends_in_a_space() -> None:
    assert [key for key, text in ENGLISH.items() if not text.strip() or text != text.rstrip()] == []


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_language_has_the_placeholders_of_english(code: str) -> None:
    texts = import_module(f"app.core.text.{code}").TEXTS
    assert [key for key, text in texts.items() if placeholders(text) != placeholders(ENGLISH[key])] == []


def test_a_text_takes_its_values() -> None:
    assert t("format.size.gb", value="4.1") == "4.1 GB"


def test_a_value_with_braces_is_left_alone() -> None:
    assert t("format.size.gb", value="{value}") == "{value} GB"


def test_a_value_may_be_called_key() -> None:
    assert t("gguf.finding.duplicate_key", key="a.b") == "says “a.b” twice"


def test_a_missing_text_shows_its_key() -> None:
    assert t("no.such.text") == "no.such.text"


def test_an_unknown_language_is_english() -> None:
    use_language("xx")
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
