"""How a problem looks, wherever it stands: what happened, why most likely, what to do, and something to copy."""

from __future__ import annotations

from app.browser import dom
from app.browser.dom import Element
from app.core.problems import Problem
from app.core.text import t


def problem_box(problem: Problem, *buttons: Element, role: str = "alert") -> Element:
    """A box for `problem`, with `buttons` for what can be done about it right here."""
    body = dom.create("div", class_="body")
    sentence = dom.create("p", dom.create("strong", problem.what))
    for part in (problem.cause, problem.fix):
        if part:
            sentence.append(" ", dom.create("span", _closed(part)))
    body.append(sentence)
    if problem.snippet:
        copy = dom.button(t("problem.copy"), "copy-snippet", class_="btn ghost small")
        body.append(dom.create("div", dom.create("code", problem.snippet), copy, class_="snippet"))
    if problem.details:
        summary = dom.create("summary", t("problem.details"))
        body.append(dom.create("details", summary, dom.create("pre", problem.details)))
    if buttons:
        body.append(dom.create("div", *buttons, class_="row"))
    return dom.create("div", dom.icon("triangle-alert"), body, class_="problem", role=role)


def show_problem(container: Element, problem: Problem | None, *buttons: Element) -> None:
    """Make `container` hold the box for `problem`, or nothing."""
    dom.replace_children(container, *([problem_box(problem, *buttons)] if problem else []))


def _closed(text: str) -> str:
    """`text` with a full stop, where the words of a server at its end have none."""
    return f"{text}." if text[-1].isalnum() else text
