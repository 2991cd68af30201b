"""The settings are checked, take effect at once, and survive a reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.local_apis import LocalApi
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch


@pytest.mark.usefixtures("no_local_api")
def test_a_new_visitor_finds_the_documented_address(berth: BerthPage) -> None:
    berth.open("#/settings")
    expect(berth.settings.base_url).to_have_value("http://127.0.0.1:5000/api/v1")
    expect(berth.settings.upload_limit).to_have_value("10")


def test_the_address_survives_a_reload(docked: BerthPage, api: LocalApi) -> None:
    docked.open_connected("#/settings")
    docked.reload()
    expect(docked.settings.base_url).to_have_value(api.server.base_url)
    expect(docked.local_api).to_have_text("Connected")


def test_an_address_is_tidied(docked: BerthPage, api: LocalApi) -> None:
    docked.open_connected("#/settings")
    docked.settings.set_base_url(f"  127.0.0.1:{api.server.port}/api/v1/ ")
    docked.settings.base_url.blur()
    docked.go("Connections")
    expect(docked.page.get_by_role("region", name="Connections")).to_contain_text(api.server.base_url)
    expect(docked.local_api).to_have_text("Connected")


NO_ADDRESS = [
    ("ftp://127.0.0.1/models", "is not an address."),
    ("http://me:secret@127.0.0.1:5000/api/v1", "holds more than an address"),
    ("not an address", "is not an address."),
    ("http://127.0.0.1:5000/api/v1?key=1", "holds more than an address"),
    ("", "is not an address."),
]
"""What is typed, and what is said about it: never the same twice in a row."""


def test_what_is_no_address_is_explained_and_changes_nothing(docked: BerthPage, api: LocalApi) -> None:
    docked.open_connected("#/settings")
    for typed, said in NO_ADDRESS:
        docked.settings.set_base_url(typed)
        expect(docked.settings.form).to_contain_text(said)
        expect(docked.settings.base_url).to_have_attribute("aria-invalid", "true")
    docked.go("Connections")
    expect(docked.page.get_by_role("region", name="Connections")).to_contain_text(api.server.base_url)


def test_the_upload_limit_survives_a_reload(docked: BerthPage) -> None:
    docked.open("#/settings")
    docked.settings.set_upload_limit("2.5")
    docked.go("Models")
    docked.reload()
    docked.go("Settings")
    expect(docked.settings.upload_limit).to_have_value("2.5")


def test_what_is_no_limit_is_explained(docked: BerthPage) -> None:
    docked.open("#/settings")
    for typed in ("much", "0", "-1"):
        docked.settings.set_upload_limit(typed)
        expect(docked.settings.form).to_contain_text(f"“{typed}” is not a size.")
        expect(docked.settings.upload_limit).to_have_attribute("aria-invalid", "true")


def test_another_address_shows_what_is_there(docked: BerthPage, api: LocalApi, watch: Watch) -> None:
    api.add_model()
    watch.expect_error("404")
    docked.open_connected("#/models")
    expect(docked.models.table).to_be_visible()
    docked.go("Settings")
    docked.settings.set_base_url(f"{api.server.root_url}/elsewhere")
    expect(docked.local_api).to_have_text("Wrong address")
    docked.go("Models")
    expect(docked.models.table).to_be_hidden()
