"""Files that cannot be used are refused before a byte of them is sent, each with its reason and the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.local_apis import MODEL, LocalApi
from tests.browser.model_files import GB, MB, small_gguf, sparse_gguf
from tests.browser.pages import BerthPage


@dataclass(frozen=True)
class Wrong:
    """A file that is wrong in itself: its name, its bytes, and what is said about it."""

    name: str
    content: bytes
    said: str


WRONG = (
    Wrong("model.safetensors", b"\x10\0\0\0\0\0\0\0{" + bytes(40), "“model.safetensors” is not a GGUF file."),
    Wrong("model.bin", b"GGUF\x03" + bytes(40), "“model.bin” is a GGUF file by another name."),
    Wrong("page.gguf", b"<!doctype html><title>Sign in</title>", "By its first bytes it is a web page."),
    Wrong("small.gguf", b"GGUF\x03\0\0\0", "“small.gguf” is too small to be a model."),
    Wrong("old.gguf", b"GGUF\x01" + bytes(40), "“old.gguf” is a GGUF file of version 1."),
)


def test_a_file_that_is_no_model_is_not_sent(docked: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    for wrong in WRONG:
        (tmp_path / wrong.name).write_bytes(wrong.content)
    docked.open_connected("#/models")
    docked.models.drop(*(tmp_path / wrong.name for wrong in WRONG))
    for wrong in WRONG:
        row = docked.models.upload(wrong.name)
        expect(row.problem).to_contain_text(wrong.said)
        expect(row.row).to_contain_text("Not sent")
        expect(row.retry).to_be_hidden()
    assert api.uploads() == []


def test_a_file_over_the_limit_is_not_sent(docked: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    docked.open_connected("#/models")
    docked.models.drop(sparse_gguf(tmp_path / "huge.gguf", 10 * GB))
    row = docked.models.upload("huge.gguf")
    expect(row.problem).to_contain_text("huge.gguf was not sent. It has 10.0 GB, and the limit is 10.0 GB.")
    expect(row.retry).to_be_visible()
    assert api.uploads() == []


def test_a_raised_limit_lets_the_file_through_on_retry(
    docked: BerthPage, api: LocalApi, tmp_path: Path
) -> None:
    docked.open_connected("#/settings")
    docked.settings.set_upload_limit("0.001")
    docked.go("Models")
    docked.models.drop(sparse_gguf(tmp_path / "two.gguf", 2 * MB))
    row = docked.models.upload("two.gguf")
    expect(row.problem).to_contain_text("It has 2.0 MB, and the limit is 1.0 MB.")
    docked.go("Settings")
    docked.settings.set_upload_limit("10")
    docked.go("Models")
    row.retry.click()
    expect(row.row).to_contain_text("Stored as two.gguf")


NAMES: tuple[Callable[[Path], Path], ...] = (
    lambda folder: small_gguf(folder / MODEL.name),
    lambda folder: small_gguf(folder / MODEL.name.replace(".gguf", ".GGUF")),
)


@pytest.mark.parametrize("make", NAMES, ids=["same name", "same name in capitals"])
def test_a_name_that_is_there_already_is_not_sent(
    docked: BerthPage, api: LocalApi, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    api.add_model()
    path = make(tmp_path)
    docked.open_connected("#/models")
    docked.models.drop(path)
    row = docked.models.upload(path.name)
    expect(row.problem).to_contain_text(f"{MODEL.name} was not sent.")
    expect(row.problem).to_contain_text("Delete that one first, or rename this file.")
    assert api.uploads() == []


def test_after_the_other_is_deleted_the_file_is_sent_on_retry(
    docked: BerthPage, api: LocalApi, tmp_path: Path
) -> None:
    api.add_model()
    docked.open_connected("#/models")
    docked.models.drop(small_gguf(tmp_path / MODEL.name))
    row = docked.models.upload(MODEL.name)
    expect(row.problem).to_be_visible()
    docked.models.delete(MODEL.name)
    docked.dialog.get_by_role("button", name="Delete").click()
    expect(docked.models.table).to_be_hidden()
    row.retry.click()
    expect(row.row).to_contain_text("Stored")


def test_of_two_files_of_one_name_only_one_is_sent(docked: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    docked.open_connected("#/models")
    first, second = small_gguf(tmp_path / "a" / "same.gguf"), small_gguf(tmp_path / "b" / "same.gguf")
    docked.models.choose([first, second])
    rows = docked.models.upload("same.gguf").row
    expect(rows.filter(has_text="Stored")).to_have_count(1)
    expect(rows.filter(has_text="Not sent")).to_have_count(1)
    assert len(api.uploads()) == 1
