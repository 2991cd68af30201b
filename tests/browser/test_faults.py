"""What goes wrong between the page and the local API: the user reads what happened, and the list shows the truth."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.local_apis import MODEL, LocalApi
from tests.browser.model_files import GB, MB, sparse_gguf
from tests.browser.pages import BerthPage, UploadRow
from tests.browser.watch import Watch

SIZE = 60 * MB
"""More than all buffers between the page and the server hold."""


def drop_file(docked: BerthPage, tmp_path: Path, size: int = SIZE) -> UploadRow:
    """Open the models and drop a file; gives its row."""
    docked.open_connected("#/models")
    docked.models.drop(sparse_gguf(tmp_path / "big.gguf", size))
    return docked.models.upload("big.gguf")


def test_an_upload_that_breaks_off_is_explained_and_retried(
    docked: BerthPage, api: LocalApi, watch: Watch, tmp_path: Path
) -> None:
    watch.expect_error("net::ERR")
    api.server.set_faults({"upload-stop": 20 * MB})
    row = drop_file(docked, tmp_path)
    expect(row.problem).to_contain_text("The upload of big.gguf broke off after")
    expect(row.problem).to_contain_text("The server is running, but it dropped the connection")
    expect(docked.models.region).to_contain_text("No models yet.")
    api.server.set_faults({})
    row.retry.click()
    expect(row.row).to_contain_text("Stored as big.gguf")


def test_a_part_that_the_server_kept_is_told_from_the_whole(
    docked: BerthPage, api: LocalApi, watch: Watch, tmp_path: Path
) -> None:
    watch.expect_error("net::ERR")
    api.server.set_faults({"upload-stop": 20 * MB, "keep-partial": True})
    row = drop_file(docked, tmp_path)
    expect(row.problem).to_contain_text("big.gguf is on the server, but not whole.")
    expect(docked.models.row("big.gguf")).to_be_visible()
    expect(row.retry).to_be_visible()


def test_a_lost_answer_is_no_lost_file(
    docked: BerthPage, api: LocalApi, watch: Watch, tmp_path: Path
) -> None:
    watch.expect_error("net::ERR")
    api.server.set_faults({"drop-answer": True})
    row = drop_file(docked, tmp_path)
    expect(row.row).to_contain_text("Stored as big.gguf, 60.0 MB")
    expect(docked.models.row("big.gguf")).to_be_visible()


def test_a_server_that_is_killed_midway_is_named_and_the_file_is_kept_for_a_retry(
    docked: BerthPage, api: LocalApi, watch: Watch, tmp_path: Path
) -> None:
    watch.expect_error("net::ERR")
    api.server.set_faults({"upload-stall": 20 * MB})
    row = drop_file(docked, tmp_path)
    api.server.wait_for_request("/models", "POST", bytes_received=20 * MB)
    api.server.kill()
    expect(row.problem).to_contain_text("The upload of big.gguf broke off after")
    expect(row.problem).to_contain_text("The local API no longer answers: it stopped or crashed.")
    api.server.start()
    expect(docked.local_api).to_have_text("Connected")
    row.retry.click()
    expect(row.row).to_contain_text("Stored as big.gguf")


@pytest.mark.parametrize("fault", ["too-large", "too-large-early"])
def test_a_limit_of_the_server_is_named(
    docked: BerthPage, api: LocalApi, watch: Watch, tmp_path: Path, fault: str
) -> None:
    watch.expect_error("413")
    api.server.set_faults({fault: 1 * MB})
    row = drop_file(docked, tmp_path)
    expect(row.problem).to_contain_text("The file is larger than the server accepts (HTTP 413).")
    expect(row.problem).to_contain_text("Raise MAX_CONTENT_LENGTH on the server")


@pytest.mark.parametrize("variant", ["doc", "g1", "g2"])
def test_a_full_disk_is_named(docked: BerthPage, api: LocalApi, watch: Watch, tmp_path: Path) -> None:
    watch.expect_error("500")
    api.server.set_faults({"disk-full": 1 * MB})
    row = drop_file(docked, tmp_path)
    expect(row.problem).to_contain_text("The server's disk is full.")
    expect(row.problem).to_contain_text("free space on that disk, and upload again")


@pytest.mark.parametrize("variant", ["g1-shipped"])
def test_an_error_that_nobody_can_read_is_said_to_be_one(
    docked: BerthPage, api: LocalApi, watch: Watch, tmp_path: Path
) -> None:
    watch.expect_error("blocked by CORS policy")
    watch.expect_error("net::ERR_FAILED")
    api.server.set_faults({"disk-full": 1 * MB})
    row = drop_file(docked, tmp_path)
    expect(row.problem).to_contain_text("broke off after 60.0 MB of 60.0 MB")
    expect(row.problem).to_contain_text("it may be out of disk space")


def test_an_upload_that_cors_forbids_sends_no_byte(
    docked: BerthPage, api: LocalApi, watch: Watch, tmp_path: Path
) -> None:
    watch.expect_error("blocked by CORS policy")
    watch.expect_error("net::ERR_FAILED")
    api.server.set_faults({"no-cors-on-options": True})
    row = drop_file(docked, tmp_path, 4 * GB)
    expect(row.problem).to_contain_text("big.gguf was not sent: the server ended the upload before it began.")
    assert api.uploads() == []


LIST_FAULTS = {
    "garbage=models:html": "What answered is not a reply of the local API.",
    "garbage=models:text": "The local API's reply cannot be read.",
    "garbage=models:shape": "What answered is not a reply of the local API.",
    "garbage=models:truncated": "The local API's reply cannot be read.",
    "garbage=models:empty": "The local API answered with nothing.",
    "refuse=models": "The local API is up, but gave no readable answer to this request.",
}


@pytest.mark.parametrize("fault", LIST_FAULTS)
def test_a_list_that_cannot_be_read_is_explained_where_the_list_would_be(
    docked: BerthPage, api: LocalApi, watch: Watch, fault: str
) -> None:
    name, _, value = fault.partition("=")
    if name in {"status", "refuse"}:
        watch.expect_error("Failed to load resource")
    api.server.set_faults({name: value})
    docked.open_connected("#/models")
    expect(docked.models.problem).to_contain_text(LIST_FAULTS[fault])


def test_a_sync_that_fails_is_explained(docked: BerthPage, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("500")
    docked.open_connected("#/models")
    api.server.set_faults({"status": "sync:500"})
    docked.models.sync.click()
    expect(docked.problems).to_contain_text("The local API could not read its models folder.")


def test_a_cache_that_cannot_be_cleared_is_explained(docked: BerthPage, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("500")
    docked.open_connected("#/models")
    api.server.set_faults({"status": "cache_clear:500"})
    docked.models.clear_cache.click()
    expect(docked.problems).to_contain_text("could not tell or clear what it has in memory")


NOT_FOUND = ("The local API does not find the model", ("404", "Model not found"))
UNREADABLE = (
    "The local API is up, but gave no readable answer",
    ("blocked by CORS policy", "net::ERR_FAILED"),
)
GONE = {"doc": NOT_FOUND, "g1": NOT_FOUND, "g1-shipped": UNREADABLE, "g2": NOT_FOUND}
"""What is said about a model that is gone, and what the browser logs."""


@pytest.mark.parametrize("variant", GONE)
def test_deleting_what_is_already_gone_is_explained(
    docked: BerthPage, api: LocalApi, watch: Watch, variant: str
) -> None:
    said, logged = GONE[variant]
    for error in (said, *logged):
        watch.expect_error(error)
    api.add_model()
    docked.open_connected("#/models")
    docked.models.delete(MODEL.name)
    (api.folder / MODEL.name).unlink()
    docked.dialog.get_by_role("button", name="Delete").click()
    expect(docked.problems).to_contain_text(said)
    expect(docked.models.table).to_be_hidden()
