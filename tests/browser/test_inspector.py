"""The inspector: what is in a file, whether it fits into the tab, what is wrong with it, and where it can go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import flaws
from tests.browser.local_apis import MODEL, LocalApi
from tests.browser.model_files import GB
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch
from tests.core.gguf_writer import Gguf, Tensor, llama, weights
from tests.core.synthetic_model import Model

Q4_0 = 2


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def huge(path: Path) -> Path:
    """A model of 6 GB in Q4_0 whose file is a hole."""
    rows, columns = 65_536, 180_000
    size = rows * columns // 32 * 18
    header = Gguf(llama(), [Tensor("token_embd.weight", (rows, columns), Q4_0, size)]).header()
    path.write_bytes(header)
    os.truncate(path, 6 * GB + 2**29)
    return path


@pytest.mark.usefixtures("no_local_api")
def test_a_file_shows_its_facts_its_fit_its_layers_and_its_metadata(berth: BerthPage, tmp_path: Path) -> None:
    berth.open("#/models")
    inspector = berth.inspector.inspect(MODEL)
    expect(inspector.dialog).to_have_accessible_name(MODEL.name)
    facts = {
        "Architecture": "llama",
        "Parameters": "984k",
        "Quantisation": "Q8_0",
        "Layers": "4",
        "Attention heads": "4, 2 for keys and values",
        "Context length": "1,024 tokens",
        "Vocabulary": "1,536 tokens, gpt2",
        "Licence": "CC0-1.0",
    }
    for name, value in facts.items():
        expect(inspector.fact(name)).to_have_text(value)
    expect(inspector.verdict).to_contain_text("Runs here")
    expect(inspector.table("Tensors by type").get_by_role("row", name="Q8_0")).to_contain_text("983k")
    inspector.part("Layers").get_by_text("Show as a table").click()
    expect(inspector.table("Layers").get_by_role("row")).to_have_count(1 + 6)
    expect(inspector.table("Layers").get_by_role("row", name="Layer 3")).to_contain_text("Q8_0, F32")
    expect(inspector.table("All metadata").get_by_role("row")).to_have_count(1 + 27)
    inspector.search.fill("license")
    expect(inspector.table("All metadata").get_by_role("row")).to_have_count(1 + 1)
    inspector.search.fill("rope freq")
    expect(inspector.table("All metadata")).to_contain_text("llama.rope.freq_base")


@pytest.mark.usefixtures("no_local_api")
def test_a_file_that_is_too_large_for_the_tab_is_sent_elsewhere_and_q4_0_is_warned_of(
    berth: BerthPage, tmp_path: Path
) -> None:
    berth.open("#/models")
    inspector = berth.inspector.inspect(huge(tmp_path / "huge.gguf"))
    expect(inspector.verdict).to_have_text("Too large for this tab: send it to the local API")
    expect(inspector.part("Fit for this tab")).to_contain_text("No context fits")
    expect(inspector.part("Fit for this tab")).to_contain_text("Q4_0 is about 3.5 times slower")
    inspector.close()
    model = Model(vocabulary=2_048, layers=16, heads=8, kv_heads=8, width=2_048, feed_forward=64)
    inspector.inspect(model.write(tmp_path / "long.gguf"))
    inspector.context.select_option(label="32,768 tokens")
    expect(inspector.verdict).to_have_text("Too large for this tab: send it to the local API")
    expect(inspector.part("Fit for this tab")).to_contain_text(
        "The largest context that fits: 16,384 tokens."
    )
    inspector.context.select_option(label="4,096 tokens")
    expect(inspector.verdict).to_contain_text("Runs here")


@pytest.mark.usefixtures("no_local_api")
def test_a_file_that_is_no_model_says_what_it_is_instead(berth: BerthPage, tmp_path: Path) -> None:
    berth.open("#/models")
    whole = Gguf(llama(), weights()).file()
    wrong = {
        "truncated": (whole[:300], "ends in the middle of its header"),
        "incomplete": (whole[:-400], "is incomplete"),
        "swapped": (b"GGUF" + (3).to_bytes(4, "big") + whole[8:], "bytes in the wrong order"),
        "old": (b"GGUF\x01\0\0\0" + whole[8:], "version 1"),
        "corrupt": (whole[:24] + b"\xff" * 16 + whole[40:], "At byte 24 its header has a name of"),
        "archive": (b"PK\x03\x04" + bytes(100), "ZIP archive"),
    }
    for name, (data, said) in wrong.items():
        inspector = berth.inspector.inspect(write(tmp_path / f"{name}.gguf", data))
        expect(inspector.problem).to_contain_text(said)
        inspector.close()
        expect(inspector.dialog).to_be_hidden()


def test_an_uploaded_file_can_be_inspected_from_its_row(docked: BerthPage, api: LocalApi) -> None:
    docked.open_connected("#/models")
    docked.models.drop(MODEL)
    row = docked.models.upload(MODEL.name)
    expect(row.row).to_contain_text("Stored as")
    row.inspect.click()
    expect(docked.inspector.fact("Architecture")).to_have_text("llama")
    docked.inspector.close()
    expect(docked.inspector.dialog).to_be_hidden()


def test_without_an_api_a_dropped_file_is_offered_the_tab(
    docked: BerthPage, api: LocalApi, watch: Watch, tmp_path: Path
) -> None:
    watch.expect_error("ERR_CONNECTION_REFUSED")
    api.server.kill()
    docked.open_unconnected("#/models")
    docked.models.drop(MODEL)
    row = docked.models.upload(MODEL.name)
    expect(row.row).to_contain_text("Meanwhile it can run in this tab")
    row.run.click()
    docked.chat.ask("What is the capital of France?")
    expect(docked.chat.log).to_contain_text("The capital of France is Paris.", timeout=60_000)
    docked.page.get_by_role("button", name="Prompt X-ray").click()
    expect(docked.inspector.xray).to_contain_text("32 tokens, counted by the model", timeout=60_000)


@pytest.mark.usefixtures("no_local_api")
def test_the_inspector_is_accessible_and_fits_every_window(berth: BerthPage) -> None:
    page = berth.open("#/models").page
    inspector = berth.inspector.inspect(MODEL)
    expect(inspector.verdict).to_contain_text("Runs here")
    inspector.part("Layers").get_by_text("Show as a table").click()
    assert flaws(page) == []
