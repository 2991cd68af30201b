"""The preparation: complete, repeatable, quick when there is nothing to do, and able to repair itself."""

from __future__ import annotations

import json
import os
import re
import zipfile
from pathlib import Path

import pytest

from dev import node_packages
from dev.hashing import sha256_of
from dev.icons import icon_names
from dev.paths import ROOT, VENDOR
from dev.prepare import COUNTED, prepare
from dev.stamp import Stamp
from dev.steps import STEPS, Step


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    """A step of its own, built once, that copies one file's content."""
    monkeypatch.setattr("dev.steps.VENDOR", tmp_path / "vendor")
    monkeypatch.setattr("dev.steps.BUILD", tmp_path / "build")
    source = tmp_path / "source"
    source.write_text("content")

    def build(folder: Path) -> None:
        (folder / "result").write_text(source.read_text())

    step = Step("copy", "A copy", build, lambda: sha256_of(source))
    step.run()
    return step


def test_a_second_preparation_has_nothing_to_do() -> None:
    lines: list[str] = []
    prepare(lines.append)
    assert lines == []


def test_a_built_step_is_whole(step: Step) -> None:
    assert step.reason() == ""


def test_a_changed_input_is_noticed(step: Step, tmp_path: Path) -> None:
    (tmp_path / "source").write_text("other")
    assert step.reason() == "what it is made from changed"


def test_a_deleted_file_is_noticed_and_made_again(step: Step) -> None:
    (step.folder / "result").unlink()
    assert step.reason() == "result is missing"
    step.run()
    assert step.reason() == ""


def test_a_truncated_file_is_noticed(step: Step) -> None:
    (step.folder / "result").write_text("cont")
    assert step.reason() == "result has 4 bytes instead of 7"


def test_a_file_changed_without_changing_its_size_is_noticed(step: Step) -> None:
    path = step.folder / "result"
    path.write_text("CONTENT")
    os.utime(path, ns=(1, 1))
    assert step.reason() == "result was changed"


def test_a_file_with_another_time_but_the_same_content_is_believed(step: Step) -> None:
    os.utime(step.folder / "result", ns=(1, 1))
    assert step.reason() == ""


@pytest.mark.parametrize("text", ["", "{", "[]", '{"inputs": "x"}', '{"inputs": "x", "files": {"a": {}}}'])
def test_a_damaged_stamp_counts_as_none(step: Step, text: str) -> None:
    step.stamp_path.write_text(text)
    assert step.reason() == "not prepared yet"


def test_a_failing_build_leaves_the_old_result(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_folder: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(type(step), "build", property(lambda _self: fail), raising=False)
    with pytest.raises(OSError, match="disk full"):
        step.run()
    assert (step.folder / "result").read_text() == "content"


def test_every_step_left_a_stamp_that_matches_its_folder() -> None:
    for step in STEPS:
        stamp = Stamp.read(step.stamp_path)
        assert stamp is not None, step.name
        assert stamp.damage(step.folder) == "", step.name


def test_the_lock_file_has_the_hashes_of_the_shipped_wheels() -> None:
    lock = json.loads((VENDOR / "wheels" / "pyodide-lock.json").read_text())
    assert set(lock["packages"]) == {"jinja2", "markupsafe", "micropip", "pyodide-http"}
    for package in lock["packages"].values():
        assert package["sha256"] == sha256_of(VENDOR / "wheels" / package["file_name"])


def test_no_wheel_holds_machine_code() -> None:
    names = [
        name for wheel in (VENDOR / "wheels").glob("*.whl") for name in zipfile.ZipFile(wheel).namelist()
    ]
    assert any(name.endswith("markupsafe/_native.py") for name in names)
    assert [name for name in names if name.endswith((".so", ".pyd", ".dll"))] == []


def test_app_and_library_are_compiled() -> None:
    for name in ("app/app.zip", "python/stdlib_pyc.zip"):
        names = zipfile.ZipFile(VENDOR / name).namelist()
        assert any(entry.endswith(".pyc") for entry in names)
        assert not [entry for entry in names if entry.endswith(".py")]


def test_the_sizes_are_those_of_the_files() -> None:
    sizes = json.loads((VENDOR / "sizes.json").read_text())
    assert sizes == {name: (VENDOR / name).stat().st_size for name in COUNTED}


def test_the_sprite_has_the_icons_that_are_named() -> None:
    sprite = (VENDOR / "icons" / "icons.svg").read_text()
    assert sorted(re.findall(r'<symbol id="([^"]+)"', sprite)) == icon_names()


def test_the_page_uses_only_icons_of_the_sprite() -> None:
    files = [ROOT / "index.html", *(ROOT / "app").rglob("*.py")]
    used = {
        name for path in files for name in re.findall(r"icons\.svg#([a-z0-9-]+)", path.read_text("utf-8"))
    }
    assert used <= set(icon_names())


def test_no_source_maps_are_shipped_or_named() -> None:
    assert not list(VENDOR.rglob("*.map"))
    scripts = [*VENDOR.rglob("*.mjs"), *VENDOR.rglob("*.js")]
    assert scripts
    assert not [
        path
        for path in scripts
        if re.search(r"^//# sourceMappingURL=", path.read_text("utf-8"), re.MULTILINE)
    ]


def test_browser_dependencies_are_pinned_exactly() -> None:
    assert all(
        re.fullmatch(r"\d+\.\d+\.\d+", version) for version in node_packages.pinned_versions().values()
    )


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in node_packages.LOCK.read_text("utf-8")
