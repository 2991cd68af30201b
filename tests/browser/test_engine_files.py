"""Files in the tab: run where they lie, kept in this browser, downloaded; damaged and unfit ones are explained."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.local_apis import MODEL
from tests.browser.model_files import GB
from tests.browser.pages import BerthPage
from tests.browser.shards import split
from tests.browser.watch import Watch
from tests.servers.model_host import ModelHost, model_host

QUESTION = "What is the capital of France?"
ANSWER = "The capital of France is Paris."
KEPT = "Kept in this browser"


@pytest.fixture
def models(berth: BerthPage, no_local_api: None) -> BerthPage:
    """The page of somebody who has no API, at the models."""
    return berth.open("#/models")


@pytest.fixture
def host(tmp_path: Path, watch: Watch) -> Iterator[ModelHost]:
    """A host of models that the page may ask."""
    folder = tmp_path / "host"
    folder.mkdir()
    shutil.copy(MODEL, folder / "capitals.gguf")
    with model_host(folder) as host:
        watch.allow_host(host.url)
        yield host


def test_shards_are_one_model_and_missing_ones_are_named(models: BerthPage, tmp_path: Path) -> None:
    one, two, three = split(MODEL, tmp_path, 3)
    models.tab.run(two)
    expect(models.tab.problem).to_contain_text(f"These are not here: {one.name}, {three.name}")
    models.tab.run(three, one)
    expect(models.chat.model.locator("option:checked")).to_have_text(MODEL.name)
    models.chat.ask(QUESTION)
    expect(models.chat.answers(MODEL.stem)).to_contain_text(ANSWER)


def test_files_that_cannot_run_say_why(models: BerthPage, tmp_path: Path) -> None:
    half = tmp_path / "half.gguf"
    half.write_bytes(MODEL.read_bytes()[:500_000])
    models.tab.run(half)
    expect(models.tab.problem).to_contain_text("“half.gguf” is incomplete")
    page = tmp_path / "page.gguf"
    page.write_text("<!doctype html><title>Sign in</title>")
    models.tab.run(page)
    expect(models.tab.problem).to_contain_text("“page.gguf” is not a GGUF file")
    large = tmp_path / "large.gguf"
    shutil.copy(MODEL, large)
    os.truncate(large, 5 * GB)
    models.tab.run(large)
    expect(models.tab.problem).to_contain_text("large.gguf is too large for the tab.")
    models.tab.run(MODEL)
    models.chat.ask(QUESTION)
    expect(models.chat.answers(MODEL.stem)).to_contain_text(ANSWER)


def test_a_kept_model_is_there_after_a_reload_and_can_be_renamed_and_deleted(
    models: BerthPage, tmp_path: Path
) -> None:
    file = Path(shutil.copy(MODEL, tmp_path / "mine.gguf"))
    models.tab.run(file)
    expect(models.chat.model.locator("option:checked")).to_have_text("mine.gguf")
    models.go("Models")
    models.tab.press("Keep mine.gguf in this browser")
    expect(models.tab.row("mine.gguf")).to_contain_text(KEPT)
    models.reload()
    expect(models.tab.row("mine.gguf")).to_contain_text(KEPT)
    models.tab.rename("mine.gguf", "Capitals")
    expect(models.tab.row("Capitals")).to_be_visible()
    models.tab.press("Chat with Capitals")
    models.chat.ask(QUESTION)
    expect(models.chat.answers("mine")).to_contain_text(ANSWER)
    models.go("Models")
    models.tab.press("Delete Capitals")
    models.dialog.get_by_role("button", name="Delete").click()
    expect(models.tab.row("Capitals")).to_be_hidden()
    models.reload()
    expect(models.tab.row(MODEL.name)).to_be_visible()
    expect(models.tab.row("Capitals")).to_be_hidden()


def test_a_download_goes_on_where_it_broke_off_and_is_checked(models: BerthPage, host: ModelHost) -> None:
    checksum = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    host.cut_after = 600_000
    models.tab.download(f"{host.url}/capitals.gguf", checksum)
    expect(models.tab.moving).to_contain_text(re.compile(r"[1-9].* of 1\.0 MB"))
    host.cut.set()
    expect(models.tab.moving).to_contain_text("The download of capitals.gguf broke off.")
    models.tab.press("Go on with capitals.gguf")
    expect(models.tab.row("capitals.gguf")).to_contain_text(KEPT)
    assert host.ranges[0] == ""
    assert host.ranges[1].startswith("bytes=")
    assert host.ranges[1] != "bytes=0-"
    models.tab.press("Delete capitals.gguf")
    models.dialog.get_by_role("button", name="Delete").click()
    expect(models.tab.row("capitals.gguf")).to_be_hidden()
    models.tab.download(f"{host.url}/capitals.gguf", "0" * 64)
    expect(models.tab.moving).to_contain_text("capitals.gguf is not the file that was expected.")
