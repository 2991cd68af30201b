"""The models of the local API: the table, sync, the cache, and deleting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.connections import Model
from app.core.local_api import LocalApi
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.views.confirmation import Confirmation
from app.views.problem import show_problem


@dataclass(frozen=True, slots=True)
class ModelActions:
    """What the user can do here."""

    sync: Callable[[], object]
    clear_cache: Callable[[], object]
    delete: Callable[[str], object]
    chat_with: Callable[[str], object]


class ModelsTable:
    """Shows what the local API has, and why it is not to be seen when it is not."""

    def __init__(
        self, store: Store[State], actions: ModelActions, confirmation: Confirmation, now: Callable[[], float]
    ) -> None:
        """`now` gives seconds since 1970, for dates such as "today"."""
        self._actions = actions
        self._confirmation = confirmation
        self._now = now
        panel = dom.by_id("local-models")
        self._table = panel.querySelector("table")
        self._rows = dom.KeyedList[Model](
            dom.by_id("local-models-rows"), lambda model: model.id, self._make_row, self._change_row
        )
        dom.on_action(
            panel,
            {
                "sync": lambda _: actions.sync(),
                "clear-cache": lambda _: actions.clear_cache(),
                "chat-with": actions.chat_with,
                "delete-model": self._ask_delete,
            },
        )
        store.subscribe(lambda state: state.local_api, self._show)

    def _show(self, api: LocalApi) -> None:
        models = api.models or ()
        self._rows.show(models)
        dom.show(self._table, bool(models))
        self._show_facts(api)
        self._show_problem(api)
        self._show_cache(api)
        is_empty = api.is_connected and api.models == ()
        dom.show(dom.by_id("local-models-empty"), is_empty)
        if is_empty:
            dom.set_text(dom.by_id("local-models-empty-text"), t("models.empty"))
        for button in dom.query_all("#local-models header button"):
            is_disabled = not api.is_connected or button.dataset.action in api.busy
            dom.set_attributes(button, aria_disabled="true" if is_disabled else None)
        for model in models:
            self._set_busy(model.id, f"delete {model.id}" in api.busy)

    def _show_facts(self, api: LocalApi) -> None:
        address = api.connection.base_url.partition("//")[2]
        cached = t("cache.count", count=len(api.cached)) if api.cached else ""
        dom.set_text(dom.by_id("local-models-facts"), ", ".join(filter(None, (address, cached))))

    def _show_problem(self, api: LocalApi) -> None:
        problem = api.problem or api.models_problem
        again = dom.button(t("health.look_now"), "look-now")
        show_problem(dom.by_id("local-models-problem"), problem, again)

    def _show_cache(self, api: LocalApi) -> None:
        dom.show(dom.by_id("cache"), bool(api.cached))
        entries = (dom.create("li", entry) for entry in api.cached or ())
        dom.replace_children(dom.by_id("cache-entries"), *entries)

    def _make_row(self, model: Model) -> Element:
        chat = dom.button(t("models.chat_with", name=model.label), "chat-with", icon_name="message-circle")
        delete = dom.button(t("models.delete", name=model.label), "delete-model", icon_name="trash-2")
        return dom.create(
            "tr",
            dom.create("td", class_="name"),
            dom.create("td", class_="num"),
            dom.create("td", class_="num quiet hide-s"),
            dom.create("td", chat, delete, class_="end"),
            data_key=model.id,
        )

    def _change_row(self, row: Element, model: Model) -> None:
        name, size, modified, _ = row.children
        dom.set_text(name, model.label)
        dom.set_text(size, formats.size(model.size) if model.size is not None else model.size_text)
        dom.set_text(modified, formats.date(model.modified, datetime.fromtimestamp(self._now()).astimezone()))

    def _set_busy(self, model_id: str, is_busy: bool) -> None:
        row = self._rows.row(model_id)
        if row is not None:
            dom.set_attributes(row, aria_busy="true" if is_busy else None)

    def _ask_delete(self, model: str) -> None:
        self._confirmation.ask(
            t("models.delete.title", name=model),
            t("models.delete.text"),
            t("models.delete.action"),
            lambda: self._actions.delete(model),
        )
