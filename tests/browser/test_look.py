"""In every state that a person meets, in both themes, on desks and phones: axe finds nothing, and all of it fits."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.accessibility import PLACES, flaws
from tests.browser.local_apis import MODEL, LocalApi
from tests.browser.model_files import MB, small_gguf, sparse_gguf
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch

LONG = "a-model-with-a-name-that-goes-on-and-on-Instruct-v0.3-Q4_K_M"


def flaws_everywhere(berth: BerthPage) -> list[str]:
    """What is wrong in any place."""
    found = []
    for place in PLACES:
        berth.go(place)
        expect(berth.page.get_by_role("link", name=place)).to_have_attribute("aria-current", "page")
        found += [f"{place}, {each}" for each in flaws(berth.page)]
    return found


def test_with_nothing_there_yet(docked: BerthPage) -> None:
    docked.open_connected()
    expect(docked.chat.log).to_contain_text("it has no model yet")
    assert flaws_everywhere(docked) == []


def test_with_models(docked: BerthPage, api: LocalApi) -> None:
    for number in range(20):
        api.add_model(f"model-{number}.gguf")
    api.add_model(f"{LONG}.gguf")
    docked.open_connected("#/models")
    expect(docked.models.table).to_be_visible()
    assert flaws_everywhere(docked) == []


def test_with_an_answer_its_model_in_memory_and_the_parameters_open(docked: BerthPage, api: LocalApi) -> None:
    api.add_model(f"{LONG}.gguf")
    docked.open_connected()
    docked.chat.ask("What is the capital of France? " + "Answerinoneverylongword" * 8)
    expect(docked.chat.answers(LONG)).to_contain_text("tokens/s")
    docked.chat.open_parameters()
    docked.chat.set_parameter("Temperature", "warm")
    expect(docked.chat.parameters).to_contain_text("Temperature is not a number.")
    assert flaws_everywhere(docked) == []


def test_while_an_answer_is_coming(docked: BerthPage, api: LocalApi) -> None:
    api.add_model()
    docked.open_connected()
    api.server.set_faults({"generate-delay": 60})
    docked.chat.ask("Hello?")
    expect(docked.chat.answers(MODEL.stem)).to_contain_text("Waiting for the answer")
    assert flaws(docked.page) == []


def test_with_an_answer_that_failed(docked: BerthPage, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("500")
    api.add_model()
    docked.open_connected()
    api.server.set_faults({"status": "generate:500"})
    docked.chat.ask("Hello?")
    expect(docked.chat.answers(MODEL.stem).get_by_role("alert")).to_be_visible()
    assert flaws(docked.page) == []


def test_with_an_api_that_cors_blocks(docked: BerthPage, api: LocalApi, watch: Watch) -> None:
    watch.expect_error("blocked by CORS policy")
    watch.expect_error("net::ERR_FAILED")
    api.server.set_faults({"no-cors": True})
    docked.open()
    expect(docked.local_api).to_have_text("Blocked by CORS")
    assert flaws_everywhere(docked) == []


def test_with_uploads_in_every_phase(docked: BerthPage, api: LocalApi, tmp_path: Path) -> None:
    docked.open_connected("#/models")
    docked.models.drop(small_gguf(tmp_path / "stored.gguf"))
    expect(docked.models.upload("stored.gguf").row).to_contain_text("Stored")
    api.server.set_faults({"upload-rate": MB})
    (tmp_path / "notes.txt").write_text("notes")
    names = (f"{LONG}.gguf", "waiting.gguf", "cancelled.gguf")
    docked.models.drop(tmp_path / "notes.txt", *(sparse_gguf(tmp_path / name, 90 * MB) for name in names))
    docked.models.upload("cancelled.gguf").cancel.click()
    expect(docked.models.upload(f"{LONG}.gguf").row).to_contain_text("left")
    expect(docked.models.upload("waiting.gguf").row).to_contain_text("Waiting its turn")
    expect(docked.models.upload("notes.txt").problem).to_be_visible()
    expect(docked.models.upload("cancelled.gguf").row).to_contain_text("Cancelled")
    assert flaws(docked.page) == []


def test_with_the_dialog_open(docked: BerthPage, api: LocalApi) -> None:
    api.add_model(f"{LONG}.gguf")
    docked.open_connected("#/models")
    docked.models.delete(f"{LONG}.gguf")
    expect(docked.dialog).to_be_visible()
    assert flaws(docked.page) == []
