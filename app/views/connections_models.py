"""The models that the user writes down in the form of a connection: names, context sizes and prices."""

from __future__ import annotations

from collections.abc import Sequence

from app.browser import dom
from app.browser.dom import Element
from app.core.problems import InvalidInput
from app.core.saved_connections import read_count
from app.core.spending import ModelFacts, read_price
from app.core.text import t

COLUMNS = ("model", "context", "price_in", "price_out")


class ModelFactsEditor:
    """A table with a row of fields for each model, which grows and shrinks."""

    def __init__(self) -> None:
        """Empty."""
        heads = (dom.create("th", t(f"connection.facts.{name}"), scope="col") for name in COLUMNS)
        last = dom.create("th", dom.create("span", t("models.actions"), class_="unseen"), scope="col")
        self._rows = dom.create("tbody")
        self._error = dom.create("p", class_="error small", role="alert")
        table = dom.create("table", dom.create("thead", dom.create("tr", *heads, last)), self._rows)
        self.element = dom.create(
            "details",
            dom.create("summary", t("connection.facts")),
            dom.create("p", t("connection.facts.help"), class_="help small quiet"),
            dom.create("div", table, class_="facts-table"),
            self._error,
            dom.button(t("connection.facts.add"), "add-facts", class_="btn small"),
        )
        dom.on_action(self.element, {"add-facts": lambda _: self._add_and_focus()})
        dom.on(self.element, "click", self._on_click)

    def show(self, facts: Sequence[ModelFacts]) -> None:
        """Show these facts."""
        dom.replace_children(self._rows)
        dom.set_text(self._error, "")
        for one in facts:
            self._add(one)
        self.element.open = bool(facts)

    def read(self) -> tuple[ModelFacts, ...]:
        """What stands in the rows that name a model.

        Raises:
            InvalidInput: a figure cannot be read; it is marked.
        """
        dom.set_text(self._error, "")
        return tuple(facts for row in self._rows.children if (facts := self._read(row)) is not None)

    def _read(self, row: Element) -> ModelFacts | None:
        model, context, price_in, price_out = (cell.firstChild for cell in list(row.children)[:4])
        name = str(model.value).strip()
        figures = []
        for field, read in ((context, read_count), (price_in, read_price), (price_out, read_price)):
            dom.set_attributes(field, aria_invalid=None)
            try:
                figures.append(read(str(field.value)))
            except InvalidInput as error:
                self.element.open = True
                dom.set_attributes(field, aria_invalid="true")
                field.focus()
                dom.set_text(self._error, str(error))
                raise
        return (
            ModelFacts(name, figures[1], figures[2], None if figures[0] is None else int(figures[0]))
            if name
            else None
        )

    def _add_and_focus(self) -> None:
        self._add(ModelFacts("")).querySelector("input").focus()

    def _add(self, facts: ModelFacts) -> Element:
        texts = (facts.model, _text(facts.context), _text(facts.price_in), _text(facts.price_out))
        cells = []
        for name, text in zip(COLUMNS, texts, strict=True):
            field = dom.create(
                "input", aria_label=t(f"connection.facts.{name}"), autocomplete="off", value=text
            )
            if name != "model":
                dom.set_attributes(field, inputmode="decimal", size=7)
            cells.append(dom.create("td", field))
        remove = dom.button(t("connection.facts.remove"), "remove-facts", icon_name="x")
        row = dom.create("tr", *cells, dom.create("td", remove))
        self._rows.append(row)
        return row

    def _on_click(self, event: dom.Event) -> None:
        pressed = dom.closest(event.target, '[data-action="remove-facts"]')
        if pressed is not None:
            row = dom.closest(pressed, "tr")
            if row is not None:
                row.remove()


def _text(figure: float | None) -> str:
    return "" if figure is None else f"{figure:g}" if figure < 1e6 else f"{figure:.0f}"
