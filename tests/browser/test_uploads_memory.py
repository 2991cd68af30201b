"""An upload takes no more memory for being large: the file's bytes never enter the page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import processes
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.contexts import new_context
from tests.browser.local_apis import LocalApi, Profiles
from tests.browser.model_files import GB, MB, small_gguf, sparse_gguf
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch

UPLOAD_MS = 300_000


@pytest.fixture
def alone(chromium: Browser) -> Iterator[tuple[Browser, processes.Browser]]:
    """A second browser, in which no other test has left anything behind, and its processes."""
    before = processes.children_of(os.getpid())
    browser = chromium.browser_type.launch(executable_path=executable(), args=ARGUMENTS)
    yield browser, processes.Browser(before)
    browser.close()


def test_four_gigabytes_take_less_than_50_megabytes_of_memory(
    alone: tuple[Browser, processes.Browser],
    api: LocalApi,
    profiles: Profiles,
    page_url: str,
    watch: Watch,
    tmp_path: Path,
) -> None:
    browser, taken = alone
    file = sparse_gguf(tmp_path / "four.gguf", 4 * GB)
    with new_context(browser, watch, profiles.pointed_at(api.server.base_url)) as context:
        berth = BerthPage(context.new_page(), page_url).open_connected("#/models")
        # What the first upload needs is there from then on.
        berth.models.drop(small_gguf(tmp_path / "first.gguf"))
        expect(berth.models.upload("first.gguf").row).to_contain_text("Stored")
        with taken.watched() as samples:
            berth.models.drop(file)
            expect(berth.models.upload(file.name).row).to_contain_text("Stored", timeout=UPLOAD_MS)
    growth = (max(samples) - samples[0]) / MB
    print(f"the browser took {samples[0] / MB:.0f} MB before and {growth:+.0f} MB at most while uploading")
    assert (api.folder / file.name).stat().st_size == 4 * GB
    assert growth < 50
