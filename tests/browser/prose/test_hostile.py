"""Model output is hostile: no script, no request, no disguise, whole or split anywhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.prose import AnswersPage
from tests.browser.prose.hostile import answers as hostile_answers

BATCH = 60
ANSWERS = hostile_answers()

TAGS = (
    *(
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "del",
        "code",
        "pre",
        "blockquote",
    ),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a", "img", "span", "div", "input"),
)
"""What a model's Markdown may become."""

LOOK = """tags => {
  const found = [];
  const tell = (e, what) => found.push(`${what}: ${e.cloneNode(false).outerHTML}`);
  const own = ".code > header, .code > header *, .image, .image > *";
  const formula = /^(span|svg|path|line|math|semantics|annotation|m[a-z]+)$/;
  const classes = /^(math|display|table|code|hljs-[a-z-_]+|[a-z]+_|language-\\S+)$/;
  const never = /^(on.*|srcset|srcdoc|id|name|ping|background|form.*|http-equiv|slot|is)$/;
  for (const e of document.querySelectorAll(".prose *")) {
    for (const { name } of e.attributes) if (never.test(name)) tell(e, name);
    if (e.hasAttribute("src") && e.localName !== "img") tell(e, "src");
    if (e.closest(".katex, .katex-display")) {
      if (!formula.test(e.localName)) tell(e, "tag in a formula");
      continue;
    }
    if (e.hasAttribute("style")) tell(e, "style");
    if (e.matches(own)) continue;
    if (!tags.includes(e.localName)) tell(e, "tag");
    for (const name of e.classList) if (!classes.test(name)) tell(e, `class ${name}`);
    if (e.hasAttribute("href") && !/^(https?|mailto):/.test(e.href)) tell(e, "address");
    if (e.localName === "a" && !(e.target === "_blank" && e.rel === "noopener noreferrer nofollow")) tell(e, "link");
    if (e.localName === "img" && !/^data:image\\/(png|jpeg|gif|webp);base64,/.test(e.src)) tell(e, "image");
    if (e.localName === "input" && !(e.type === "checkbox" && e.disabled)) tell(e, "field");
  }
  return found;
}"""
"""Tells what is in the answers and on none of the lists."""

TOUCH = """() => {
  const events = ["mouseover", "mouseenter", "focus", "pointerdown", "error", "load", "toggle", "begin"];
  for (const e of document.querySelectorAll(".prose *")) for (const type of events) e.dispatchEvent(new Event(type));
}"""


def look_and_touch(answers: AnswersPage) -> list[Any]:
    """What must not be in the page, after every element was touched."""
    answers.page.evaluate(TOUCH)
    answers.page.wait_for_timeout(100)
    assert answers.page.evaluate("window.sentinel") is None
    return list(answers.page.evaluate(LOOK, TAGS))


@pytest.mark.parametrize("first", range(0, len(ANSWERS), BATCH))
def test_a_hostile_answer_becomes_harmless(answers: AnswersPage, first: int) -> None:
    for number, text in enumerate(ANSWERS[first : first + BATCH]):
        answers.call("show_streamed", text, number, 4)
    assert look_and_touch(answers) == []


@pytest.mark.parametrize("first", range(0, len(ANSWERS), BATCH))
def test_a_hostile_answer_is_harmless_at_every_moment(answers: AnswersPage, first: int) -> None:
    for number, text in enumerate(ANSWERS[first : first + BATCH]):
        answers.call("show_broken_off", text, number)
    assert look_and_touch(answers) == []


def test_the_check_itself_sees_what_must_not_be(answers: AnswersPage) -> None:
    answers.call("show", "text")
    answers.page.evaluate("document.querySelector('.prose p').id = 'python'")
    answers.page.evaluate("document.querySelector('.prose').append(document.createElement('form'))")
    assert len(answers.page.evaluate(LOOK, TAGS)) == 2


def test_a_very_long_run_of_openings_does_not_stop_the_page(answers: AnswersPage) -> None:
    for mark in ("[", "*a ", "$a ", "\\(", "`a ", "<a ", "> ", "- ", "![a](", "$$", "\\[\n"):
        assert answers.call("seconds_to_show", mark * 5000) < 20, mark
