"""Uploads: every way in, the queue, what is shown while a file travels, and ending it."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.dropping import Drag, drop
from tests.browser.local_apis import MODEL, LocalApi
from tests.browser.model_files import GB, MB, small_gguf, sparse_gguf
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch

STALL_MS = 31_000
"""Just more than the time without progress after which the page says so."""


@pytest.fixture
def models(docked: BerthPage) -> BerthPage:
    """The page at its models, connected."""
    return docked.open_connected("#/models")


def test_files_can_be_chosen_in_the_file_chooser(models: BerthPage, tmp_path: Path) -> None:
    models.models.choose([small_gguf(tmp_path / "a.gguf"), small_gguf(tmp_path / "b.gguf")])
    expect(models.models.row("a.gguf")).to_be_visible()
    expect(models.models.row("b.gguf")).to_be_visible()


def test_several_files_are_dropped_at_once(models: BerthPage, tmp_path: Path) -> None:
    names = ["a.gguf", "b.gguf", "c.gguf"]
    models.models.drop(*(small_gguf(tmp_path / name) for name in names))
    for name in names:
        expect(models.models.row(name)).to_be_visible()


def test_of_a_folder_the_gguf_files_are_taken(models: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    small_gguf(folder / "top.gguf")
    small_gguf(folder / "deep" / "er" / "below.gguf")
    (folder / "README.md").write_text("about")
    models.models.drop(folder)
    expect(models.models.row("top.gguf")).to_be_visible()
    expect(models.models.row("below.gguf")).to_be_visible()
    expect(
        models.news.filter(has_text="One file in the folder is no GGUF file and was left out.")
    ).to_be_visible()
    assert len(api.uploads()) == 2


def test_a_file_dropped_on_the_chat_is_taken(docked: BerthPage) -> None:
    docked.open_connected("#/chat")
    drop(docked.page, docked.chat.log, [MODEL])
    expect(docked.models.row(MODEL.name)).to_be_visible()


def test_a_file_held_over_the_chat_shows_where_it_goes(docked: BerthPage) -> None:
    docked.open_connected("#/chat")
    Drag(docked.page, [MODEL]).over(docked.chat.log)
    expect(docked.page.locator("body > [aria-hidden]").get_by_text("Drop GGUF files here")).to_be_visible()


def test_what_was_just_uploaded_is_chosen(docked: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    api.add_model("first.gguf")
    api.add_model("second.gguf")
    docked.open_connected("#/models")
    docked.models.drop(small_gguf(tmp_path / "third.gguf"))
    expect(docked.news.filter(has_text="third.gguf has arrived in the local API.")).to_be_visible()
    docked.go("Chat")
    expect(docked.chat.model.locator("option:checked")).to_have_text("third.gguf")


def test_a_name_is_sent_as_the_server_will_store_it(models: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    models.models.drop(small_gguf(tmp_path / "My Model (1).GGUF"))
    expect(models.models.upload("My Model (1).GGUF").row).to_contain_text("Stored as My_Model_1.gguf")
    assert [path.name for path in api.folder.iterdir()] == ["My_Model_1.gguf"]


def test_one_file_is_sent_at_a_time(models: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    api.server.set_faults({"store-delay": 60})
    models.models.drop(small_gguf(tmp_path / "a.gguf"), small_gguf(tmp_path / "b.gguf"))
    expect(models.models.upload("a.gguf").row).to_contain_text("Storing: all")
    expect(models.models.upload("b.gguf").row).to_contain_text("Waiting its turn")
    assert len(api.uploads()) == 1
    api.server.set_faults({})
    expect(models.models.upload("b.gguf").row).to_contain_text("Stored as b.gguf")


def test_bytes_rate_and_time_left_are_shown(models: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    api.server.set_faults({"upload-rate": 8 * MB})
    models.models.drop(sparse_gguf(tmp_path / "big.gguf", 200 * MB))
    row = models.models.upload("big.gguf")
    expect(row.row).to_contain_text(re.compile(r"Sending, [\d.]+ MB of 200\.0 MB, [\d.]+ [KM]B/s"))
    expect(row.row).to_contain_text(re.compile(r"\d+ (s|min) left"))
    assert 0 < float(row.bar.get_attribute("value") or 0) < 100


def test_all_sent_is_not_yet_stored(models: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    api.server.set_faults({"store-delay": 60})
    models.models.drop(small_gguf(tmp_path / "a.gguf"))
    row = models.models.upload("a.gguf")
    expect(row.row).to_contain_text("Storing: all 2.9 KB are sent, the server is writing them")
    expect(row.bar).not_to_have_attribute("value", re.compile("."))
    api.server.set_faults({})
    expect(row.row).to_contain_text("Stored as a.gguf")


def test_cancel_ends_the_transfer_at_once(models: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    models.models.drop(sparse_gguf(tmp_path / "big.gguf", 8 * GB))
    api.server.wait_for_request("/models", "POST", bytes_received=100 * MB)
    row = models.models.upload("big.gguf")
    pressed = time.monotonic()
    row.cancel.click()
    api.server.wait_until(lambda: not api.is_receiving())
    seconds = time.monotonic() - pressed
    print(f"cancelled after {seconds:.2f} s")
    expect(row.row).to_contain_text("Cancelled")
    assert list(api.folder.iterdir()) == []


def test_a_waiting_file_is_cancelled_before_a_byte_of_it_is_sent(
    models: BerthPage, api: LocalApi, tmp_path: Path
) -> None:
    api.server.set_faults({"store-delay": 60})
    models.models.drop(small_gguf(tmp_path / "a.gguf"), small_gguf(tmp_path / "b.gguf"))
    waiting = models.models.upload("b.gguf")
    expect(waiting.row).to_contain_text("Waiting its turn")
    waiting.cancel.click()
    expect(waiting.row).to_contain_text("Cancelled")
    api.server.set_faults({})
    expect(models.models.upload("a.gguf").row).to_contain_text("Stored")
    assert len(api.uploads()) == 1


def test_a_cancelled_file_is_sent_again_on_retry(models: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    api.server.set_faults({"store-delay": 60})
    models.models.drop(small_gguf(tmp_path / "a.gguf"))
    row = models.models.upload("a.gguf")
    expect(row.row).to_contain_text("Storing")
    row.cancel.click()
    expect(row.row).to_contain_text("Cancelled")
    api.server.set_faults({})
    api.server.wait_until(lambda: not api.is_receiving())
    for left in api.folder.iterdir():
        left.unlink()
    row.retry.click()
    expect(row.row).to_contain_text("Stored as a.gguf")


def test_finished_uploads_are_cleared_from_the_list(models: BerthPage, tmp_path: Path) -> None:
    models.models.drop(small_gguf(tmp_path / "a.gguf"))
    expect(models.models.upload("a.gguf").row).to_contain_text("Stored")
    models.models.clear_finished.click()
    expect(models.models.uploads).to_be_hidden()


def test_an_upload_waits_for_an_api_that_is_away(
    docked: BerthPage, api: LocalApi, watch: Watch, tmp_path: Path
) -> None:
    watch.expect_error("ERR_CONNECTION_REFUSED")
    api.server.kill()
    docked.open_unconnected("#/models")
    docked.models.drop(small_gguf(tmp_path / "a.gguf"))
    row = docked.models.upload("a.gguf")
    expect(row.row).to_contain_text("Waiting for the local API")
    api.server.start()
    expect(row.row).to_contain_text("Stored as a.gguf")


@pytest.mark.fresh_profile
def test_a_transfer_that_stands_still_is_noticed_after_30_seconds(
    docked: BerthPage, api: LocalApi, tmp_path: Path
) -> None:
    docked.page.clock.install()
    api.server.set_faults({"upload-stall": 1 * MB})
    docked.open_connected("#/models")
    docked.models.drop(sparse_gguf(tmp_path / "big.gguf", 200 * MB))
    row = docked.models.upload("big.gguf")
    expect(row.row).to_contain_text("Sending")
    api.server.wait_for_request("/models", "POST", bytes_received=1 * MB)
    docked.page.clock.run_for(STALL_MS)  # meanwhile the last bytes may still have gone into some buffer
    docked.page.clock.run_for(STALL_MS)
    expect(row.row).to_contain_text("Nothing has moved for 30 s")
    expect(row.cancel).to_be_visible()
