"""The command palette: type a few letters, choose with the arrows, press Enter.

The field is a combobox with a list box, as the ARIA Authoring Practices describe it: the focus stays in the field, and
aria-activedescendant tells which option is marked.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.browser import dom, focus
from app.browser.dom import Element, Event
from app.core.palette import PaletteItem, PaletteSource
from app.core.text import t, tn
from app.views.keys import keys

LIMIT = 40
"""How many items of one source are shown."""


class Palette:
    """Finds among the items of its sources, and runs what is chosen."""

    def __init__(self, sources: Sequence[PaletteSource]) -> None:
        """The sources are shown in this order, each as a group; use the dialog of index.html."""
        self._sources = sources
        self._dialog = dom.by_id("palette")
        self._field = dom.by_id("palette-search")
        self._results = dom.by_id("palette-results")
        self._shown: list[tuple[PaletteSource, PaletteItem, Element]] = []
        self._marked = 0
        dom.on(self._field, "input", lambda _: self._find())
        dom.on(self._field, "keydown", self._on_key)
        dom.on_action(self._results, {"choose": lambda key: self._run(int(key))})
        dom.on(self._dialog, "click", self._on_click)

    def toggle(self) -> None:
        """Open the palette, empty; or close it when it is open."""
        if self._dialog.open:
            self._dialog.close()
            return
        if dom.query_all("dialog[open]"):
            return
        self._field.value = ""
        self._find()
        self._dialog.showModal()

    def _find(self) -> None:
        query = str(self._field.value).strip()
        self._shown = []
        groups: list[Element] = []
        for source in self._sources:
            items = source.find(query, LIMIT)
            first = len(self._shown)
            self._shown += [(source, item, _option(first + place, item)) for place, item in enumerate(items)]
            if items:
                groups.append(
                    _group(len(groups), source.title, [option for *_, option in self._shown[first:]])
                )
        dom.replace_children(self._results, *groups)
        dom.set_text(dom.by_id("palette-none"), "" if self._shown else t("palette.none", query=query))
        dom.show(dom.by_id("palette-none"), not self._shown)
        dom.show(self._results, bool(self._shown))
        dom.set_text(dom.by_id("palette-count"), tn("palette.count", len(self._shown)))
        self._marked = 0
        self._mark(0)

    def _mark(self, place: int) -> None:
        if not self._shown:
            dom.set_attributes(self._field, aria_activedescendant=None)
            return
        dom.set_attributes(self._shown[self._marked][2], aria_selected="false")
        self._marked = place % len(self._shown)
        option = self._shown[self._marked][2]
        dom.set_attributes(option, aria_selected="true")
        dom.set_attributes(self._field, aria_activedescendant=option.id)
        focus.scroll_into_view(option)

    def _on_key(self, event: Event) -> None:
        moves = {"ArrowDown": self._marked + 1, "ArrowUp": self._marked - 1, "PageDown": self._marked + 8}
        if event.isComposing:
            return
        if event.key in moves:
            event.preventDefault()
            self._mark(moves[event.key])
        elif event.key == "Enter" and self._shown:
            event.preventDefault()
            self._run(self._marked)

    def _on_click(self, event: Event) -> None:
        """A click on the dialog itself is one beside what is in it."""
        if event.target == self._dialog:
            self._dialog.close()

    def _run(self, place: int) -> None:
        source, item, _ = self._shown[place]
        self._dialog.close()
        source.run(item.id)


def _group(number: int, title: str, options: Sequence[Element]) -> Element:
    name = f"palette-group-{number}"
    heading = dom.create("h3", title, id=name, role="presentation")
    return dom.create("div", heading, *options, role="group", aria_labelledby=name)


def _option(place: int, item: PaletteItem) -> Element:
    hint = [dom.create("span", item.hint, class_="quiet small")] if item.hint else []
    pressed = [keys(item.keys)] if item.keys else []
    return dom.create(
        "div",
        dom.icon(item.icon),
        dom.create("span", item.label, class_="grow"),
        *hint,
        *pressed,
        class_="option",
        role="option",
        id=f"palette-option-{place}",
        aria_selected="false",
        data_action="choose",
        data_key=place,
    )
