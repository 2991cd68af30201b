"""Connections that fail: each failure says what happened and what to do, and the message that was asked stays.

One page goes through all of it, as that of a person with bad luck: what fails leaves nothing behind that is broken.
"""

from __future__ import annotations

import re
import socket

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.hosted_apis import ANSWER, KEY, MODEL, NAME, QUESTION, Hosted
from tests.browser.watch import Watch

SLOW = "markdown-8000-at-200"


@pytest.fixture
def hosted(shared: Hosted) -> Hosted:
    """The page with the connection, in the chat, in a new conversation; the server runs and has no faults."""
    if not shared.server.running:
        shared.server.start()
    shared.server.set_faults({})
    shared.server.forget_requests()
    shared.berth.go("Chat")
    shared.berth.page.get_by_role("button", name="New conversation").first.click()
    return shared.choose(MODEL)


def problem(answer: Locator) -> Locator:
    return answer.get_by_role("alert")


def expect_question_kept(hosted: Hosted) -> None:
    expect(hosted.berth.chat.questions.last).to_have_text(QUESTION)


def add(hosted: Hosted, name: str, base_url: str, key: str = KEY) -> Locator:
    """Add one more connection; gives what is said to be wrong with it."""
    hosted.berth.go("Connections")
    hosted.berth.connections.add(name, base_url, key)
    return hosted.berth.connections.problem(name)


def test_a_wrong_key_is_named_and_the_question_stays(hosted: Hosted, shared_watch: Watch) -> None:
    shared_watch.expect_error("401")
    said = add(hosted, "Wrong key", hosted.server.base_url, "sk-berth-wrong-key-0000")
    expect(said).to_contain_text("does not accept the key (HTTP 401)")
    expect(hosted.berth.connections.row("Wrong key")).to_contain_text("Key refused")
    hosted.berth.connections.press("Edit", NAME)
    hosted.berth.connections.form.key.fill("sk-berth-wrong-key-1111")
    hosted.berth.connections.form.finish()
    hosted.choose()
    answer = hosted.ask()
    expect(problem(answer)).to_contain_text("The API does not accept the key (HTTP 401).")
    expect_question_kept(hosted)
    assert "sk-berth-wrong" not in hosted.berth.page.content()
    hosted.berth.go("Connections")
    hosted.berth.connections.press("Edit", NAME)
    hosted.berth.connections.form.key.fill(KEY)
    hosted.berth.connections.form.finish()
    expect(hosted.berth.connections.row(NAME)).to_contain_text("Connected")


def test_a_wrong_address_is_told_from_a_server_that_is_down(hosted: Hosted, shared_watch: Watch) -> None:
    shared_watch.expect_error("404")
    said = add(hosted, "Wrong path", f"{hosted.server.root_url}/elsewhere")
    expect(said).to_contain_text("is not the Wrong path")
    expect(said).to_contain_text("HTTP 404")


def test_without_cors_headers_the_remedy_of_each_server_names_this_page(
    hosted: Hosted, shared_watch: Watch
) -> None:
    name = "No CORS"
    for error in ("CORS policy", "net::ERR_FAILED"):
        shared_watch.expect_error(error)
    hosted.server.set_faults({"no-cors": True})
    said = add(hosted, name, hosted.server.base_url)
    expect(hosted.berth.connections.row(name)).to_contain_text("Blocked by CORS")
    origin = hosted.berth.url.rstrip("/")
    for server, remedy in (
        ("Ollama", f"OLLAMA_ORIGINS={origin} ollama serve"),
        ("LM Studio", "lms server start --cors"),
        ("llama.cpp server", f"--cors-origins {origin}"),
        ("vLLM", f"--allowed-origins '[\"{origin}\"]'"),
        ("LiteLLM", f'cors_allow_origins: ["{origin}"]'),
        ("Flask", f'CORS(app, origins=["{origin}"])'),
        ("nginx", f'add_header Access-Control-Allow-Origin "{origin}"'),
    ):
        said.get_by_role("combobox", name="Which server is it?").select_option(label=server)
        expect(said).to_contain_text(remedy)
    hosted.berth.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    said.get_by_role("button", name="Copy").click()
    expect(hosted.berth.news.filter(has_text="Copied.")).to_be_visible()
    copied = hosted.berth.page.evaluate("() => navigator.clipboard.readText()")
    assert origin in copied
    assert "proxy_pass" in copied
    hosted.berth.page.context.clear_permissions()


def test_a_preflight_that_refuses_the_key_is_told_from_no_cors_at_all(
    hosted: Hosted, shared_watch: Watch
) -> None:
    elsewhere = hosted.server.base_url.replace("127.0.0.1", "localhost")
    shared_watch.allow_host(elsewhere)
    shared_watch.expect_error("CORS policy")
    hosted.server.set_faults({"no-cors-on-options": True})
    said = add(hosted, "No preflight", elsewhere)
    expect(said).to_contain_text("does not let this page send it all that is needed")
    expect(said).to_contain_text("Authorization")


def test_a_server_that_is_gone_is_said_to_be_and_the_question_stays(
    hosted: Hosted, shared_watch: Watch
) -> None:
    shared_watch.expect_error("ERR_CONNECTION_REFUSED")
    hosted.server.stop()
    answer = hosted.ask()
    expect(problem(answer)).to_contain_text(f"{NAME} is not reachable at {hosted.server.base_url}.")
    expect_question_kept(hosted)
    hosted.berth.go("Connections")
    expect(hosted.berth.connections.row(NAME)).to_contain_text("Not reachable")
    hosted.server.start()
    hosted.berth.go("Chat")
    hosted.berth.chat.try_again(answer)
    expect(hosted.berth.chat.log.get_by_role("article").last).to_contain_text(ANSWER)
    hosted.berth.go("Connections")
    expect(hosted.berth.connections.row(NAME)).to_contain_text("Connected")


def test_a_permission_that_was_denied_is_told_from_a_server_that_is_down(hosted: Hosted) -> None:
    hosted.server.stop()
    hosted.berth.page.context.grant_permissions(["clipboard-read"])  # and no other one
    answer = hosted.ask()
    expect(problem(answer)).to_contain_text("denied the permission for devices on the local network")
    hosted.berth.page.context.clear_permissions()
    expect_question_kept(hosted)


def waiting(hosted: Hosted) -> Locator:
    return hosted.berth.page.locator(".wait [aria-hidden]")


def test_an_api_that_asks_to_wait_is_asked_again_by_itself(hosted: Hosted) -> None:
    hosted.server.set_faults({"status": "chat:429", "retry-after": 4})
    answer = hosted.ask()
    expect(waiting(hosted)).to_have_text(f"{NAME} asks to wait. Your message is sent again in 4 seconds.")
    expect(waiting(hosted)).to_contain_text(re.compile("in [23] seconds"))
    hosted.server.set_faults({})
    expect(answer).to_contain_text(ANSWER)
    expect(waiting(hosted)).to_have_count(0)
    assert len(hosted.keys_seen()) == 2


def test_stop_ends_the_wait(hosted: Hosted) -> None:
    hosted.server.set_faults({"status": "chat:429", "retry-after": 30})
    answer = hosted.ask()
    expect(waiting(hosted)).to_be_visible()
    hosted.berth.chat.stop.click()
    expect(waiting(hosted)).to_have_count(0)
    expect(answer).to_contain_text("Stopped")
    expect_question_kept(hosted)
    assert len(hosted.keys_seen()) == 1


def test_a_limit_without_a_time_is_said_at_once(hosted: Hosted) -> None:
    hosted.server.set_faults({"status": "chat:429"})
    answer = hosted.ask()
    expect(problem(answer)).to_contain_text("takes no more requests for the moment (HTTP 429)")
    expect_question_kept(hosted)
    assert len(hosted.keys_seen()) == 1


def test_a_used_up_quota_is_said_here_and_at_the_connection(hosted: Hosted) -> None:
    hosted.server.set_faults({"status": "chat:402"})
    answer = hosted.ask()
    expect(problem(answer)).to_contain_text("credit or quota is used up (HTTP 402)")
    expect_question_kept(hosted)
    hosted.berth.go("Connections")
    expect(hosted.berth.connections.row(NAME)).to_contain_text("Limit reached")
    expect(hosted.berth.connections.problem(NAME)).to_contain_text("Top up or raise the limit")


def test_a_cut_stream_keeps_what_came(hosted: Hosted) -> None:
    hosted.choose(SLOW)
    hosted.server.set_faults({"stream-cut": 60})
    answer = hosted.ask()
    expect(problem(answer)).to_contain_text(f"The answer of {NAME} broke off.")
    assert len(answer.inner_text()) > 200
    expect(answer.get_by_role("button", name="Continue")).to_be_visible()
    expect_question_kept(hosted)
    assert len(hosted.keys_seen()) == 1


def test_a_redirect_takes_the_key_nowhere(hosted: Hosted, shared_watch: Watch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0)
        address = f"http://127.0.0.1:{elsewhere.getsockname()[1]}"
        shared_watch.allow_host(address)  # Chromium announces a request there, and does not send it
        hosted.server.set_faults({"redirect": f"{address}/elsewhere"})
        answer = hosted.ask()
        expect(problem(answer)).to_contain_text("sends requests on to another address")
        with pytest.raises(BlockingIOError):
            elsewhere.accept()
    expect_question_kept(hosted)


def test_a_key_that_the_server_quotes_is_not_shown(hosted: Hosted) -> None:
    """The page shows the server's words, without the key in them."""
    hosted.berth.page.route(
        "**/v1/chat/completions",
        lambda route: route.fulfill(
            status=400,
            headers={"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"},
            body=f'{{"error": {{"message": "bad request with {KEY}"}}}}',
        ),
    )
    answer = hosted.ask()
    expect(problem(answer)).to_contain_text("[key removed]")
    assert KEY not in hosted.berth.page.content()
