"""Connections added by hand: they answer, are still there after a reload, and are changed, ordered and deleted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import sticking_out, violations
from tests.browser.hosted_apis import (
    ANSWER,
    KEY,
    MODEL,
    MODEL_ON_THE_PAGE,
    NAME,
    QUESTION,
    Hosted,
    hosted,
    hosted_process,
)
from tests.browser.watch import Watch

__all__ = ["hosted", "hosted_process"]


def test_a_connection_that_was_added_answers(hosted: Hosted) -> None:
    hosted.add_connected().choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    expect(hosted.berth.chat.answers(MODEL_ON_THE_PAGE)).to_contain_text(ANSWER)
    assert hosted.keys_seen() == [f"Bearer {KEY}"]


def test_its_answers_are_streamed(hosted: Hosted) -> None:
    hosted.add_connected().choose("markdown-8000-at-200")
    answer = hosted.ask()
    expect(answer).to_contain_text(re.compile(r"\w{3}"))
    expect(hosted.berth.chat.stop).to_be_visible()
    first = len(answer.inner_text())
    hosted.berth.page.wait_for_timeout(500)
    assert len(answer.inner_text()) > first
    hosted.berth.chat.stop.click()
    expect(answer).to_contain_text("Stopped")
    hosted.server.wait_until(lambda: hosted.server.streams()[-1]["ended"] == "gone")


def test_after_a_reload_it_is_still_there_and_works(hosted: Hosted) -> None:
    hosted.add_connected().choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    hosted.berth.reload()
    expect(hosted.berth.chat.model.locator("option:checked")).to_have_text(MODEL)
    expect(hosted.ask("What is the capital of Japan?")).to_contain_text("The capital of Japan is Tokyo.")
    hosted.berth.go("Connections")
    expect(hosted.berth.connections.row(NAME)).to_contain_text(hosted.server.base_url)


def test_a_start_asks_nothing_of_a_connection(hosted: Hosted) -> None:
    hosted.add_connected().choose()
    hosted.server.forget_requests()
    hosted.berth.reload()
    expect(hosted.berth.chat.model.locator("option")).to_have_count(5)
    assert hosted.server.requests() == []


def test_its_models_stand_beside_each_other_by_connection(hosted: Hosted) -> None:
    hosted.add_connected().add(name="The same again")
    hosted.berth.go("Chat")
    groups = hosted.berth.chat.model.locator("optgroup")
    expect(groups).to_have_count(2)
    labels = groups.evaluate_all("all => all.map(one => one.label)")
    assert labels == [NAME, "The same again"]


def test_it_can_be_tested_before_it_is_saved(hosted: Hosted, watch: Watch) -> None:
    watch.expect_error("401")
    connections = hosted.berth.connections
    hosted.berth.go("Connections")
    connections.add_button.click()
    connections.form.fill(NAME, hosted.server.base_url, "sk-wrong-0000", "OpenAI-compatible")
    connections.form.test.click()
    expect(connections.form.problem).to_contain_text("The API does not accept the key (HTTP 401).")
    connections.form.key.fill(KEY)
    connections.form.test.click()
    expect(connections.form.said).to_have_text(f"{NAME} answers, and offers 5 models.")
    connections.form.cancel.click()
    expect(connections.row(NAME)).to_have_count(0)


def test_what_cannot_be_used_is_marked_and_keeps_the_form_open(hosted: Hosted) -> None:
    form = hosted.berth.connections.form
    hosted.berth.go("Connections")
    hosted.berth.connections.add_button.click()
    form.fill("", "http://", "", "OpenAI-compatible")
    form.save.click()
    expect(form.base_url).to_be_focused()
    expect(form.dialog).to_contain_text("“http://” is not an address.")
    form.name.fill(" ")
    form.save.click()
    expect(form.name).to_be_focused()
    expect(form.dialog).to_contain_text("The connection has no name.")


def test_a_service_fills_in_what_is_known_about_it(hosted: Hosted) -> None:
    form = hosted.berth.connections.form
    hosted.berth.go("Connections")
    hosted.berth.connections.add_button.click()
    form.service.select_option(label="Mistral")
    expect(form.name).to_have_value("Mistral")
    expect(form.base_url).to_have_value("https://api.mistral.ai/v1")
    expect(form.dialog).to_contain_text("console.mistral.ai/api-keys")
    form.service.select_option(label="Ollama")
    expect(form.base_url).to_have_value("http://127.0.0.1:11434")
    expect(form.key).to_be_hidden()
    expect(form.dialog).to_contain_text("ollama serve")


def test_a_saved_key_never_comes_back_to_the_form(hosted: Hosted) -> None:
    hosted.add_connected()
    hosted.berth.connections.press("Edit", NAME)
    key = hosted.berth.connections.form.key
    expect(key).to_have_value("")
    expect(key).to_have_attribute("placeholder", "Saved")
    hosted.berth.connections.form.name.fill("Renamed")
    hosted.berth.connections.form.finish()
    hosted.choose()
    expect(hosted.ask()).to_contain_text(ANSWER)


def test_a_key_stays_with_the_host_that_it_was_given_for(hosted: Hosted, watch: Watch) -> None:
    watch.allow_host(hosted.server.base_url.replace("127.0.0.1", "localhost"))
    watch.expect_error("401")
    hosted.add_connected()
    connections = hosted.berth.connections
    connections.press("Edit", NAME)
    elsewhere = hosted.server.base_url.replace("127.0.0.1", "localhost")
    connections.form.base_url.fill(elsewhere)
    expect(connections.form.dialog).to_contain_text("The key that was saved is removed")
    connections.form.finish()
    expect(
        hosted.berth.news.filter(has_text="The key that was saved for the old one was removed")
    ).to_be_visible()


def test_the_request_to_the_new_host_has_no_key(hosted: Hosted, watch: Watch) -> None:
    watch.allow_host(hosted.server.base_url.replace("127.0.0.1", "localhost"))
    watch.expect_error("401")
    hosted.add_connected()
    hosted.berth.connections.press("Edit", NAME)
    hosted.server.forget_requests()
    hosted.berth.connections.form.base_url.fill(hosted.server.base_url.replace("127.0.0.1", "localhost"))
    hosted.berth.connections.form.finish()
    expect(hosted.berth.connections.row(NAME)).to_contain_text("Key refused")
    assert {seen["headers"].get("Authorization") for seen in hosted.server.requests()} == {None}


def test_a_connection_is_deleted_once_the_user_has_confirmed(hosted: Hosted) -> None:
    hosted.add_connected().choose()
    hosted.berth.go("Connections")
    hosted.berth.connections.press("Delete", NAME)
    hosted.berth.dialog.get_by_role("button", name="Delete").click()
    expect(hosted.berth.connections.row(NAME)).to_have_count(0)
    hosted.berth.go("Chat")
    expect(hosted.berth.chat.model).to_have_text("No model yet")
    hosted.berth.reload()
    hosted.berth.go("Connections")
    expect(hosted.berth.connections.region).to_contain_text("Add a server of yours")


def test_a_connection_that_is_switched_off_offers_nothing(hosted: Hosted) -> None:
    hosted.add_connected()
    switch = hosted.berth.connections.region.get_by_role("switch", name=f"Use {NAME}")
    switch.click()
    expect(hosted.berth.connections.row(NAME)).to_contain_text("Switched off")
    hosted.berth.go("Chat")
    expect(hosted.berth.chat.model).to_have_text("No model yet")
    hosted.berth.go("Connections")
    switch.click()
    hosted.berth.go("Chat")
    expect(hosted.berth.chat.model.locator("optgroup")).to_have_count(1)


def test_the_order_is_the_users_and_is_kept(hosted: Hosted) -> None:
    hosted.add_connected().add(name="Second")
    hosted.berth.connections.region.get_by_role("button", name="Move Second up").click()
    names = hosted.berth.connections.region.locator("li > .grow > strong")
    expect(names).to_have_text(["Local API", "Second", NAME])
    hosted.berth.reload()
    expect(names).to_have_text(["Local API", "Second", NAME])


def test_models_can_be_written_down_with_their_prices(hosted: Hosted) -> None:
    hosted.add_connected()
    connections = hosted.berth.connections
    connections.press("Edit", NAME)
    dialog = connections.form.dialog
    dialog.get_by_text("Models and prices").click()
    dialog.get_by_role("button", name="Add a model").click()
    for label, text in (("Model", MODEL), ("Price in", "1000000"), ("Price out", "2000000")):
        dialog.get_by_role("textbox", name=label, exact=True).fill(text)
    dialog.get_by_role("button", name="Add a model").click()
    dialog.get_by_role("textbox", name="Model", exact=True).last.fill("by-hand")
    connections.form.finish()
    hosted.choose("by-hand").choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    hosted.berth.go("Connections")
    expect(connections.row(NAME)).to_contain_text("today: one request, 18 tokens in, 8 out, 34 spent")
    hosted.berth.page.wait_for_timeout(3500)  # figures are gathered for three seconds before they are stored
    hosted.berth.reload()
    expect(connections.row(NAME)).to_contain_text("today: one request, 18 tokens in, 8 out, 34 spent")


def test_nothing_is_taken_from_the_address_of_the_page(hosted: Hosted) -> None:
    hosted.add_connected()
    evil = "http://127.0.0.1:9/v1"
    settings = f'{{"openaiApiKey":"sk-evil-123456","openaiUrl":"{evil}"}}'
    path = f"?settings={settings}&key=sk-evil-123456&base_url={evil}&q=hello#/connections?base_url=x"
    hosted.berth.open(path)
    hosted.berth.go("Connections")
    expect(hosted.berth.connections.row(NAME)).to_contain_text(hosted.server.base_url)
    expect(hosted.berth.connections.region.get_by_role("listitem")).to_have_count(2)
    hosted.choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    assert hosted.keys_seen() == [f"Bearer {KEY}"]


def test_every_request_that_left_the_page_is_listed(hosted: Hosted) -> None:
    hosted.add_connected().choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    hosted.berth.go("Connections")
    hosted.berth.connections.open_ledger()
    host = hosted.server.base_url.partition("//")[2].partition("/")[0]
    row = hosted.berth.connections.ledger.get_by_role("row").filter(has_text="POST /v1/chat/completions")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(host)
    expect(row).to_contain_text(NAME)
    expect(row.get_by_role("cell").last).to_have_text("200")
    assert QUESTION not in hosted.berth.connections.ledger.inner_text()


def test_further_messages_wait_for_their_turn(hosted: Hosted) -> None:
    hosted.add_connected()
    connections = hosted.berth.connections
    connections.press("Edit", NAME)
    connections.form.dialog.get_by_text("Limits").click()
    connections.form.dialog.get_by_role("textbox", name="Requests at a time").fill("1")
    connections.form.finish()
    hosted.choose("markdown-8000-at-200")
    hosted.ask()
    hosted.server.wait_for_request("/chat/completions", "POST")
    hosted.berth.page.get_by_role("button", name="New conversation").click()
    hosted.choose()
    hosted.ask()
    waiting = (
        hosted.berth.page.locator("footer")
        .get_by_role("status")
        .filter(has_text="is busy with other messages")
    )
    expect(waiting).to_have_count(1)
    assert len(hosted.keys_seen()) == 1
    hosted.berth.page.go_back()
    hosted.berth.chat.stop.click()
    expect(waiting).to_have_count(0)
    hosted.server.wait_until(lambda: len(hosted.keys_seen()) == 2)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_it(hosted: Hosted, size: tuple[int, int], scheme: str) -> None:
    page = hosted.berth.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    hosted.add_connected()
    hosted.berth.connections.open_ledger()
    assert violations(page) == []
    assert sticking_out(page) == []
    hosted.berth.connections.press("Edit", NAME)
    hosted.berth.connections.form.dialog.get_by_text("Models and prices").click()
    hosted.berth.connections.form.dialog.get_by_role("button", name="Add a model").click()
    assert violations(page) == []
    assert sticking_out(page) == []


def test_every_step_can_be_taken_with_the_keyboard(hosted: Hosted) -> None:
    page = hosted.berth.page
    hosted.berth.go("Connections")
    hosted.berth.connections.add_button.focus()
    page.keyboard.press("Enter")
    expect(hosted.berth.connections.form.service).to_be_focused()
    hosted.berth.connections.form.service.select_option(label="OpenAI-compatible")
    hosted.berth.connections.form.name.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Tab")
    page.keyboard.type(hosted.server.base_url)
    page.keyboard.press("Tab")
    page.keyboard.type(KEY)
    page.keyboard.press("Enter")
    expect(hosted.berth.connections.row("By keyboard")).to_contain_text("Connected")
    expect(hosted.berth.connections.add_button).to_be_focused()
