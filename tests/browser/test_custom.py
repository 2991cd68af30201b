"""Custom connections, built by hand to an API that nobody foresaw: the preview, the test, the chat, and the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import flaws
from tests.browser.pages import BerthPage
from tests.browser.pages.custom import CustomForm
from tests.browser.watch import Watch
from tests.servers.process import ServerProcess, running

KEY: Final = "odd-pass-5d1e90aa"
NAME: Final = "Odd one"
PARIS: Final = "The capital of France is Paris."
QUESTION: Final = "What is the capital of France?"
STREAM: Final = "How the answer comes"
METER: Final = {"Tokens sent": "meter.read", "Tokens received": "meter.wrote", "Error": "fault.say"}


@dataclass(frozen=True)
class Way:
    """How one of the server's dialects is told to the form."""

    path: str
    request: Mapping[str, str]
    reply: Mapping[str, str]
    is_cumulative: bool = False


WAYS: Final = {
    "feed": Way(
        "/feed",
        {
            STREAM: "As server-sent events",
            "Headers": "X-Odd-Pass: {{key}}",
            "Body": '{"mind": {{model}}, "turns": {{messages}}, "heat": {{temperature}}}',
        },
        {"Answer": "news[*].bit", "End": "because", "Last event": "<over>", **METER},
    ),
    "lines": Way(
        "/lines",
        {
            STREAM: "As lines of JSON",
            "Headers": "X-Odd-Pass: {{key}}",
            "Body": '{"mind": {{model}}, "talk": {{prompt}}}',
        },
        {"Answer": "so_far", "End": "ready", "Last event": "", **METER},
        is_cumulative=True,
    ),
    "once": Way(
        "/once",
        {
            STREAM: "In one piece",
            "Method": "PUT",
            "Headers": "X-Odd-Pass: {{key}}",
            "Body": '{"mind": {{model}}, "ask": {{prompt}}}',
        },
        {"Answer": "out[*].words", **METER},
    ),
    "talk": Way(
        "/talk",
        {STREAM: "Through a WebSocket", "Body": '{"pass": {{key}}, "mind": {{model}}, "ask": {{prompt}}}'},
        {"Answer": "bit", "End": "because", "Last event": "", **METER},
    ),
}


@dataclass(frozen=True)
class Odd:
    """The page of a person who builds a connection, and the server that it leads to."""

    berth: BerthPage
    server: ServerProcess
    custom: CustomForm

    def begin(self, key: str = KEY) -> Odd:
        """Open the form for a custom connection to the server."""
        self.berth.go("Connections")
        self.berth.connections.add_button.click()
        self.custom.form.fill(NAME, self.server.base_url, key, "Custom")
        self.custom.form.name.fill(NAME)
        return self

    def write(self, way: Way) -> Odd:
        """Write a dialect into the form."""
        self.custom.fill_request({**way.request, "Path": way.path})
        self.custom.fill_reply(way.reply)
        if way.is_cumulative:
            self.custom.dialog.get_by_role("checkbox", name="Each event brings the whole text").check()
        self.custom.name_models("tinker-one", "nobody", "drill-600-at-200")
        return self

    def ask(self, model: str = "tinker-one", text: str = QUESTION) -> None:
        """Ask in the chat."""
        self.berth.go("Chat")
        self.berth.chat.model.select_option(label=model)
        self.berth.chat.ask(text)


@pytest.fixture(scope="module")
def odd_process() -> Iterator[ServerProcess]:
    with running("tests.servers.odd", "--threads", "1", "--key", KEY) as server:
        yield server


@pytest.fixture
def odd(odd_process: ServerProcess, docked: BerthPage, watch: Watch) -> Odd:
    """The page beside a local API without models, and the odd server without faults."""
    odd_process.set_faults({})
    odd_process.forget_requests()
    watch.allow_host(odd_process.base_url)
    docked.open_connected()
    return Odd(docked, odd_process, CustomForm(docked.connections.form))


def expect_previewed(custom: CustomForm, server: ServerProcess, way: Way) -> None:
    """The preview shows the address and the question, and not the key."""
    scheme = "ws" if way.path == "/talk" else "http"
    host = server.base_url.partition("://")[2]
    expect(custom.request).to_contain_text(f"{scheme}://{host}{way.path}")
    expect(custom.request).to_contain_text(QUESTION)
    expect(custom.request).to_contain_text("[your-key]")
    expect(custom.request).not_to_contain_text(KEY)


def expect_key_wanted(watch: Watch) -> None:
    """Such an API can only be asked whether it answers at all: without a key, which the browser logs as an error."""
    watch.expect_error("401 (UNAUTHORIZED)")


@pytest.mark.parametrize("name", WAYS)
def test_a_connection_is_built_by_hand_previewed_tested_and_answers(
    odd: Odd, name: str, watch: Watch
) -> None:
    if name != "talk":
        expect_key_wanted(watch)
    way = WAYS[name]
    odd.begin().write(way)
    expect_previewed(odd.custom, odd.server, way)
    odd.custom.form.test.click()
    expect(odd.custom.read).to_contain_text(PARIS)
    expect(odd.custom.read).to_contain_text("Tokens received")
    expect(odd.custom.raw).to_contain_text('"wrote":')
    expect(odd.custom.trial).not_to_contain_text(KEY)
    odd.custom.form.finish()
    expect(odd.berth.connections.row(NAME)).to_contain_text("Connected")
    odd.ask()
    expect(odd.berth.chat.answers("tinker-one")).to_contain_text(PARIS)
    odd.berth.go("Connections")
    odd.berth.connections.open_ledger()
    row = odd.berth.connections.ledger.get_by_role("row").filter(has_text=f"/odd{way.path}").first
    expect(row).to_contain_text(NAME)


def test_it_is_passed_on_as_a_file_without_its_key(odd: Odd, watch: Watch, tmp_path: Path) -> None:
    expect_key_wanted(watch)
    odd.begin().write(WAYS["lines"])
    download = odd.custom.export()
    assert download.suggested_filename == "odd-one.berth-provider.json"
    path = tmp_path / "provider.json"
    download.save_as(path)
    assert KEY not in path.read_text()
    assert json.loads(path.read_text())["base_url"] == odd.server.base_url
    odd.custom.form.cancel.click()
    odd.berth.connections.add_button.click()
    odd.custom.form.service.select_option(label="Custom")
    odd.custom.take(path)
    expect(odd.custom.form.name).to_have_value(NAME)
    expect(odd.custom.form.base_url).to_have_value(odd.server.base_url)
    expect(odd.custom.request).to_contain_text("/odd/lines")
    expect(odd.custom.request).not_to_contain_text("X-Odd-Pass")
    odd.custom.form.key.fill(KEY)
    expect(odd.custom.request).to_contain_text("X-Odd-Pass: [your-key]")
    odd.custom.form.finish()
    odd.ask("drill-600-at-200")
    odd.server.wait_until(lambda: odd.server.streams()[-1]["model"] == "drill-600-at-200")
    expect(odd.berth.chat.answers("drill-600-at-200").locator(".prose")).not_to_be_empty()
    odd.berth.chat.stop.click()
    odd.server.wait_until(lambda: odd.server.streams()[-1]["ended"] == "gone")
    odd.berth.reload()
    odd.ask()
    expect(odd.berth.chat.answers("tinker-one")).to_contain_text(PARIS)


def test_a_file_that_is_none_is_refused_and_changes_nothing(odd: Odd, tmp_path: Path) -> None:
    odd.begin().write(WAYS["once"])
    path = tmp_path / "other.json"
    path.write_text('{"model": "x"}')
    odd.custom.take(path)
    expect(odd.custom.form.problem).to_contain_text("This is not a custom provider of Berth.")
    expect(odd.custom.part("The request", "Path")).to_have_value("/once")


def test_the_test_tells_what_is_wrong(odd: Odd) -> None:
    custom = odd.begin("wrong").write(WAYS["feed"]).custom
    custom.form.test.click()
    expect(custom.read).to_contain_text("does not accept the key")
    expect(custom.raw).to_contain_text("Your pass is not valid")
    custom.form.key.fill(KEY)
    custom.fill_reply({"Answer": "elsewhere", "End": "never", "Last event": ""})
    custom.form.test.click()
    expect(custom.read).to_contain_text("none was found")
    expect(custom.read).to_contain_text("it would count as cut off")
    custom.fill_request({"Body": '{"mind": {{nonsense}}}'})
    expect(custom.trial).to_contain_text("There is nothing called “nonsense” to put in.")
    custom.form.save.click()
    expect(custom.part("The request", "Body")).to_be_focused()
    custom.fill_request({"Body": "{}", "Headers": "X-Odd-Pass: written-out"})
    custom.form.save.click()
    expect(custom.dialog).to_contain_text("A key seems to be written out in “X-Odd-Pass”.")


def test_everyone_can_use_it(odd: Odd) -> None:
    odd.begin().write(WAYS["feed"])
    odd.custom.form.test.click()
    expect(odd.custom.read).to_contain_text(PARIS)
    assert flaws(odd.berth.page) == []
