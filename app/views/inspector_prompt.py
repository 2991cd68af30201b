"""Prompt X-ray: the exact prompt that a model reads of the conversation at hand, its special tokens marked."""

from __future__ import annotations

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.inspection import Xray
from app.core.text import t
from app.core.xray import Piece, Prompt
from app.views.inspector_facts import section
from app.views.problem import problem_box


class PromptPanel:
    """The part of the inspector with the template and what it makes."""

    def build(self, template: str) -> Element:
        """The elements for another file."""
        self._shown: Xray | None = None
        self._result = dom.create("div", class_="xray")
        self._button = dom.button(t("xray.show"), "xray", class_="btn")
        intro = dom.create("p", t("xray.help") if template else t("xray.no_template"), class_="quiet small")
        parts = [intro, dom.create("div", self._button, class_="row"), self._result]
        if template:
            text = dom.create("pre", template, tabindex="0", aria_label=t("xray.template"), role="region")
            parts.append(dom.create("details", dom.create("summary", t("xray.template")), text))
        return section(t("xray.title"), *parts)

    def show(self, xray: Xray) -> None:
        """Show what came of it."""
        if xray is self._shown:
            return
        self._shown = xray
        dom.set_attributes(self._button, aria_disabled="true" if xray.is_working else None)
        if xray.is_working:
            dom.replace_children(
                self._result, dom.create("p", t("xray.working"), class_="quiet", role="status")
            )
        elif xray.problem is not None:
            dom.replace_children(self._result, problem_box(xray.problem))
        elif xray.prompt is not None:
            dom.replace_children(self._result, *_prompt(xray.prompt, xray.is_example))
        else:
            dom.replace_children(self._result)


def _prompt(prompt: Prompt, is_example: bool) -> list[Element]:
    number = formats.whole(prompt.tokens)
    counted = t("xray.exact", number=number) if prompt.is_exact else t("xray.estimate", number=number)
    facts = [dom.create("strong", counted, class_="num")]
    if is_example:
        facts.append(dom.create("span", t("xray.is_example"), class_="quiet"))
    if prompt.hidden:
        facts.append(
            dom.create("span", t("xray.hidden", number=formats.whole(prompt.hidden)), class_="quiet")
        )
    shown = dom.create("pre", tabindex="0", role="region", aria_label=t("xray.prompt"), dir="auto")
    shown.append(*map(_piece, prompt.pieces))
    return [dom.create("p", *facts, class_="row", role="status"), shown]


def _piece(piece: Piece) -> Element | str:
    return dom.create("mark", piece.text) if piece.is_special else piece.text
