"""Connections that fail: each failure says what happened and what to do, and the message that was asked stays."""

from __future__ import annotations

import re
import socket

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.hosted_apis import ANSWER, KEY, NAME, QUESTION, Hosted, hosted, hosted_process
from tests.browser.watch import Watch

__all__ = ["hosted", "hosted_process"]


def problem(answer: Locator) -> Locator:
    return answer.get_by_role("alert")


def expect_question_kept(hosted: Hosted) -> None:
    expect(hosted.berth.chat.questions.last).to_have_text(QUESTION)


def test_a_wrong_key_is_named_and_the_question_stays(hosted: Hosted, watch: Watch) -> None:
    watch.expect_error("401")
    hosted.add_connected()
    hosted.berth.connections.press("Edit", NAME)
    hosted.berth.connections.form.key.fill("sk-berth-wrong-key-0000")
    hosted.berth.connections.form.finish()
    expect(hosted.berth.connections.row(NAME)).to_contain_text("Key refused")
    expect(hosted.berth.connections.problem(NAME)).to_contain_text("does not accept the key (HTTP 401)")
    hosted.choose()
    answer = hosted.ask()
    expect(problem(answer)).to_contain_text("The API does not accept the key (HTTP 401).")
    expect_question_kept(hosted)
    assert "sk-berth-wrong" not in hosted.berth.page.content()


def test_without_cors_headers_the_remedy_names_this_page(hosted: Hosted, watch: Watch) -> None:
    for error in ("CORS policy", "net::ERR_FAILED", "401"):
        watch.expect_error(error)
    hosted.server.set_faults({"no-cors": True})
    hosted.add()
    said = hosted.berth.connections.problem(NAME)
    origin = hosted.berth.url.rstrip("/")
    expect(said).to_contain_text(origin)
    for server, remedy in (
        ("Ollama", f"OLLAMA_ORIGINS={origin}"),
        ("nginx", f'add_header Access-Control-Allow-Origin "{origin}"'),
        ("Flask", f'CORS(app, origins=["{origin}"])'),
    ):
        said.get_by_role("combobox", name="Which server is it?").select_option(label=server)
        expect(said).to_contain_text(remedy)


def test_a_preflight_that_refuses_the_key_is_told_from_no_cors_at_all(hosted: Hosted, watch: Watch) -> None:
    for error in ("CORS policy", "net::ERR_FAILED", "401"):
        watch.expect_error(error)
    hosted.server.set_faults({"no-cors-on-options": True})
    hosted.add()
    said = hosted.berth.connections.problem(NAME)
    expect(said).to_contain_text("does not let this page send it all that is needed")
    expect(said).to_contain_text("Authorization")


def test_a_server_that_is_gone_is_said_to_be_and_the_question_stays(hosted: Hosted, watch: Watch) -> None:
    watch.expect_error("ERR_CONNECTION_REFUSED")
    hosted.add_connected().choose()
    hosted.server.stop()
    answer = hosted.ask()
    expect(problem(answer)).to_contain_text(f"{NAME} is not reachable at {hosted.server.base_url}.")
    expect_question_kept(hosted)
    hosted.server.start()
    hosted.berth.chat.try_again(answer)
    expect(hosted.berth.chat.log.get_by_role("article").last).to_contain_text(ANSWER)


def waiting(hosted: Hosted) -> Locator:
    return hosted.berth.page.locator(".wait [aria-hidden]")


def test_an_api_that_asks_to_wait_is_asked_again_by_itself(hosted: Hosted, watch: Watch) -> None:
    watch.expect_error("429")
    hosted.add_connected().choose()
    hosted.server.set_faults({"status": "chat:429", "retry-after": 4})
    answer = hosted.ask()
    expect(waiting(hosted)).to_have_text(f"{NAME} asks to wait. Your message is sent again in 4 seconds.")
    expect(waiting(hosted)).to_contain_text(re.compile("in [23] seconds"))
    hosted.server.set_faults({})
    expect(answer).to_contain_text(ANSWER)
    expect(waiting(hosted)).to_have_count(0)
    assert len(hosted.keys_seen()) == 2


def test_stop_ends_the_wait(hosted: Hosted, watch: Watch) -> None:
    watch.expect_error("429")
    hosted.add_connected().choose()
    hosted.server.set_faults({"status": "chat:429", "retry-after": 30})
    answer = hosted.ask()
    expect(waiting(hosted)).to_be_visible()
    hosted.berth.chat.stop.click()
    expect(waiting(hosted)).to_have_count(0)
    expect(answer).to_contain_text("Stopped")
    expect_question_kept(hosted)
    assert len(hosted.keys_seen()) == 1


def test_a_limit_without_a_time_is_said_at_once(hosted: Hosted, watch: Watch) -> None:
    watch.expect_error("429")
    hosted.add_connected().choose()
    hosted.server.set_faults({"status": "chat:429"})
    answer = hosted.ask()
    expect(problem(answer)).to_contain_text("takes no more requests for the moment (HTTP 429)")
    expect_question_kept(hosted)
    assert len(hosted.keys_seen()) == 1


def test_a_cut_stream_keeps_what_came(hosted: Hosted, watch: Watch) -> None:
    watch.expect_error("ERR_CONNECTION_RESET")
    hosted.add_connected().choose("markdown-8000-at-200")
    hosted.server.set_faults({"stream-cut": 60})
    answer = hosted.ask()
    expect(problem(answer)).to_contain_text(f"The answer of {NAME} broke off.")
    assert len(answer.inner_text()) > 200
    expect(answer.get_by_role("button", name="Continue")).to_be_visible()
    expect_question_kept(hosted)
    assert len(hosted.keys_seen()) == 1


def test_a_redirect_takes_the_key_nowhere(hosted: Hosted, watch: Watch) -> None:
    watch.expect_error("net::ERR_FAILED")
    hosted.add_connected().choose()
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0)
        address = f"http://127.0.0.1:{elsewhere.getsockname()[1]}"
        watch.allow_host(address)  # Chromium announces a request there, and does not send it
        hosted.server.set_faults({"redirect": f"{address}/elsewhere"})
        answer = hosted.ask()
        expect(problem(answer)).to_contain_text("sends requests on to another address")
        with pytest.raises(BlockingIOError):
            elsewhere.accept()
    expect_question_kept(hosted)


def test_a_key_that_the_server_quotes_is_not_shown(hosted: Hosted, watch: Watch) -> None:
    """The page shows the server's words, without the key in them."""
    watch.expect_error("400")
    hosted.add_connected().choose()
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
