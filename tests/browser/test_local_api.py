"""The main job: a GGUF file dropped on the page answers a question, with every implementation of the local API."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.local_apis import MODEL, LocalApi
from tests.browser.pages import BerthPage

VARIANTS = ("doc", "g1", "g1-shipped", "g2")
QUESTION = "What is the capital of France?"
ANSWER = "The capital of France is Paris."
NAME = MODEL.name
MODEL_ON_THE_PAGE = MODEL.stem


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_dropped_model_arrives_unchanged_and_answers(docked: BerthPage, api: LocalApi) -> None:
    docked.open_connected("#/models")
    docked.models.drop(MODEL)
    expect(docked.models.row(NAME)).to_be_visible()
    assert (api.folder / NAME).read_bytes() == MODEL.read_bytes()
    docked.go("Chat")
    expect(docked.chat.model.locator("option:checked")).to_have_text(NAME)
    docked.chat.ask(QUESTION)
    answer = docked.chat.answers(MODEL_ON_THE_PAGE)
    expect(answer).to_contain_text(ANSWER)
    expect(docked.chat.questions).to_have_text(QUESTION)
    expect(docked.chat.message).to_be_empty()


@pytest.mark.parametrize("variant", ["doc", "g2"])
def test_an_answer_has_its_figures(docked: BerthPage, api: LocalApi) -> None:
    api.add_model()
    docked.open_connected()
    docked.chat.ask(QUESTION)
    answer = docked.chat.answers(MODEL_ON_THE_PAGE)
    expect(answer).to_contain_text(re.compile(r"\d+(\.\d)? tokens/s"))
    expect(answer).to_contain_text(re.compile(r"\d tokens"))
    expect(answer).to_contain_text(re.compile(r"\d+(\.\d)? m?s\b"))


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_memory_of_the_server_is_shown_and_cleared(docked: BerthPage, api: LocalApi) -> None:
    api.add_model()
    docked.open_connected()
    docked.chat.ask(QUESTION)
    expect(docked.chat.answers(MODEL_ON_THE_PAGE)).to_contain_text(ANSWER)
    docked.go("Models")
    expect(docked.models.memory()).to_contain_text([MODEL_ON_THE_PAGE])
    docked.models.clear_cache.click()
    expect(docked.models.memory()).to_have_count(0)
    assert api.server.loaded() == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_sync_finds_what_was_copied_into_the_folder(docked: BerthPage, api: LocalApi) -> None:
    docked.open_connected("#/models")
    expect(docked.models.region).to_contain_text("No models yet.")
    api.add_model("copied.gguf")
    docked.models.sync.click()
    expect(docked.models.row("copied.gguf")).to_be_visible()
    expect(docked.news.filter(has_text="in step with the server's folder: one model.")).to_be_visible()


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_model_is_deleted_once_the_user_has_confirmed(docked: BerthPage, api: LocalApi) -> None:
    api.add_model()
    docked.open_connected("#/models")
    docked.models.delete(NAME)
    expect(docked.dialog).to_contain_text("This cannot be undone.")
    docked.dialog.get_by_role("button", name="Delete").click()
    expect(docked.models.row(NAME)).to_have_count(0)
    expect(docked.news.filter(has_text=f"{NAME} was deleted.")).to_be_visible()
    assert list(api.folder.iterdir()) == []


@pytest.mark.parametrize("no", ["Cancel", "Escape"])
def test_a_model_stays_when_the_user_does_not_confirm(docked: BerthPage, api: LocalApi, no: str) -> None:
    api.add_model()
    docked.open_connected("#/models")
    docked.models.delete(NAME)
    if no == "Cancel":
        docked.dialog.get_by_role("button", name="Cancel").click()
    else:
        docked.page.keyboard.press("Escape")
    expect(docked.dialog).to_be_hidden()
    expect(docked.models.row(NAME)).to_be_visible()
    assert api.server.requests(method="DELETE") == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_table_tells_size_and_date(docked: BerthPage, api: LocalApi) -> None:
    api.add_model()
    docked.open_connected("#/models")
    expect(docked.models.row(NAME)).to_contain_text("1.0 MB")
    expect(docked.models.row(NAME)).to_contain_text(re.compile(r"today, \d\d:\d\d"))


def test_a_model_of_the_table_is_taken_to_the_chat(docked: BerthPage, api: LocalApi) -> None:
    api.add_model("first.gguf")
    api.add_model("second.gguf")
    docked.open_connected("#/models")
    docked.models.chat_with("second.gguf")
    expect(docked.chat.model.locator("option:checked")).to_have_text("second.gguf")
    expect(docked.chat.message).to_be_focused()


def test_with_several_models_none_is_chosen_unasked(docked: BerthPage, api: LocalApi) -> None:
    api.add_model("first.gguf")
    api.add_model("second.gguf")
    docked.open_connected()
    expect(docked.chat.model.locator("option:checked")).to_have_text("Choose a model")
    docked.chat.ask(QUESTION)
    expect(docked.chat.problem).to_contain_text("No model is chosen.")
    expect(docked.chat.message).to_have_value(QUESTION)


def test_the_choice_survives_a_reload(docked: BerthPage, api: LocalApi) -> None:
    api.add_model("first.gguf")
    api.add_model("second.gguf")
    docked.open_connected()
    docked.chat.model.select_option(label="second.gguf")
    docked.reload()
    expect(docked.chat.model.locator("option:checked")).to_have_text("second.gguf")
