"""Answers to one question next to each other, a column for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.browser import dom
from app.browser.dom import Element
from app.core.text import t
from app.views.message import Shown


@dataclass(frozen=True, slots=True)
class Beside:
    """The answers that stand in one place of the conversation. `key` is the id of the question that they answer."""

    key: str
    answers: tuple[Shown, ...]


class Columns:
    """Makes the rows of such places; each answer in them is a row of its own."""

    def __init__(
        self,
        make: Callable[[Shown], Element],
        change: Callable[[Element, Shown], None],
        drop: Callable[[Shown], object],
    ) -> None:
        """`make`, `change` and `drop` do so for one answer, as in `dom.KeyedList`."""
        self._answer = (make, change, drop)
        self._lists: dict[str, dom.KeyedList[Shown]] = {}

    def make(self, beside: Beside) -> Element:
        """The row of columns, still empty. It scrolls sideways where they do not fit, with the keyboard too."""
        row = dom.create("div", class_="sides", role="group", aria_label=t("chat.sides"), tabindex=0)
        self._lists[beside.key] = dom.KeyedList(row, lambda shown: shown.key, *self._answer)
        return row

    def change(self, row: Element, beside: Beside) -> None:
        """Bring the columns up to date."""
        row.style.setProperty("--sides", len(beside.answers))
        self._lists[beside.key].show(beside.answers)

    def drop(self, beside: Beside) -> None:
        """The row has gone."""
        self._lists.pop(beside.key).show(())

    def row(self, answer_id: str) -> Element | None:
        """The column of an answer; None when it has none."""
        found = (answers.row(answer_id) for answers in self._lists.values())
        return next((row for row in found if row is not None), None)
