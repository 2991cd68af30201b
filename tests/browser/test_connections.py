"""Connections added by hand: they are tested, changed, ordered, switched off, counted and deleted, and keep their keys.

One page goes through all of it. Each kind of connection has its tests in test_connections_kinds.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.accessibility import flaws
from tests.browser.hosted_apis import ANSWER, KEY, MODEL, NAME, QUESTION, Hosted
from tests.browser.pages.connections import ConnectionForm, ConnectionsPlace
from tests.browser.watch import Watch

SLOW = "markdown-8000-at-200"


@pytest.fixture
def hosted(shared: Hosted) -> Hosted:
    """The page with the connection, where connections are; the server without faults."""
    shared.server.set_faults({})
    shared.server.forget_requests()
    shared.berth.go("Connections")
    return shared


@pytest.fixture
def connections(hosted: Hosted) -> ConnectionsPlace:
    return hosted.berth.connections


@pytest.fixture
def form(connections: ConnectionsPlace) -> ConnectionForm:
    """The form for a new connection."""
    connections.add_button.click()
    return connections.form


def offered(hosted: Hosted, name: str) -> Locator:
    """What the model choice of the chat offers of a connection."""
    hosted.berth.go("Chat")
    return hosted.berth.chat.model.locator(f'optgroup[label="{name}"]')


def test_a_start_asks_nothing_of_a_connection_and_keeps_its_model(hosted: Hosted) -> None:
    hosted.choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    hosted.server.forget_requests()
    hosted.berth.reload()
    expect(hosted.berth.chat.model.locator("option:checked")).to_have_text(MODEL)
    expect(offered(hosted, NAME).locator("option")).to_have_count(5)
    assert hosted.server.requests() == []


def test_it_can_be_tested_before_it_is_saved(
    hosted: Hosted, form: ConnectionForm, shared_watch: Watch
) -> None:
    shared_watch.expect_error("401")
    form.fill("Only tested", hosted.server.base_url, "sk-wrong-0000", "OpenAI-compatible")
    form.test.click()
    expect(form.problem).to_contain_text("The API does not accept the key (HTTP 401).")
    form.key.fill(KEY)
    form.test.click()
    expect(form.said).to_have_text("Only tested answers, and offers 5 models.")
    form.cancel.click()
    expect(hosted.berth.connections.row("Only tested")).to_have_count(0)


def test_what_cannot_be_used_is_marked_and_keeps_the_form_open(form: ConnectionForm) -> None:
    form.fill("", "http://", "", "OpenAI-compatible")
    form.save.click()
    expect(form.base_url).to_be_focused()
    expect(form.dialog).to_contain_text("“http://” is not an address.")
    form.name.fill(" ")
    form.save.click()
    expect(form.name).to_be_focused()
    expect(form.dialog).to_contain_text("The connection has no name.")
    form.cancel.click()


def test_a_service_fills_in_what_is_known_about_it(form: ConnectionForm) -> None:
    for service, base_url, said in (
        ("Mistral", "https://api.mistral.ai/v1", "console.mistral.ai/api-keys"),
        ("Groq", "https://api.groq.com/openai/v1", "console.groq.com/keys"),
        ("OpenRouter", "https://openrouter.ai/api/v1", "openrouter.ai/keys"),
        ("DeepSeek", "https://api.deepseek.com", "platform.deepseek.com/api_keys"),
        ("xAI", "https://api.x.ai/v1", "console.x.ai"),
        ("Together", "https://api.together.xyz/v1", "api.together.ai/settings/api-keys"),
        ("LM Studio", "http://127.0.0.1:1234/v1", "lms server start --cors"),
        ("vLLM", "http://127.0.0.1:8000/v1", "vllm serve"),
        ("LiteLLM proxy", "http://127.0.0.1:4000", "litellm --config"),
        ("Ollama", "http://127.0.0.1:11434", "ollama serve"),
    ):
        form.service.select_option(label=service)
        expect(form.name).to_have_value(service)
        expect(form.base_url).to_have_value(base_url)
        expect(form.dialog).to_contain_text(said)
    expect(form.key).to_be_hidden()
    form.cancel.click()


def test_a_saved_key_never_comes_back_to_the_form(hosted: Hosted, connections: ConnectionsPlace) -> None:
    connections.press("Edit", NAME)
    expect(connections.form.key).to_have_value("")
    expect(connections.form.key).to_have_attribute("placeholder", "Saved")
    connections.form.name.fill("Renamed")
    connections.form.finish()
    hosted.choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    hosted.berth.go("Connections")
    connections.press("Edit", "Renamed")
    connections.form.name.fill(NAME)
    connections.form.finish()


def test_a_key_stays_with_the_host_that_it_was_given_for(
    hosted: Hosted, connections: ConnectionsPlace, shared_watch: Watch
) -> None:
    elsewhere = hosted.server.base_url.replace("127.0.0.1", "localhost")
    shared_watch.allow_host(elsewhere)
    shared_watch.expect_error("401")
    connections.add("Moving", hosted.server.base_url, KEY)
    expect(connections.row("Moving")).to_contain_text("Connected")
    hosted.server.forget_requests()
    connections.press("Edit", "Moving")
    connections.form.base_url.fill(elsewhere)
    expect(connections.form.dialog).to_contain_text("The key that was saved is removed")
    connections.form.finish()
    expect(
        hosted.berth.news.filter(has_text="The key that was saved for the old one was removed")
    ).to_be_visible()
    expect(connections.row("Moving")).to_contain_text("Key refused")
    assert {seen["headers"].get("Authorization") for seen in hosted.server.requests()} == {None}


def test_a_connection_is_deleted_once_the_user_has_confirmed(
    hosted: Hosted, connections: ConnectionsPlace
) -> None:
    connections.add("Not for long", hosted.server.base_url, KEY)
    expect(connections.row("Not for long")).to_contain_text("Connected")
    connections.press("Delete", "Not for long")
    hosted.berth.dialog.get_by_role("button", name="Delete").click()
    expect(connections.row("Not for long")).to_have_count(0)
    hosted.berth.reload()
    expect(connections.row(NAME)).to_have_count(1)
    expect(connections.row("Not for long")).to_have_count(0)
    expect(offered(hosted, "Not for long")).to_have_count(0)


def test_a_connection_that_is_switched_off_offers_nothing(
    hosted: Hosted, connections: ConnectionsPlace
) -> None:
    switch = connections.region.get_by_role("switch", name=f"Use {NAME}")
    switch.click()
    expect(connections.row(NAME)).to_contain_text("Switched off")
    expect(offered(hosted, NAME)).to_have_count(0)
    hosted.berth.go("Connections")
    switch.click()
    expect(offered(hosted, NAME)).to_have_count(1)


def test_the_order_is_the_users_and_is_kept(hosted: Hosted, connections: ConnectionsPlace) -> None:
    connections.add("Second", hosted.server.base_url, KEY)
    names = connections.region.locator("li > .grow > strong")
    while names.all_inner_texts().index("Second") > 1:
        at = names.all_inner_texts().index("Second")
        connections.region.get_by_role("button", name="Move Second up").click()
        expect(names.nth(at - 1)).to_have_text("Second")
    hosted.berth.reload()
    expect(names.nth(1)).to_have_text("Second")
    expect(names.nth(2)).to_have_text(NAME)


def test_models_can_be_written_down_with_their_prices(hosted: Hosted, connections: ConnectionsPlace) -> None:
    connections.add("Priced", hosted.server.base_url, KEY)
    connections.press("Edit", "Priced")
    dialog = connections.form.dialog
    dialog.get_by_text("Models and prices").click()
    dialog.get_by_role("button", name="Add a model").click()
    for label, text in (("Model", "by-hand"), ("Price in", "1000000"), ("Price out", "2000000")):
        dialog.get_by_role("textbox", name=label, exact=True).fill(text)
    connections.form.finish()
    hosted.berth.page.get_by_role("button", name="New conversation").first.click()
    hosted.choose("by-hand")
    expect(hosted.ask()).to_contain_text(ANSWER)
    hosted.berth.go("Connections")
    expect(connections.row("Priced")).to_contain_text("today: one request, 18 tokens in, 8 out, 34 spent")


def test_nothing_is_taken_from_the_address_of_the_page(hosted: Hosted, connections: ConnectionsPlace) -> None:
    names = connections.region.locator("li > .grow > strong").all_inner_texts()
    evil = "http://127.0.0.1:9/v1"
    settings = f'{{"openaiApiKey":"sk-evil-123456","openaiUrl":"{evil}"}}'
    path = f"?settings={settings}&key=sk-evil-123456&base_url={evil}&q=hello#/connections?base_url=x"
    hosted.berth.open(path)
    hosted.berth.go("Connections")
    expect(connections.row(NAME)).to_contain_text(hosted.server.base_url)
    expect(connections.region.locator("li > .grow > strong")).to_have_text(names)
    hosted.choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    assert set(hosted.keys_seen()) == {f"Bearer {KEY}"}
    hosted.berth.open()


def test_every_request_that_left_the_page_is_listed(hosted: Hosted, connections: ConnectionsPlace) -> None:
    hosted.berth.reload()
    hosted.server.forget_requests()
    connections.press("Test", NAME)
    expect(connections.row(NAME)).to_contain_text("Connected")
    hosted.choose()
    expect(hosted.ask()).to_contain_text(ANSWER)
    hosted.berth.go("Connections")
    connections.open_ledger()
    host = hosted.server.base_url.partition("//")[2].partition("/")[0]
    rows = connections.ledger.get_by_role("row").filter(has_text=host)
    asked = rows.filter(has_text="POST /v1/chat/completions")
    expect(asked).to_have_count(1)
    expect(asked.get_by_role("cell").last).to_have_text("200")
    listed = [int((re.search(r"\((\d+) times\)", text) or [0, 1])[1]) for text in rows.all_inner_texts()]
    sent = [seen for seen in hosted.server.requests() if seen["method"] != "OPTIONS"]
    assert sum(listed) == len(sent)
    assert QUESTION not in connections.ledger.inner_text()
    connections.open_ledger()


def test_further_messages_wait_for_their_turn(hosted: Hosted, connections: ConnectionsPlace) -> None:
    name = "One at a time"
    connections.add_button.click()
    connections.form.fill(name, hosted.server.base_url, KEY, "OpenAI-compatible")
    connections.form.dialog.get_by_text("Limits").click()
    connections.form.dialog.get_by_role("textbox", name="Requests at a time").fill("1")
    connections.form.finish()
    expect(connections.row(name)).to_contain_text("Connected")
    chat, page = hosted.berth.chat, hosted.berth.page
    hosted.berth.go("Chat")
    for model in (SLOW, MODEL):
        page.get_by_role("button", name="New conversation").first.click()
        option = offered(hosted, name).locator("option").filter(has_text=re.compile(f"^{model}$"))
        chat.model.select_option(value=option.get_attribute("value"))
        hosted.ask()
        hosted.server.wait_for_request("/chat/completions", "POST")
    waiting = page.locator("footer").get_by_role("status").filter(has_text="is busy with other messages")
    expect(waiting).to_have_count(1)
    assert len(hosted.keys_seen()) == 1
    page.go_back()
    chat.stop.click()
    expect(waiting).to_have_count(0)
    hosted.server.wait_until(lambda: len(hosted.keys_seen()) == 2)


def test_every_step_can_be_taken_with_the_keyboard(hosted: Hosted, connections: ConnectionsPlace) -> None:
    page = hosted.berth.page
    connections.add_button.focus()
    page.keyboard.press("Enter")
    expect(connections.form.service).to_be_focused()
    connections.form.service.select_option(label="OpenAI-compatible")
    connections.form.name.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Tab")
    page.keyboard.type(hosted.server.base_url)
    page.keyboard.press("Tab")
    page.keyboard.type(KEY)
    page.keyboard.press("Enter")
    expect(connections.row("By keyboard")).to_contain_text("Connected")
    expect(connections.add_button).to_be_focused()


def test_everyone_can_use_it(hosted: Hosted, connections: ConnectionsPlace) -> None:
    page = hosted.berth.page
    connections.open_ledger()
    connections.press("Edit", NAME)
    connections.form.dialog.get_by_text("Models and prices").click()
    connections.form.dialog.get_by_role("button", name="Add a model").click()
    assert flaws(page) == []
    connections.form.cancel.click()
    assert flaws(page) == []
