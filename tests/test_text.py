"""The catalogue: every text that is asked for exists, is whole, and gets the values that it has room for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

from app.core import fit, formats, shortcuts
from app.core.appearance import Motion, TextSize, Theme
from app.core.conversations import Status
from app.core.gguf.layers import Part
from app.core.local_api import Health
from app.core.state import Place
from app.core.tab_models import Move, Source
from app.core.text import LANGUAGES, t, use_language
from app.core.text.en import TEXTS
from app.core.uploads import Phase
from app.core.vault import VaultMode
from app.providers import local_llm_problems, openai_problems
from app.providers.custom_dialect import STREAMS, CustomDialect
from app.providers.presets import PageAccess
from app.providers.registry import PROVIDERS
from app.services.ports.engine import FailureKind, StoreFailureKind

ROOT = Path(__file__).parents[1]
CATALOGUES = ROOT / "app" / "core" / "text"
SOURCES = [path for path in sorted((ROOT / "app").rglob("*.py")) if CATALOGUES not in path.parents]
SHELL = (ROOT / "index.html").read_text()

PARTS = ("what", "cause", "fix")
HOST = re.compile(r"\.(?:ai|com|dev|io|net|org)$")
KEY = re.compile(r"[a-z_]+(?:\.[a-z0-9_-]+)+")
ROOTS = {key.partition(".")[0] for key in TEXTS}

WITHOUT_WHAT = {"local.hidden.generate", "local.hidden.upload", "local.hidden.delete", "local.hidden.other"}
"""Causes and fixes that stand below two different texts of what happened."""

ONLY_WHAT = {"local.hidden", "local.rejected"}
"""The texts of what happened that stand above these."""

MEANT_LITERALLY = {"question"}
"""What stands in braces and is no gap: the placeholder of a template."""

PARAMETERS = {
    parameter.text or parameter.name for provider in PROVIDERS.values() for parameter in provider.parameters
}


@dataclass(frozen=True)
class Use:
    """A place in the app that asks for texts: a key, or one with gaps (`health.{}`), and the values given."""

    where: str
    kind: str
    key: str
    values: frozenset[str]
    has_more: bool

    @property
    def given(self) -> frozenset[str]:
        """The values that the texts get; `tn` adds the count."""
        return self.values | {"count"} if self.kind == "tn" else self.values

    @property
    def keys(self) -> list[str]:
        """The keys that it may ask for."""
        known = KNOWN.get(self.key, ()) if "{}" in self.key else (self.key,)
        endings = {"t": ("",), "tn": (".one", ".other"), "of": tuple(f".{part}" for part in PARTS)}[self.kind]
        return [f"{key}{ending}" for key in known for ending in endings]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def strings(node: ast.AST | None) -> Iterator[str]:
    """The texts that an expression may amount to, as far as they stand there."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from strings(value)
    elif isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        yield "".join(str(part) for part in parts)


def uses(path: Path) -> Iterator[Use]:
    """The calls of t, tn and Problem.of in a module, those with a key that stands there."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        kind = called(node.func)
        if kind in {"t", "tn", "of"}:
            values = {keyword.arg for keyword in node.keywords if keyword.arg}
            has_more = any(keyword.arg is None for keyword in node.keywords)
            for key in strings(node.args[0]):
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield Use(where, kind, key, frozenset(values), has_more)


def called(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    is_problem = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    return "of" if is_problem and ast.unparse(function) == "Problem.of" else ""


def returned(path: str, *functions: str) -> set[str]:
    """The texts that functions return."""
    found: set[str] = set()
    for function in ast.walk(tree(ROOT / path)):
        if isinstance(function, ast.FunctionDef) and function.name in functions:
            for node in ast.walk(function):
                found.update(strings(node.value) if isinstance(node, ast.Return) else ())
    return found


def arguments(folder: str, function: str, position: int) -> set[str]:
    """The texts that a function is given."""
    return {
        text
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == function
        for text in strings(node.args[position] if len(node.args) > position else None)
    }


def table(path: str, name: str) -> set[str]:
    """The texts in a table of a module."""
    found: set[str] = set()
    for node in tree(ROOT / path).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name and node.value:
            found.update(text for inner in ast.walk(node.value) for text in strings(inner))
    return found


def local_errors() -> set[str]:
    problems = local_llm_problems
    tables: list[Mapping[object, str]] = [problems._BY_STATUS, problems._PAGES, problems._BY_TASK]  # type: ignore[list-item]
    named = {key for table in tables for key in table.values()}
    said = returned("app/providers/local_llm_problems.py", "_key", "_not_a_reply")
    return {*problems._WORDS, *named, *said} - {"hidden"}


def openai_errors() -> set[str]:
    problems = openai_problems
    said = returned("app/providers/openai_problems.py", "_key", "_event_key", "_not_a_reply")
    return {*problems._WORDS, *problems._BY_STATUS.values(), *said}


def prefixed(template: str, values: object) -> list[str]:
    assert isinstance(values, set | list | tuple | type | range), values
    return [template.replace("{}", str(value), 1) for value in values]  # type: ignore[union-attr]


KEYS = {
    *(key for _, pressed in shortcuts.EDITING for key in pressed),
    *(a.chord.key for a in shortcuts.ACTIONS if a.chord and not a.chord.is_single and not a.chord.mod),
}
HIDING = ("generate", "upload", "delete", "other")
_GAPS: Mapping[str, object] = {
    "connection.facts.{}": ("model", "context", "price_in", "price_out"),
    "connection.group.{}": ("here", "hosted", "own"),
    "ledger.end.{}": ("running", "cancelled", "rejected", "timeout", "cut", "opaque"),
    "vault.{}": list(VaultMode),
    "vault.{}.lacks": list(VaultMode),
    "vault.{}.protects": list(VaultMode),
    "action.{}": {action.id for action in shortcuts.ACTIONS} | {name for name, _ in shortcuts.EDITING},
    "announce.{}": set(Status) - {Status.STREAMING},
    "appearance.motion.{}": list(Motion),
    "appearance.text_size.{}": list(TextSize),
    "appearance.theme.{}": list(Theme),
    "file.advice.{}": arguments("app/core/gguf", "Lookalike", 1),
    "file.kind.{}": arguments("app/core/gguf", "Lookalike", 0),
    "fit.part.{}": fit.PARTS,
    "fit.verdict.{}": (fit.Verdict.RUNS, fit.Verdict.SLOW),
    "format.count.{}": formats._COUNTS,
    "format.month.{}": range(1, 13),
    "format.size.{}": formats._BYTES,
    "gguf.finding.{}": arguments("app/core/gguf", "corrupt", 0),
    "dialect.{}": {one.name for one in fields(CustomDialect)} - {"is_cumulative"},
    "dialect.{}.help": table("app/views/custom_fields.py", "_HELPED"),
    "dialect.{}.title": ("request", "reply", "models"),
    "dialect.stream.{}": STREAMS,
    "health.{}": list(Health),
    "keep.failed.{}": get_args(StoreFailureKind),
    "keep.move.{}": list(Move),
    "key.{}": KEYS,
    "layers.part.{}": list(Part),
    "local.hidden.{}.cause": HIDING,
    "local.hidden.{}.fix": HIDING,
    "local.{}": local_errors(),
    "local.{}.what": ("hidden", "rejected"),
    "openai.{}": openai_errors(),
    "parameter.not_{}": ("integer", "number"),
    "parameter.{}.help": PARAMETERS,
    "parameter.{}.label": PARAMETERS,
    "place.{}": list(Place),
    "preset.access.{}": list(PageAccess),
    "shortcuts.group.{}": list(shortcuts.Group),
    "stream.{}": returned("app/services/streaming.py", "_ending"),
    "tab.failed.{}": set(get_args(FailureKind)) - {"overflow"},
    "tab.source.{}": list(Source),
    "trial.{}": ("answer", "reasoning", "finish", "sent", "received"),
    "upload.phase.{}": set(Phase) - {Phase.SENDING},
}
"""What the gaps in keys can hold. A new key with a gap belongs here, with where its values come from."""

KNOWN = {template: prefixed(template, values) for template, values in _GAPS.items()}

USES = [
    use for path in SOURCES for use in uses(path) if "{}" not in use.key or use.key.partition(".")[0] in ROOTS
]


def shell_keys() -> set[str]:
    return set(re.findall(r'\bdata-t(?:-[a-z]+)?="([^"]+)"', SHELL))


def mentioned(path: Path) -> Iterator[str]:
    """Texts in a module that look like keys, wherever they stand: in a table, in a variable."""
    pieces = {
        part for node in ast.walk(tree(path)) if isinstance(node, ast.JoinedStr) for part in node.values
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in pieces:
            text = node.value
            if KEY.fullmatch(text) and not HOST.search(text) and text not in PARAMETERS:
                yield text


def gaps_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_key_with_a_gap_is_known() -> None:
    """A new one belongs into the table above, with where its values come from."""
    assert {use.where: use.key for use in USES if "{}" in use.key and use.key not in KNOWN} == {}


def test_every_text_that_is_asked_for_exists() -> None:
    missing = {use.where: [key for key in use.keys if key not in TEXTS] for use in USES}
    assert {where: keys for where, keys in missing.items() if keys} == {}


def test_every_gap_gets_its_value() -> None:
    short = {
        f"{use.where} {key}": gaps_of(TEXTS[key]) - (use.given or MEANT_LITERALLY)
        for use in USES
        for key in use.keys
        if key in TEXTS and not use.has_more
    }
    assert {where: gaps for where, gaps in short.items() if gaps} == {}


def test_every_text_of_the_shell_exists_and_has_no_gap() -> None:
    assert shell_keys() - TEXTS.keys() == set()
    assert {key for key in shell_keys() & TEXTS.keys() if gaps_of(TEXTS[key])} == set()


def test_the_shell_says_what_the_catalogue_says() -> None:
    """It is painted before Python runs: what stands there must not change when it does."""
    said = dict(re.findall(r'\bdata-t="([^"]+)"[^>]*>([^<]+)<', SHELL))
    assert {key: text for key, text in said.items() if TEXTS.get(key) != text} == {}
    labels = re.findall(r'\baria-label="([^"]+)"[^>]*?\bdata-t-label="([^"]+)"', SHELL)
    assert {key: text for text, key in labels if TEXTS.get(key) != text} == {}


def test_what_looks_like_a_key_is_one() -> None:
    keys = {key: path.name for path in SOURCES for key in mentioned(path) if key.partition(".")[0] in ROOTS}
    wrong = {key for key in keys if not {key, f"{key}.what", f"{key}.one"} & TEXTS.keys()}
    assert {key: keys[key] for key in wrong} == {}


def test_every_text_is_asked_for() -> None:
    asked = {key for use in USES for key in use.keys} | shell_keys()
    for path in SOURCES:
        for key in mentioned(path):
            asked.update((key, f"{key}.one", f"{key}.other", *(f"{key}.{part}" for part in PARTS)))
    assert sorted(TEXTS.keys() - asked) == []


def test_every_known_gap_is_used() -> None:
    assert KNOWN.keys() - {use.key for use in USES} == set()
    assert [template for template, keys in KNOWN.items() if not keys] == []


def test_every_problem_says_what_happened_why_and_what_to_do() -> None:
    roots = {key.rpartition(".")[0] for key in TEXTS if key.rpartition(".")[2] in PARTS}
    short = {root for root in roots if not {f"{root}.{part}" for part in PARTS} <= TEXTS.keys()}
    assert short == WITHOUT_WHAT | ONLY_WHAT


def test_every_text_can_be_filled() -> None:
    assert [key for key, text in TEXTS.items() if not text.strip() or text != text.rstrip()] == []
    names = {key: gaps_of(text) for key, text in TEXTS.items()}
    assert {key for key, gaps in names.items() if not all(name.isidentifier() for name in gaps)} == set()


def test_every_pair_has_both_halves() -> None:
    ones = {key.removesuffix(".one") for key in TEXTS if key.endswith(".one")}
    others = {key.removesuffix(".other") for key in TEXTS if key.endswith(".other")}
    assert ones - others <= {"format.count"}
    assert others <= ones


def test_every_catalogue_is_complete_in_itself() -> None:
    names = [
        node.value
        for path in sorted((CATALOGUES / "en").glob("*.py"))
        for dictionary in ast.walk(tree(path))
        if isinstance(dictionary, ast.Dict)
        for node in dictionary.keys
        if isinstance(node, ast.Constant)
    ]
    assert len(names) == len(set(names)), "a key stands in two places"
    assert set(names) == TEXTS.keys()


def test_every_language_has_the_same_gaps() -> None:
    for code in LANGUAGES:
        use_language(code)
        assert {key for key in TEXTS if gaps_of(t(key)) != gaps_of(TEXTS[key])} == set()
    use_language("en")
