"""The models that a server keeps, by way of Ollama's own API: downloaded, looked at, loaded, freed and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import flaws
from tests.browser.local_apis import MODEL
from tests.browser.pages import BerthPage
from tests.browser.pages.remote import RemoteSheet
from tests.browser.watch import Watch
from tests.servers.process import ServerProcess, running

NAME = f"{MODEL.stem}:latest"


@pytest.fixture
def ollama(tmp_path: Path) -> Iterator[ServerProcess]:
    """An Ollama without models, whose library has one."""
    options = ("--threads", "1", "--models", str(tmp_path), "--library", str(Path(MODEL).parent))
    with running("tests.servers.ollama", *options) as server:
        yield server


def test_a_model_is_downloaded_looked_at_loaded_freed_and_deleted(
    docked: BerthPage, ollama: ServerProcess, watch: Watch
) -> None:
    watch.allow_host(ollama.base_url)
    docked.open_connected("#/connections")
    docked.connections.add("Mine", ollama.base_url, service="Ollama")
    docked.connections.press("Models on", "Mine")
    sheet = RemoteSheet(docked.page)
    expect(sheet.dialog).to_contain_text("There is no model on this server yet.")

    # a name that the library does not have is told, and forgotten
    sheet.pull("nothing-like-it")
    expect(sheet.problem).to_contain_text("file does not exist")
    sheet.press("Forget the download of nothing-like-it")
    expect(sheet.problem).to_have_count(0)

    sheet.pull(MODEL.stem)
    expect(sheet.row(NAME)).to_contain_text("on its disk")
    sheet.press(f"What {NAME} is like")
    expect(sheet.row(NAME)).to_contain_text("tokens of context")
    sheet.press(f"Load {NAME} into its memory")
    expect(sheet.row(NAME)).to_contain_text("in its memory")
    assert flaws(docked.page) == []
    sheet.press(f"Free the memory of {NAME}")
    expect(sheet.row(NAME)).to_contain_text("on its disk")

    sheet.press(f"Delete {NAME}")
    docked.page.get_by_role("dialog", name=f"Delete {NAME}?").get_by_role("button", name="Delete").click()
    expect(sheet.dialog).to_contain_text("There is no model on this server yet.")
    sheet.close.click()
    expect(sheet.dialog).to_be_hidden()
