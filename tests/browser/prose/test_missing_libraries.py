"""Libraries that cannot be loaded, or fail: the text is shown, as text, and nothing is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.prose import AnswersPage
from tests.browser.watch import Watch

TEXT = "Some *text*, $a_i$ and\n\n```python\nx = '<b>'\n```"


@pytest.fixture
def fresh(page: Page, page_url: str) -> AnswersPage:
    """A page of its own, in which nothing is loaded yet."""
    return AnswersPage(page, page_url)


def fail(route: Route) -> None:
    route.fulfill(status=503)


def throw(route: Route) -> None:
    rule = "{ begin: /x/, 'on:begin': () => { throw new Error('<img src=x>'); } }"
    code = f"export default () => ({{ contains: [{rule}] }});"
    route.fulfill(body=code, content_type="text/javascript")


def test_until_the_renderer_is_loaded_the_text_is_shown_as_it_is(fresh: AnswersPage) -> None:
    fresh.open(warm=False)
    fresh.call("show", TEXT)
    answer = fresh.page.get_by_role("article", name="Model")
    expect(answer).to_contain_text("Some *text*, $a_i$ and")
    fresh.call("load")
    expect(answer.locator("em")).to_have_text("text")
    expect(answer).not_to_contain_text("*text*")


def test_a_renderer_that_cannot_be_loaded_leaves_the_text(fresh: AnswersPage, watch: Watch) -> None:
    fresh.page.route("**/static/js/markdown.mjs", fail)
    watch.expect_error("503")
    fresh.open(warm=False)
    fresh.call("show", TEXT)
    assert "without their formatting" in fresh.call("load")
    expect(fresh.page.get_by_role("article", name="Model")).to_contain_text("Some *text*, $a_i$ and")


def test_formulas_without_katex_stay_as_they_were_written(fresh: AnswersPage, watch: Watch) -> None:
    fresh.page.route("**/katex.mjs", fail)
    watch.expect_error("503")
    fresh.open(warm=False)
    fresh.call("load")
    fresh.call("show", "a formula: $a_i <b>$")
    answer = fresh.page.get_by_role("article", name="Model")
    expect(answer).to_have_text("a formula: $a_i <b>$")
    expect(answer.locator("b")).to_have_count(0)


def test_formulas_are_set_as_soon_as_katex_is_there(fresh: AnswersPage) -> None:
    fresh.open(warm=False)
    fresh.call("load")
    fresh.call("show", "a formula: $a_i$")
    expect(fresh.page.get_by_role("math")).to_have_count(1)
    assert fresh.call("changes") == 1, "the conversation must be told, so that it can stay at its end"


@pytest.mark.parametrize(
    ("module", "answer"),
    [("highlight/core.mjs", fail), ("highlight/python.mjs", fail), ("highlight/python.mjs", throw)],
    ids=["no highlighter", "no language", "a language that throws"],
)
def test_code_without_colours_stays_plain(
    fresh: AnswersPage, watch: Watch, module: str, answer: object
) -> None:
    fresh.page.route(f"**/{module}", answer)
    if answer is fail:
        watch.expect_error("503")
    fresh.open(warm=False)
    fresh.call("load")
    with fresh.page.expect_response(f"**/{module}"):
        fresh.call("show", "```python\nx = '<b>'\n```")
    fresh.page.wait_for_timeout(300)
    code = fresh.page.get_by_role("article", name="Model").locator("code")
    expect(code).to_have_text("x = '<b>'")
    assert code.evaluate("e => e.childElementCount") == 0


def test_a_text_that_the_parser_fails_on_is_shown_as_it_was_written(fresh: AnswersPage) -> None:
    def break_lexer(route: Route) -> None:
        code = route.fetch().text()
        [name] = re.findall(r"(\w+) as Lexer\b", code)
        code += f"\n{name}.prototype.lex = () => {{ throw new Error('defect'); }};"
        route.fulfill(body=code, content_type="text/javascript")

    fresh.page.route("**/marked.mjs", break_lexer)
    fresh.open(warm=False)
    fresh.call("load")
    fresh.call("show_streamed", "first *line* <b>\n\nsecond", 1, 3)
    answer = fresh.page.get_by_role("article", name="Model")
    expect(answer).to_have_text("first *line* <b>second")
    expect(answer.locator("br")).to_have_count(2)
