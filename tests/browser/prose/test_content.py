"""What an answer looks like: Markdown as models write it, and what the page adds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.prose import AnswersPage

PIXEL = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def test_a_table_has_headers_and_scrolls_by_itself(answers: AnswersPage, answer: Locator) -> None:
    wide = "x" * 400
    answers.call("show", f"| Name | Size |\n|---|--:|\n| a | `{wide}` |")
    table = answer.get_by_role("table")
    expect(table.get_by_role("columnheader", name="Size")).to_have_css("text-align", "right")
    scroller = answer.get_by_role("group", name="Table")
    assert scroller.evaluate("e => e.scrollWidth > e.clientWidth && e.tabIndex === 0")
    assert answers.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_tasks_are_named_checkboxes_that_cannot_be_changed(answers: AnswersPage, answer: Locator) -> None:
    answers.call("show", "- [x] one\n- [ ] two")
    expect(answer.get_by_role("checkbox", name="Done")).to_be_checked()
    expect(answer.get_by_role("checkbox", name="To do")).to_be_disabled()


def test_a_numbered_list_starts_where_it_says(answers: AnswersPage, answer: Locator) -> None:
    answers.call("show", "4. four\n5. five")
    assert answer.get_by_role("list").get_attribute("start") == "4"


@pytest.mark.parametrize(
    ("word", "label"),
    [("python", "Python"), ("html", "HTML"), ("c++", "C++"), ("brainfun", "brainfun"), ("", "Code")],
)
def test_a_code_block_says_its_language(answers: AnswersPage, answer: Locator, word: str, label: str) -> None:
    answers.call("show", f"```{word}\nx\n```")
    expect(answer.get_by_text(label, exact=True)).to_be_visible()


def test_copy_code_copies_the_code_and_nothing_else(answers: AnswersPage, answer: Locator) -> None:
    answers.call("show", "```python\nfirst = '<b>'\n\n  second\n```\n\n```\nother\n```")
    answer.get_by_role("button", name="Copy code").first.click()
    assert answers.call("copies") == ["first = '<b>'\n\n  second"]


def test_the_copy_button_keeps_its_focus_while_the_answer_goes_on(
    answers: AnswersPage, answer: Locator
) -> None:
    answers.call("begin", "```python\nfirst = 1\n")
    button = answer.get_by_role("button", name="Copy code")
    button.focus()
    answers.call("go_on", "second = 2\n```\n\nAnd more.\n\n- a\n- b\n")
    expect(button).to_be_focused()


def test_text_that_is_selected_in_the_open_block_stays_selected(
    answers: AnswersPage, answer: Locator
) -> None:
    answers.call("begin", "The first words are selected and")
    answer.locator("p").evaluate("p => getSelection().setBaseAndExtent(p.firstChild, 4, p.firstChild, 9)")
    answers.call("go_on", " more *words* come.\n\nAnother paragraph.\n")
    assert answers.page.evaluate("String(getSelection())") == "first"


def test_known_code_is_coloured_when_its_block_closes(answers: AnswersPage, answer: Locator) -> None:
    answers.call("begin", "```python\ndef f(): pass\n")
    expect(answer.locator(".hljs-keyword")).to_have_count(0)
    answers.call("go_on", "```\n\nText.")
    expect(answer.locator(".hljs-keyword")).to_have_count(2)


def test_unknown_code_stays_plain(answers: AnswersPage, answer: Locator) -> None:
    answers.call("show", "```brainfun\ndef f(): pass\n```\n\n```python\nx = 1\n```")
    expect(answer.locator("code").nth(1).locator("span")).not_to_have_count(0)
    assert answer.locator("code").first.inner_html() == "def f(): pass\n"


def test_very_long_code_stays_plain(answers: AnswersPage, answer: Locator) -> None:
    answers.call("show", "```python\n" + "x = 1\n" * 9000 + "```\n\n```python\ny = 1\n```")
    expect(answer.locator("code").nth(1).locator("span")).not_to_have_count(0)
    assert answer.locator("code").first.locator("span").count() == 0


@pytest.mark.parametrize(
    "source", ["$a_i$", "\\(a_i\\)", "$$a_i$$", "\\[a_i\\]", "$$\na_i\n$$", "\\[\na_i\n\\]"]
)
def test_a_formula_is_set(answers: AnswersPage, answer: Locator, source: str) -> None:
    answers.call("show", source)
    expect(answer.get_by_role("math")).to_have_count(1)
    assert answer.locator("math mi").all_text_contents() == ["a", "i"]


def test_what_is_inside_a_formula_is_no_markdown(answers: AnswersPage, answer: Locator) -> None:
    answers.call("show", "*so* $a_i * b$ and $c * d_j$, **bold $x_1$ and** $x_2$\n\n$$\nx\n- y\n= z\n# w\n$$")
    assert answer.locator("em").all_text_contents() == ["so"]
    expect(answer.locator("strong").get_by_role("math")).to_have_count(1)
    expect(answer.get_by_role("list")).to_have_count(0)
    expect(answer.locator(".math")).to_have_count(5)


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.",
        "From US$100-$200 a month",
        "$5 million (US$) more",
        "a $ b $ c",
        "`$x$`",
        "\\$x\\$",
        "$$",
        "$",
    ],
)
def test_money_and_code_are_no_formulas(answers: AnswersPage, answer: Locator, text: str) -> None:
    answers.call("show", text)
    expect(answer.locator(".math")).to_have_count(0)


@pytest.mark.parametrize(
    "source", ["$\\frac{1$", "$\\nonsense{x}$", "$x <b>y</b> \\bad$", "$$\n\\begin{x}\n$$"]
)
def test_a_formula_that_cannot_be_read_is_shown_as_it_was_written(
    answers: AnswersPage, answer: Locator, source: str
) -> None:
    answers.call("show", source)
    expect(answer.locator(".math")).to_have_text(source)
    assert answer.locator(".math").evaluate("e => e.childElementCount") == 0


def test_raw_html_is_shown_as_text(answers: AnswersPage, answer: Locator) -> None:
    answers.call("show", "a <b>bold</b> &amp; <br> word\n\n<details>\n<summary>s</summary>\n</details>")
    expect(answer).to_contain_text("a <b>bold</b> &")
    expect(answer).to_contain_text("<details>")
    expect(answer.locator("b, details")).to_have_count(0)


def test_a_line_break_tag_breaks_the_line(answers: AnswersPage, answer: Locator) -> None:
    answers.call("show", "| a |\n|---|\n| one<br>two |")
    expect(answer.locator("td br")).to_have_count(1)


def test_links_open_elsewhere_and_tell_nothing(answers: AnswersPage, answer: Locator) -> None:
    answers.call("show", "[a page](https://a.example/x?y=1)")
    link = answer.get_by_role("link", name="a page")
    assert link.get_attribute("target") == "_blank"
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    assert link.get_attribute("title") == "https://a.example/x?y=1"


def test_an_image_that_is_in_the_answer_is_shown(answers: AnswersPage, answer: Locator) -> None:
    answers.call("show", f"![a dot]({PIXEL})")
    expect(answer.get_by_role("img", name="a dot")).to_be_visible()


def test_each_paragraph_has_its_own_direction(answers: AnswersPage, answer: Locator) -> None:
    answers.call("show", "Left to right\n\nמימין לשמאל")
    first, second = (
        answer.locator("p")
        .nth(i)
        .evaluate(
            "p => {"
            "const r = document.createRange(); r.selectNodeContents(p);"
            "return [r.getBoundingClientRect().left - p.getBoundingClientRect().left,"
            " p.getBoundingClientRect().right - r.getBoundingClientRect().right]}"
        )
        for i in (0, 1)
    )
    assert first[0] < 1 < first[1]
    assert second[1] < 1 < second[0]


def test_nothing_moves_when_blocks_out_of_sight_are_skipped(answers: AnswersPage) -> None:
    heights = answers.call(
        "heights_before_and_after_settling", "Some words.\n\n- a\n- b\n\n> quote\n\n# Title\n\n" * 60
    )
    assert heights[0] == heights[1]


def test_what_a_reader_looks_at_stays_in_its_place_while_the_answer_goes_on(answers: AnswersPage) -> None:
    text = "Some words.\n\n- a\n- b\n\n> quote\n\n# Title\n\n"
    places = answers.call("places_of_a_block_in_sight", text * 60, text * 5)
    assert len(set(places)) == 1
