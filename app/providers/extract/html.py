"""Reading an HTML error page: its title and its first paragraph, as plain text."""

from __future__ import annotations

from html.parser import HTMLParser

from app.providers.extract.values import shortened

TEXT_LENGTH = 300
"""Characters of text that are kept."""

_SLOTS = {"title": "title", "h1": "heading", "p": "paragraph", "pre": "paragraph"}
_HIDDEN = frozenset({"script", "style", "template", "noscript"})


def html_text(page: str) -> str:
    """The title (else the first heading) of an HTML page and its first paragraph, in one line of plain text.

    A page that has neither gives the beginning of its text. The result is text and never markup: character
    references are resolved, so show it as text only.
    """
    reader = _Reader()
    try:
        reader.feed(page)
        reader.close()
    except AssertionError:
        pass  # html.parser gives up on broken declarations such as "<![x"; what was read until there counts
    title = reader.text("title") or reader.text("heading")
    parts = [part for part in (title, reader.text("paragraph")) if part]
    return shortened(": ".join(parts) or reader.text("all"), TEXT_LENGTH)


class _Reader(HTMLParser):
    """Collects the text of the first element of each slot, and all visible text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._slots: dict[str, list[str]] = {"all": []}
        self._open = ""
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _HIDDEN:
            self._hidden = tag
        slot = _SLOTS.get(tag)
        if slot is None:
            return
        self._open = "" if slot in self._slots else slot
        self._slots.setdefault(slot, [])

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""
        if tag in _SLOTS:
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self._slots["all"].append(data)
        if self._open:
            self._slots[self._open].append(data)

    def text(self, slot: str) -> str:
        """The text of a slot with its white space tidied; empty when the page has no such element."""
        return " ".join("".join(self._slots.get(slot, ())).split())
