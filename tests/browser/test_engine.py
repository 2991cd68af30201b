"""The engine in the tab: with no server at all, a model answers, stops, and says what is wrong."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dev.app_bundle import AppBundle
from dev.prepare import prepare
from dev.server import PageServer
from dev.site import Site
from tests.browser.local_apis import MODEL
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch

QUESTION = "What is the capital of France?"
ANSWER = "The capital of France is Paris."
LONG = "one two three four five six seven eight nine ten " * 60

ASK = """
import json
from app.core.messages import PromptMessage, Role
from app.core.tab_models import DEMO
from app.core.deltas import TextDelta
from app.providers.in_tab import InTab
from app.services.engine_http import EngineHttp

engine = EngineHttp(None, berth.house.engine.loader)
provider, connection = InTab(), berth.house.engine.connection

async def say(text, **parameters):
    batches = berth.house.gateway.answer(DEMO.ref, [PromptMessage(Role.USER, text)], parameters)
    return "".join([one.text async for batch in batches for one in batch if isinstance(one, TextDelta)])
"""


@pytest.fixture
def demo(berth: BerthPage, no_local_api: None) -> BerthPage:
    """The page of somebody who has no API at all, and takes the demo model."""
    berth.open()
    berth.page.get_by_role("button", name="Try the demo model").click()
    expect(berth.chat.model.locator("option:checked")).to_have_text(MODEL.name)
    return berth


def python(berth: BerthPage, code: str) -> Any:
    return json.loads(berth.run_python(f"{ASK}\n{code}"))


def last_answer(berth: BerthPage) -> Any:
    return berth.chat.answers(MODEL.stem).last


@pytest.mark.fresh_profile
def test_a_first_visit_without_any_api_gets_an_answer_and_the_next_one_needs_no_network(
    page: Page, no_local_api: None, watch: Watch
) -> None:
    """The page's own web server stops: what answers then is in the browser."""
    with PageServer(0, Site(AppBundle(prepare))) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        watch.allow_host(server.url)
        berth = BerthPage(page, server.url).open()
        berth.page.get_by_role("button", name="Try the demo model").click()
        berth.chat.ask(QUESTION)
        expect(last_answer(berth)).to_contain_text(ANSWER)
        expect(berth.page.get_by_text("The model runs in this tab: nothing leaves it.")).to_be_visible()
        berth.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        server.shutdown()
    berth.reload()
    berth.chat.ask("3 + 4")
    expect(last_answer(berth)).to_contain_text("3 + 4 = 7")


def test_an_answer_is_stopped_and_another_one_follows(demo: BerthPage) -> None:
    demo.chat.ask("Tell me a story")
    demo.chat.stop.click()
    expect(demo.chat.stop).to_be_hidden()
    demo.chat.ask(QUESTION)
    expect(last_answer(demo)).to_contain_text(ANSWER)


def test_a_prompt_that_is_too_long_is_explained_and_survived(demo: BerthPage) -> None:
    demo.chat.ask(LONG)
    expect(last_answer(demo)).to_contain_text("The conversation is longer than the model can read.")
    expect(last_answer(demo)).to_contain_text("loaded with a context of 1024")
    demo.page.get_by_role("button", name="New conversation").click()
    demo.chat.ask(QUESTION)
    expect(last_answer(demo)).to_contain_text(ANSWER)


def test_grammars_schemas_embeddings_scores_and_the_settings(demo: BerthPage) -> None:
    assert python(demo, 'json.dumps(await say("Hello", grammar=\'root ::= "yes" | "no"\'))') in {"yes", "no"}
    schema = '{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}'
    told = python(demo, f"json.dumps(await say('Hello', json_schema='{schema}', max_tokens=60, seed=1))")
    assert told.lstrip().startswith("{")
    vectors = python(
        demo,
        """
reply = await engine.send(provider.embed_request(connection, DEMO.id, ["Paris", "a cat", "Paris"]))
json.dumps([list(vector) for vector in provider.vectors(reply)])
""",
    )
    assert len(vectors) == 3
    assert vectors[0] == pytest.approx(vectors[2], abs=1e-3)
    assert vectors[0] != pytest.approx(vectors[1], abs=1e-3)
    scores = python(
        demo,
        """
reply = await engine.send(provider.rerank_request(connection, DEMO.id, "Paris", ["a city", "a cat"]))
json.dumps(provider.scores(reply))
""",
    )
    assert len(set(scores)) == 2
    demo.go("Settings")
    context = demo.page.get_by_role("textbox", name="Context in tokens")
    context.fill("many")
    context.blur()
    expect(demo.page.get_by_text("“many” is no context.")).to_be_visible()
    context.fill("512")
    context.blur()
    demo.go("Models")
    demo.tab.press(f"Chat with {MODEL.name}")
    demo.go("Models")
    expect(demo.tab.engine).to_contain_text("context of 512 tokens")


def test_several_threads_answer_when_the_user_wants_them(demo: BerthPage) -> None:
    demo.go("Settings")
    threads = demo.page.get_by_role("textbox", name="Threads")
    threads.fill("2")
    threads.blur()
    demo.go("Models")
    demo.tab.press(f"Chat with {MODEL.name}")
    demo.chat.ask(QUESTION)
    expect(last_answer(demo)).to_contain_text(ANSWER)
    demo.go("Models")
    expect(demo.tab.engine).to_contain_text("2 threads")


def test_an_answer_is_given_again_under_a_system_prompt_and_parameters(demo: BerthPage) -> None:
    demo.chat.ask(QUESTION)
    expect(last_answer(demo)).to_contain_text(ANSWER)
    demo.chat.open_parameters()
    demo.chat.parameter("System prompt").fill("You know the capitals.")
    demo.chat.set_parameter("Max tokens", "3")
    last_answer(demo).get_by_role("button", name="Regenerate").click()
    expect(last_answer(demo).get_by_text("2 of 2")).to_be_visible()
    expect(last_answer(demo)).to_contain_text("3 tokens")


def test_a_second_turn_reads_only_what_is_new(demo: BerthPage) -> None:
    told = python(
        demo,
        """
from app.core.http import HttpRequest

async def timings(*texts):
    roles = ("user", "assistant")
    messages = [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts)]
    body = {"model": DEMO.id, "messages": messages, "max_tokens": 8, "temperature": 0}
    reply = await engine.send(HttpRequest.post_json("tab:/v1/chat/completions", body))
    return reply.json()["timings"]

first = await timings("What is the capital of France?")
second = await timings("What is the capital of France?", "The capital of France is Paris.", "Hello")
json.dumps([first, second])
""",
    )
    first, second = told
    assert first["cache_n"] == 0
    assert second["cache_n"] >= first["prompt_n"] - 1
    assert second["prompt_n"] < first["prompt_n"] + second["cache_n"]
