"""One choice among a few: native radio buttons in a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.browser import dom
from app.browser.dom import Event


class Choice:
    """A fieldset with one radio button an option."""

    def __init__(
        self, name: str, label: str, options: Mapping[str, str], choose: Callable[[str], object]
    ) -> None:
        """`options` are the labels by value; `choose` is told the value that the user picks."""
        self._choose = choose
        self._inputs = {
            value: dom.create("input", type="radio", name=name, value=value, autocomplete="off")
            for value in options
        }
        segments = [
            dom.create("label", self._inputs[value], dom.create("span", text))
            for value, text in options.items()
        ]
        row = dom.create("div", *segments, class_="segments")
        self.element = dom.create(
            "fieldset", dom.create("legend", label, class_="label"), row, class_="field"
        )
        dom.on(self.element, "change", self._on_change)

    def show(self, value: str) -> None:
        """Show which option holds."""
        self._inputs[value].checked = True

    def _on_change(self, event: Event) -> None:
        self._choose(str(event.target.value))
