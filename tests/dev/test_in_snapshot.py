"""Modules whose code is in memory."""

from __future__ import annotations

import importlib
import py_compile
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.in_snapshot import KeptCode, read_codes


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeptCode]:
    """The package `kept` with a module `part`, whose files are gone."""
    cache = tmp_path / "__pycache__"
    for name, code in {"__init__": "from kept.part import X", "part": "X = 42"}.items():
        source = tmp_path / f"{name}.py"
        source.write_text(code)
        py_compile.compile(str(source), str(cache / f"{name}.cpython-314.pyc"))
        source.unlink()
    finder = KeptCode("kept", read_codes(cache))
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    yield finder
    for name in ("kept", "kept.part"):
        sys.modules.pop(name, None)


def test_a_package_is_imported_without_files(kept: KeptCode) -> None:
    package = importlib.import_module("kept")
    assert package.X == 42
    assert sys.modules["kept.part"].__loader__ is kept


def test_other_modules_are_left_to_others(kept: KeptCode) -> None:
    assert kept.find_spec("kept.none") is None
    assert kept.find_spec("json") is None
