"""The state of the local API on the page is true to the server, and says what to do when it is not there."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.local_apis import LocalApi
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch

NOTICED_MS = 5_000
"""How soon the page must notice that a server stopped or came back."""


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def test_a_server_that_answers_is_connected(docked: BerthPage) -> None:
    docked.open("#/connections")
    expect(docked.local_api).to_have_text("Connected")


def test_a_server_that_stops_is_noticed_within_five_seconds(
    docked: BerthPage, api: LocalApi, watch: Watch
) -> None:
    watch.expect_error("ERR_CONNECTION_REFUSED")
    docked.open_connected()
    stopped = time.monotonic()
    api.server.kill()
    expect(docked.local_api).to_have_text("Not reachable", timeout=NOTICED_MS)
    print(f"noticed after {time.monotonic() - stopped:.1f} s")
    expect(docked.chat.log).to_contain_text(f"Local API is not reachable at {api.server.base_url}.")
    expect(docked.chat.log).to_contain_text("Most likely it is not running")


def test_a_server_that_comes_back_is_noticed_within_five_seconds(
    docked: BerthPage, api: LocalApi, watch: Watch
) -> None:
    watch.expect_error("ERR_CONNECTION_REFUSED")
    api.server.kill()
    docked.open("#/models")
    expect(docked.models.problem).to_contain_text("is not reachable")
    api.server.start()
    api.add_model()
    started = time.monotonic()
    expect(docked.local_api).to_have_text("Connected", timeout=NOTICED_MS)
    print(f"noticed after {time.monotonic() - started:.1f} s")
    expect(docked.models.table).to_be_visible()
    expect(docked.models.problem).to_be_hidden()


def test_without_cors_the_line_that_allows_this_page_can_be_copied(
    docked: BerthPage, api: LocalApi, watch: Watch
) -> None:
    watch.expect_error("blocked by CORS policy")
    watch.expect_error("net::ERR_FAILED")
    docked.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    api.server.set_faults({"no-cors": True})
    docked.open("#/chat")
    expect(docked.local_api).to_have_text("Blocked by CORS")
    expect(docked.chat.log).to_contain_text("it does not let this page read its answers")
    docked.chat.log.get_by_role("button", name="Copy").click()
    expect(docked.news.filter(has_text="Copied.")).to_be_visible()
    origin = docked.url.removesuffix("/")
    copied = docked.page.evaluate("navigator.clipboard.readText()")
    assert copied == f'from flask_cors import CORS\nCORS(app, origins=["{origin}"])'


def test_another_origin_in_the_cors_headers_is_blocked_as_well(
    docked: BerthPage, api: LocalApi, watch: Watch
) -> None:
    watch.expect_error("blocked by CORS policy")
    watch.expect_error("net::ERR_FAILED")
    api.server.set_faults({"cors-origin": "http://localhost:3000"})
    docked.open()
    expect(docked.local_api).to_have_text("Blocked by CORS")


@pytest.mark.parametrize("kind", ["html", "text", "shape", "truncated", "empty"])
def test_what_is_not_this_api_is_a_wrong_address(docked: BerthPage, api: LocalApi, kind: str) -> None:
    api.server.set_faults({"garbage": f"health:{kind}"})
    docked.open("#/models")
    expect(docked.local_api).to_have_text("Wrong address")
    expect(docked.models.problem).to_contain_text("is not the Local API.")


def test_a_wrong_path_is_a_wrong_address(docked: BerthPage, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("404")
    docked.open("#/settings")
    docked.settings.set_base_url(f"{api.server.root_url}/api/v2")
    expect(docked.local_api).to_have_text("Wrong address")
    docked.go("Models")
    expect(docked.models.problem).to_contain_text("the path is not right (HTTP 404)")


def test_a_redirect_is_not_followed(docked: BerthPage, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("net::ERR_FAILED")
    api.server.set_faults({"redirect": f"{docked.url}elsewhere"})
    docked.open("#/models")
    expect(docked.local_api).to_have_text("Wrong address")
    expect(docked.models.problem).to_contain_text("sends requests on to another address")


def test_a_server_that_says_nothing_is_told_from_one_that_is_not_there(
    docked: BerthPage, watch: Watch, silent_port: int
) -> None:
    address = f"http://127.0.0.1:{silent_port}/api/v1"
    watch.allow_host(address)
    docked.open_connected("#/settings")
    docked.settings.set_base_url(address)
    expect(docked.local_api).to_have_text("Not reachable")
    docked.go("Models")
    expect(docked.models.problem).to_contain_text("accepts the connection there and then says nothing")


@pytest.mark.fresh_profile
def test_check_again_looks_at_once(docked: BerthPage, api: LocalApi) -> None:
    docked.page.clock.install()
    api.server.set_faults({"garbage": "health:html"})
    docked.open("#/models")
    expect(docked.local_api).to_have_text("Wrong address")
    docked.page.clock.pause_at(
        docked.page.evaluate("Date.now()") + 500
    )  # from now on no interval ends by itself
    api.server.set_faults({})
    docked.models.region.get_by_role("button", name="Check again").click()
    api.server.wait_for_request("/models", "GET")


@pytest.mark.fresh_profile
def test_a_hidden_tab_asks_nothing_until_it_is_seen_again(docked: BerthPage, api: LocalApi) -> None:
    docked.page.clock.install()
    docked.open_connected()
    docked.set_visibility("hidden")
    docked.page.clock.run_for(5_000)  # a look that was under way comes to its end
    api.server.forget_requests()
    docked.page.clock.run_for(60_000)
    assert api.server.requests("/health") == []
    docked.set_visibility("visible")
    api.server.wait_for_request("/health", "GET")


@pytest.mark.fresh_profile
def test_while_it_is_seen_a_tab_asks_every_two_seconds(docked: BerthPage, api: LocalApi) -> None:
    docked.page.clock.install()
    docked.open_connected()
    for looks in range(1, 4):
        docked.page.clock.run_for(2_100)
        api.server.wait_until(lambda looks=looks: len(api.server.requests("/health")) > looks)  # type: ignore[misc]


def test_another_tab_sees_the_state_as_well(docked: BerthPage, api: LocalApi) -> None:
    docked.open_connected()
    other = BerthPage(docked.page.context.new_page(), docked.url)
    other.open_connected("#/models")
    expect(docked.local_api).to_have_text("Connected")


def test_the_connections_say_what_is_wrong(docked: BerthPage, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("blocked by CORS policy")
    watch.expect_error("net::ERR_FAILED")
    api.server.set_faults({"no-cors": True})
    docked.open("#/connections")
    connections = docked.page.get_by_role("region", name="Connections")
    expect(connections).to_contain_text(api.server.base_url)
    expect(connections.get_by_role("alert")).to_contain_text(docked.url.removesuffix("/"))
