"""The list of conversations: grouped by date or found by a search, however many there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.browser import dom, popover
from app.browser.dom import Element, Event
from app.browser.virtual_list import VirtualList
from app.core.conversations import Heading
from app.core.listing import Hit, Listing, grouped
from app.core.search import Snippet
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.services.archive import HeadingChange
from app.views.conversation_menu import ConversationMenu
from app.views.naming import NameDialog

LABEL, ROW, HIT, NOTE = 34, 38, 58, 44
"""Heights in CSS pixels, as static/css/conversations.css has them."""


@dataclass(frozen=True, slots=True)
class LibraryActions:
    """What the user can do with conversations; those that take a text take an id, or what is searched for."""

    more: Callable[[], object]
    search: Callable[[str], object]
    search_more: Callable[[], object]
    load_search: Callable[[], object]
    change: Callable[[str, HeadingChange], object]
    duplicate: Callable[[str], object]
    delete: Callable[[str], object]
    export: Callable[[str, str], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: a group's label or a note when there is no heading, else a conversation."""

    text: str
    heading: Heading | None = None
    snippet: Snippet | None = None
    is_open: bool = False

    @property
    def key(self) -> str:
        """The conversation's id, or the label."""
        return f"label {self.text}" if self.heading is None else self.heading.id

    @property
    def height(self) -> int:
        """In CSS pixels."""
        if self.heading is None:
            return LABEL
        return ROW if self.snippet is None else HIT


class ConversationList:
    """Shows the list, follows the search field, and reads on when its end comes near."""

    def __init__(
        self, store: Store[State], actions: LibraryActions, naming: NameDialog, now: Callable[[], float]
    ) -> None:
        """`now` gives seconds since 1970, for groups such as "Today"."""
        self._actions = actions
        self._now = now
        self._container = dom.by_id("conversations")
        self._search = dom.by_id("conversation-search")
        self._list = VirtualList[Row](
            self._container, lambda row: row.height, lambda row: row.key, _make, _change
        )
        self._menu = ConversationMenu(store, actions, naming)
        self._listing = store.state.listing
        dom.on(self._search, "input", lambda _: actions.search(str(self._search.value)))
        dom.on(self._search, "focus", lambda _: actions.load_search())
        dom.on(self._container, "scroll", lambda _: self._read_on())
        dom.on(self._container, "click", self._on_click)
        store.subscribe(lambda state: (state.listing, state.conversation.id), self._show)

    def _show(self, shown: tuple[Listing, str]) -> None:
        self._listing, open_id = shown
        found = self._listing.found
        rows = self._groups(open_id) if found is None else _hits(found.hits, open_id)
        if found is not None and not rows and found.is_over:
            rows = [Row(t("library.nothing_found"))]
        self._list.show(rows)
        self._read_on()

    def _groups(self, open_id: str) -> list[Row]:
        rows: list[Row] = []
        now = datetime.fromtimestamp(self._now()).astimezone()
        for group in grouped(self._listing.headings, now):
            rows.append(Row(group.label))
            rows.extend(
                Row(heading.title or t("library.untitled"), heading, is_open=heading.id == open_id)
                for heading in group.headings
            )
        return rows

    def _read_on(self) -> None:
        """Read more when less than a screen is left below what is seen."""
        height = float(self._container.clientHeight)
        left = float(self._container.scrollHeight) - float(self._container.scrollTop) - height
        if left > height:
            return
        found = self._listing.found
        if found is None and self._listing.has_more:
            self._actions.more()
        elif found is not None and found.has_more:
            self._actions.search_more()

    def _on_click(self, event: Event) -> None:
        button = dom.closest(event.target, '[data-action="conversation-menu"]')
        if button is not None:
            row = dom.closest(button, "[data-key]")
            if row is not None:
                self._menu.open(dom.attribute(row, "data-key"), button)
        elif dom.closest(event.target, "a") is not None:
            popover.hide(dom.by_id("side-list"))


def _hits(hits: tuple[Hit, ...], open_id: str) -> list[Row]:
    return [
        Row(
            hit.heading.title or t("library.untitled"),
            hit.heading,
            hit.snippet,
            is_open=hit.heading.id == open_id,
        )
        for hit in hits
    ]


def _make(row: Row) -> Element:
    if row.heading is None:
        return dom.create("h3", row.text, class_="row-label")
    link = dom.create("a", dom.create("span", class_="title"), href=f"#/chat/{row.heading.id}", dir="auto")
    menu = dom.button(t("library.actions", title=row.text), "conversation-menu", icon_name="ellipsis")
    dom.set_attributes(menu, aria_haspopup="menu")
    return dom.create("div", link, menu, class_="talk-row", data_key=row.heading.id)


def _change(element: Element, row: Row) -> None:
    if row.heading is None:
        return
    link, menu = element.children
    dom.set_text(link.firstElementChild, row.text)
    dom.set_attributes(link, aria_current="page" if row.is_open else None, title=row.text)
    dom.set_attributes(menu, aria_label=t("library.actions", title=row.text))
    dom.set_attributes(element, data_pinned=row.heading.pinned)
    for old in list(link.children)[1:]:
        old.remove()
    if row.snippet is not None:
        found = dom.create("mark", row.snippet.found)
        link.append(dom.create("span", row.snippet.before, found, row.snippet.after, class_="snippet-line"))
