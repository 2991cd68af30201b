"""All metadata of a file in the inspector, with a search."""

from __future__ import annotations

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.gguf.header import ArrayValue, Header, LongText, Value
from app.core.text import t
from app.views.inspector_facts import section

MOST_ROWS = 300
"""Rows that are shown at a time; the search reaches all the others."""

MOST_LETTERS = 600
"""Letters of a value that are shown."""

MOST_ELEMENTS = 12
"""Elements of an array that are shown."""


class MetadataPanel:
    """The list of keys and values."""

    def __init__(self) -> None:
        """Nothing to show yet."""
        self._rows: tuple[tuple[tuple[str, str, str], str], ...] = ()
        self._listeners = dom.Scope()

    def build(self, header: Header) -> Element:
        """The elements for another file."""
        self._rows = tuple(
            ((key, _type(value), _shown(value)), _searched(key, value))
            for key, value in header.metadata.items()
        )
        self._listeners.close()
        search = dom.create(
            "input",
            type="search",
            aria_label=t("inspector.metadata.search"),
            placeholder=t("inspector.metadata.search"),
            autocomplete="off",
            spellcheck="false",
        )
        self._listeners.on(search, "input", lambda _: self._show(str(search.value)))
        self._count = dom.create("span", class_="small quiet num", role="status")
        self._body = dom.create("tbody")
        heads = (
            dom.create("th", t(head), scope="col")
            for head in ("inspector.metadata.key", "inspector.metadata.type", "inspector.metadata.value")
        )
        title = t("inspector.metadata.title")
        made = dom.create(
            "table", dom.create("thead", dom.create("tr", *heads)), self._body, aria_label=title
        )
        tools = dom.create(
            "div", dom.create("div", search, class_="field grow"), self._count, class_="row seek"
        )
        region = dom.create(
            "div", made, class_="scroll metadata", tabindex="0", role="group", aria_label=title
        )
        self._show("")
        return section(title, tools, region)

    def _show(self, typed: str) -> None:
        words = typed.casefold().split()
        found = [row for row, text in self._rows if all(word in text for word in words)]
        shown = [_row(*row) for row in found[:MOST_ROWS]]
        dom.replace_children(self._body, *shown)
        dom.set_text(self._count, t("inspector.metadata.count", shown=len(shown), all=len(self._rows)))


def _row(key: str, kind: str, value: str) -> Element:
    return dom.create(
        "tr",
        dom.create("td", dom.create("code", key)),
        dom.create("td", kind, class_="quiet small"),
        dom.create("td", dom.create("code", value, class_="value")),
    )


def _type(value: Value) -> str:
    if isinstance(value, ArrayValue):
        return f"{value.element_type}[{formats.whole(value.count)}]"
    if isinstance(value, str | LongText):
        return "string"
    return type(value).__name__


def _shown(value: Value) -> str:
    if isinstance(value, ArrayValue):
        first = ", ".join(map(_scalar, value.preview[:MOST_ELEMENTS]))
        return f"{first}, …" if value.count > MOST_ELEMENTS else first
    if isinstance(value, LongText):
        return _cut(value.preview + "…")
    return _cut(_scalar(value))


def _searched(key: str, value: Value) -> str:
    """What the search looks through: of a text all of it, not only what is shown."""
    text = value if isinstance(value, str) else _shown(value)
    return f"{key} {_type(value)} {text}".casefold()


def _scalar(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
