"""Prompt X-ray: the exact prompt of a chat template, and templates that mean harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.local_apis import MODEL
from tests.browser.pages import BerthPage
from tests.core.gguf_writer import Gguf, llama, weights

RENDERED_MS = 60_000
"""How long the first template may take, with the start of its worker, on a busy machine."""


def with_template(path: Path, template: str) -> Path:
    """A model with this chat template."""
    path.write_bytes(Gguf(llama(more={"tokenizer.chat_template": template}), weights()).file())
    return path


@pytest.mark.usefixtures("no_local_api")
def test_the_exact_prompt_is_shown_with_its_special_tokens_marked(berth: BerthPage) -> None:
    inspector = berth.open("#/models").inspector.inspect(MODEL)
    inspector.show_prompt.click()
    expect(inspector.prompt).to_have_text(
        "<|im_start|>system You are a helpful assistant.<|im_end|>"
        " <|im_start|>user What is the capital of France?<|im_end|> <|im_start|>assistant",
        timeout=RENDERED_MS,
    )
    expect(inspector.prompt.get_by_role("mark")).to_have_count(5)
    expect(inspector.xray).to_contain_text("an estimate: the model is not running here")
    expect(inspector.xray).to_contain_text("this is an example")


@pytest.mark.usefixtures("no_local_api")
def test_templates_that_never_end_or_fill_the_memory_are_stopped_and_the_page_goes_on(
    berth: BerthPage, tmp_path: Path
) -> None:
    harmful = {
        "endless": (
            "{% for a in range(99999) %}{% for b in range(99999) %}{% set c = a * b %}{% endfor %}{% endfor %}",
            "was stopped after 3 s",
        ),
        "multiplied": ("{{ 'x' * 10 ** 10 }}", "it makes too much text"),
        "doubled": (
            "{% set n = namespace(x='xxxxxxxxxx') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
            "was stopped",
        ),
        "syntax": ("{% for %}", "no correct Jinja2: line 1"),
        "refusing": ("{{ raise_exception('Roles must alternate.') }}", "does not take this conversation"),
        "escaping": ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "The chat template failed"),
    }
    berth.open("#/models")
    for name, (template, said) in harmful.items():
        inspector = berth.inspector.inspect(with_template(tmp_path / f"{name}.gguf", template))
        inspector.show_prompt.click()
        expect(inspector.xray.get_by_role("alert")).to_contain_text(said, timeout=RENDERED_MS)
        inspector.search.fill("template")
        expect(inspector.table("All metadata").get_by_role("row")).to_have_count(1 + 1)
        inspector.close()
        expect(inspector.dialog).to_be_hidden()
    inspector = berth.inspector.inspect(with_template(tmp_path / "good.gguf", "{{ messages[0].content }}"))
    inspector.show_prompt.click()
    expect(inspector.prompt).to_have_text("You are a helpful assistant.", timeout=RENDERED_MS)
