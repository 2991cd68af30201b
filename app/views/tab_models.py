"""The models in the tab: a table of what can run here, where its files lie, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.browser import dom
from app.browser.dom import Element
from app.browser.files import BrowserFile, chosen
from app.core import formats
from app.core.state import State
from app.core.store import Store
from app.core.tab_models import DEMO, Source, TabModel, TabModels
from app.core.text import t
from app.views.confirmation import Confirmation


@dataclass(frozen=True, slots=True)
class TabModelActions:
    """What the user can do here; each but `run` and `add_address` takes the id of a model."""

    chat_with: Callable[[str], object]
    keep: Callable[[str], object]
    rename: Callable[[str, str], object]
    delete: Callable[[str], object]
    remove: Callable[[str], object]
    run: Callable[[Sequence[BrowserFile]], object]
    inspect: Callable[[str], object]
    add_address: Callable[[], object]


class TabModelsTable:
    """Shows them, the demo model always among them."""

    def __init__(self, store: Store[State], actions: TabModelActions, confirmation: Confirmation) -> None:
        """Follow the models from now on."""
        self._store = store
        self._actions = actions
        self._confirmation = confirmation
        self._rows = dom.KeyedList[TabModel](
            dom.by_id("tab-models-rows"), lambda model: (model.id, model.source), _make, _change
        )
        dom.on_action(
            dom.by_id("tab-models"),
            {
                "chat-with-tab": actions.chat_with,
                "keep-model": actions.keep,
                "rename-model": lambda key: actions.rename(key, self._label(key)),
                "delete-kept": self._ask_delete,
                "remove-model": actions.remove,
                "inspect-model": actions.inspect,
                "add-address": lambda _: actions.add_address(),
            },
        )
        field = dom.by_id("tab-files")
        dom.on(field, "change", lambda _: self._run(chosen(field)))
        store.subscribe(lambda state: state.tab_models.models, lambda _: self._show(store.state.tab_models))
        store.subscribe(lambda state: (state.tab_models.used, state.tab_models.free), self._show_facts)

    def _show(self, models: TabModels) -> None:
        has_demo = any(model.id == DEMO.id for model in models.models)
        self._rows.show(models.models if has_demo else (*models.models, DEMO))

    def _show_facts(self, room: tuple[int | None, int | None]) -> None:
        used, free = room
        is_known = used is not None and free is not None
        text = t("tab.room", used=formats.size(used or 0), free=formats.size(free or 0)) if is_known else ""
        dom.set_text(dom.by_id("tab-models-facts"), text)

    def _run(self, files: Sequence[BrowserFile]) -> None:
        if files:
            self._actions.run(files)

    def _label(self, key: str) -> str:
        model = self._store.state.tab_models.get(key)
        return key if model is None else model.label

    def _ask_delete(self, key: str) -> None:
        self._confirmation.ask(
            t("models.delete.title", name=self._label(key)),
            t("tab.delete.text"),
            t("models.delete.action"),
            lambda: self._actions.delete(key),
        )


def _make(model: TabModel) -> Element:
    return dom.create(
        "tr",
        dom.create("td", class_="name"),
        dom.create("td", class_="num"),
        dom.create("td", class_="quiet hide-s"),
        dom.create("td", class_="end"),
        data_key=model.id,
    )


def _change(row: Element, model: TabModel) -> None:
    name, size, place, buttons = row.children
    dom.set_text(name, model.label)
    if model.problem is not None:
        name.append(dom.create("span", model.problem.what, class_="error small block"))
    dom.set_text(size, formats.size(model.size))
    dom.set_text(place, t(f"tab.source.{model.source}"))
    dom.replace_children(buttons, *_buttons(model))


def _buttons(model: TabModel) -> list[Element]:
    label = model.label
    chat = dom.button(t("models.chat_with", name=label), "chat-with-tab", icon_name="message-circle")
    buttons = [] if model.problem else [chat]
    if model.problem is None and model.source is not Source.DEMO:
        inspect = t("ways.inspect_label", name=label)
        buttons.append(dom.button(inspect, "inspect-model", icon_name="scan-search"))
    if model.source is Source.KEPT:
        buttons += [
            dom.button(t("tab.rename", name=label), "rename-model", icon_name="pencil"),
            dom.button(t("models.delete", name=label), "delete-kept", icon_name="trash-2"),
        ]
    if model.source is Source.FILE:
        if model.problem is None:
            buttons.append(
                dom.button(t("tab.keep", name=label), "keep-model", icon_name="hard-drive-download")
            )
        buttons.append(dom.button(t("tab.remove", name=label), "remove-model", icon_name="x"))
    return buttons
