"""The prompt library in the settings: a list to search, with a form for each prompt."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Element
from app.core.prompts import Prompt, searched
from app.core.shelf import Shelf
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.views.prompts_form import PromptForm


class PromptsPanel:
    """Shows the prompts by name."""

    def __init__(self, store: Store[State], form: PromptForm, delete: Callable[[str], object]) -> None:
        """`delete` takes an id."""
        self._store = store
        self._form = form
        self._search = dom.by_id("prompts-search")
        self._empty = dom.by_id("prompts-empty")
        self._rows = dom.KeyedList[Prompt](
            dom.by_id("prompts"), lambda prompt: prompt.id, lambda _: _make(), _change
        )
        dom.on(self._search, "input", lambda _: self._show(store.state.prompts))
        dom.on_action(
            dom.by_id("prompts-panel"),
            {"new-prompt": lambda _: form.add(), "edit-prompt": self._edit, "delete-prompt": delete},
        )
        store.subscribe(lambda state: state.prompts, self._show)

    def focus(self) -> None:
        """Bring the user to the library."""
        self._search.focus()

    def _edit(self, key: str) -> None:
        prompt = self._store.state.prompts.get(key)
        if prompt is not None:
            self._form.edit(prompt)

    def _show(self, shelf: Shelf[Prompt]) -> None:
        found = searched(shelf.items, str(self._search.value))
        self._rows.show(found)
        dom.set_text(self._empty, t("library.nothing_found" if shelf.items else "prompts.empty"))
        dom.show(self._empty, not found)


def _make() -> Element:
    texts = dom.create(
        "div", dom.create("strong"), dom.create("span", class_="quiet small first", dir="auto"), class_="grow"
    )
    return dom.create("li", texts, dom.create("span", class_="push"), class_="connection prompt")


def _change(row: Element, prompt: Prompt) -> None:
    texts, buttons = row.children
    name, first = texts.children
    dom.set_attributes(row, data_key=prompt.id)
    dom.set_text(name, f"/{prompt.name}")
    dom.set_text(first, prompt.first_line)
    dom.replace_children(
        buttons,
        dom.button(t("prompts.edit", name=prompt.name), "edit-prompt", icon_name="pencil"),
        dom.button(t("prompts.delete", name=prompt.name), "delete-prompt", icon_name="trash-2"),
    )
