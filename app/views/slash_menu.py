"""The slash menu: "/" at the start of a message offers the prompts of the library, fewer with every letter.

The focus stays in the message field, and aria-activedescendant tells which option is marked.
"""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom, focus
from app.browser.dom import Element, Event
from app.core.prompts import Prompt, matching, slash_query
from app.core.state import State
from app.core.store import Store
from app.core.text import t, tn

LIMIT = 50
"""Prompts shown at most: who has more types a letter or two."""

NEW = "new"
"""The key of the option that makes a new prompt; the others have the number of theirs."""


class SlashMenu:
    """A list box above the message field, for as long as there is nothing in it but a slash and a word."""

    def __init__(
        self, store: Store[State], choose: Callable[[Prompt], object], make: Callable[[], object]
    ) -> None:
        """`choose` is called with the prompt that is to take the place of what is typed; `make` writes a new one."""
        self._store = store
        self._choose = choose
        self._make = make
        self._field = dom.by_id("message")
        self._box = dom.by_id("slash")
        self._said = dom.by_id("slash-count")
        self._found: tuple[Prompt, ...] = ()
        self._options: list[Element] = []
        self._marked = 0
        self._is_dismissed = False
        dom.on(self._field, "input", lambda _: self._follow())
        dom.on(self._field, "blur", lambda _: self._close())
        dom.on(self._field, "focus", lambda _: self._follow())
        # A press must not take the focus from the field, which would close the menu before the click.
        dom.on(self._box, "mousedown", lambda event: event.preventDefault())
        dom.on_action(self._box, {"choose": self._take})
        store.subscribe(lambda state: state.prompts, lambda _: self._follow())

    @property
    def is_open(self) -> bool:
        """Whether it is on the page."""
        return not self._box.hidden

    def takes(self, event: Event) -> bool:
        """Whether a key that was pressed in the field was meant for the menu, which then has done it."""
        if not self.is_open or event.isComposing or event.shiftKey:
            return False
        moves = {"ArrowDown": self._marked + 1, "ArrowUp": self._marked - 1}
        if event.key in moves:
            self._mark(moves[event.key])
        elif event.key in {"Enter", "Tab"}:
            self._take(dom.attribute(self._options[self._marked], "data-key"))
        elif event.key == "Escape":
            self._is_dismissed = True
            self._close()
        else:
            return False
        event.preventDefault()
        return True

    def _follow(self) -> None:
        query = slash_query(str(self._field.value))
        self._is_dismissed = self._is_dismissed and query is not None
        if query is None or self._is_dismissed or not dom.has_focus(self._field):
            self._close()
            return
        self._found = matching(self._store.state.prompts.items, query)[:LIMIT]
        if query and not self._found:
            self._close()
            return
        self._options = [_option(number, prompt) for number, prompt in enumerate(self._found)]
        self._options.append(_make_new())
        dom.replace_children(self._box, *self._options)
        dom.show(self._box, True)
        dom.set_text(self._said, tn("prompts.count", len(self._found)))
        self._mark(0)

    def _mark(self, place: int) -> None:
        self._marked = place % len(self._options)
        for number, option in enumerate(self._options):
            dom.set_attributes(option, aria_selected=str(number == self._marked).lower())
        marked = self._options[self._marked]
        dom.set_attributes(self._field, aria_activedescendant=marked.id)
        focus.scroll_into_view(marked)

    def _take(self, key: str) -> None:
        self._close()
        if key == NEW:
            self._make()
        else:
            self._choose(self._found[int(key)])

    def _close(self) -> None:
        dom.show(self._box, False)
        dom.set_text(self._said, "")
        dom.set_attributes(self._field, aria_activedescendant=None)


def _option(number: int, prompt: Prompt) -> Element:
    name = dom.create("span", f"/{prompt.name}", class_="name")
    return _row(str(number), name, dom.create("span", prompt.first_line, class_="quiet small", dir="auto"))


def _make_new() -> Element:
    return _row(NEW, dom.icon("plus"), dom.create("span", t("prompts.new")))


def _row(key: str, *children: Element) -> Element:
    return dom.create(
        "div",
        *children,
        class_="option",
        role="option",
        id=f"slash-option-{key}",
        data_action="choose",
        data_key=key,
    )
