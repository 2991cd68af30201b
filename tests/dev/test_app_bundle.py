"""app.zip while the sources change: never stale, compiled again in the background."""

from __future__ import annotations

import io
import threading
import zipfile
from pathlib import Path

import pytest

from dev import app_bundle, app_sources
from dev.app_bundle import AppBundle
from dev.app_sources import app_digest


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only source of a small app, whose compiled zip is there."""
    source = tmp_path / "app" / "main.py"
    source.parent.mkdir()
    source.write_text("x = 1")
    monkeypatch.setattr(app_sources, "ROOT", tmp_path)
    monkeypatch.setattr(app_bundle, "APP_ZIP", tmp_path / "app.zip")
    monkeypatch.setattr(app_bundle, "DIGEST", tmp_path / "sources.sha256")
    (tmp_path / "app.zip").write_bytes(b"compiled")
    (tmp_path / "sources.sha256").write_bytes(b"compiled")
    return source


def test_the_compiled_zip_is_used_while_nothing_changes(source: Path) -> None:
    bundle = AppBundle(lambda: None)
    assert bundle.current() == b"compiled"
    assert source.exists()


def test_a_changed_source_is_in_the_next_zip(source: Path) -> None:
    bundle = AppBundle(lambda: None)
    source.write_text("x = 22")
    with zipfile.ZipFile(io.BytesIO(bundle.current())) as files:
        assert files.read("app/main.py") == b"x = 22"


def test_a_changed_source_has_another_tag(source: Path) -> None:
    bundle = AppBundle(lambda: None)
    before = bundle.tag()
    source.write_text("x = 22")
    assert bundle.tag() != before


def test_the_hash_is_that_of_the_sources_as_they_are(source: Path) -> None:
    bundle = AppBundle(lambda: None)
    assert bundle.digest() == b"compiled"
    source.write_text("x = 22")
    changed = bundle.digest()
    assert changed == app_digest().encode()
    source.write_text("x = 333")
    assert bundle.digest() not in {changed, b"compiled"}


def test_a_compiled_zip_follows_in_the_background(source: Path, tmp_path: Path) -> None:
    compiled = threading.Event()

    def recompile() -> None:
        (tmp_path / "app.zip").write_bytes(b"compiled again")
        compiled.set()

    bundle = AppBundle(recompile)
    source.write_text("x = 22")
    assert bundle.current() != b"compiled again"
    assert compiled.wait(5)
    while (current := bundle.current()) != b"compiled again":
        zipfile.ZipFile(io.BytesIO(current)).close()
