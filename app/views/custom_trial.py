"""The request that a custom connection will send, as it is typed, and what a test of it brought."""

from __future__ import annotations

from app.browser import dom
from app.browser.dom import Element
from app.core.deltas import Reply, Usage
from app.core.problems import Problem
from app.core.text import t
from app.providers.custom import Reading
from app.services.trials import Trial
from app.views.field import Field
from app.views.problem import problem_box


class TrialPane:
    """A live preview above, the raw reply next to what was read from it below."""

    def __init__(self) -> None:
        """Empty."""
        self._model = Field("trial-model", t("trial.model"), spellcheck="false", class_="code")
        self._question = Field("trial-question", t("trial.question"))
        self._question.input.value = t("trial.question.text")
        self._request = dom.create("pre", tabindex="0", role="region", aria_label=t("trial.request"))
        self._problem = dom.create("p", class_="small warn")
        self._result = dom.create("div", class_="trial-result", aria_live="polite")
        asked = dom.create("div", self._model.element, self._question.element, class_="fields pair")
        note = dom.create("p", t("trial.request.help"), class_="help small quiet")
        title = dom.create("h3", t("trial.request"))
        self.element = dom.create(
            "section", title, note, asked, self._request, self._problem, self._result, class_="trial"
        )

    @property
    def question(self) -> str:
        """What is asked."""
        return self._question.value

    def model(self, default: str) -> str:
        """Which model is asked: the one that is typed, or `default`, which is shown."""
        dom.set_attributes(self._model.input, placeholder=default)
        return self._model.value.strip() or default

    def begin(self) -> None:
        """Be empty, for another connection."""
        self._model.input.value = ""
        self.clear()

    def show_request(self, text: str) -> None:
        """Show what will be sent."""
        dom.set_text(self._request, text)
        dom.set_text(self._problem, "")
        dom.set_attributes(self._request, data_old=None)

    def show_problem(self, problem: Problem) -> None:
        """Say why nothing can be sent as it is typed; the last request stays to be seen."""
        dom.set_text(self._problem, str(problem))
        dom.set_attributes(self._request, data_old=True)

    def clear(self) -> None:
        """Show no result."""
        dom.replace_children(self._result)

    def wait(self) -> None:
        """A test is under way."""
        dom.replace_children(self._result, dom.create("p", t("trial.asking"), class_="small quiet"))

    def show(self, trial: Trial) -> None:
        """Show what a test brought."""
        reading = trial.reading
        head = " ".join(filter(None, (f"HTTP {trial.status}", trial.media_type))) if trial.status else ""
        raw = dom.create("pre", reading.raw, tabindex="0", role="region", aria_label=t("trial.raw"))
        came = _part("trial.raw", dom.create("p", head, class_="small quiet"), raw if reading.raw else "")
        read: list[Element] = []
        if reading.reply is not None:
            read.append(_facts(reading, reading.reply))
        if not reading.is_whole and reading.problem is None:
            read.append(dom.create("p", t("trial.no_end"), class_="small warn"))
        if reading.problem is not None:
            read.append(problem_box(reading.problem))
        dom.replace_children(self._result, came, _part("trial.read", *read))
        self._result.scrollIntoView(False)


def _part(key: str, *children: Element | str) -> Element:
    return dom.create("section", dom.create("h3", t(key)), *children)


def _facts(reading: Reading, reply: Reply) -> Element:
    """What was read, as a list of names and values."""
    usage = reply.usage or Usage()
    rows = {
        "answer": reply.text or t("trial.no_answer"),
        "reasoning": reply.reasoning,
        "finish": reply.finish if reading.is_whole else "",
        "sent": _count(usage.prompt_tokens),
        "received": _count(usage.completion_tokens),
    }
    listing = dom.create("dl")
    for name, text in rows.items():
        if text:
            listing.append(dom.create("dt", t(f"trial.{name}")), dom.create("dd", text))
    return listing


def _count(count: int | None) -> str:
    return "" if count is None else str(count)
