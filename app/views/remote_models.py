"""The sheet for the models of a server that can be told what to do with them: downloads, memory, facts, delete."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from app.browser import dom
from app.browser.dom import Element, Event
from app.core import formats
from app.core.connections import Model
from app.core.problems import InvalidInput
from app.core.remote_models import LoadedModel, ModelDetails, Pull, RemoteModels
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.services.remote_keeper import RemoteKeeper
from app.views import remote_pulls
from app.views.confirmation import Confirmation
from app.views.field import Field
from app.views.problem import show_problem


@dataclass(frozen=True, slots=True)
class _Row:
    """A model of the server: whether it is in its memory (None: not known), what it is like, if something is done."""

    model: Model
    loaded: LoadedModel | None
    is_known: bool
    details: ModelDetails | None
    is_busy: bool


class RemoteSheet:
    """Shows the models of one server."""

    def __init__(
        self,
        store: Store[State],
        keeper: RemoteKeeper,
        confirmation: Confirmation,
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """Nothing is shown until `open`; `start` runs what takes time."""
        self._store = store
        self._keeper = keeper
        self._confirmation = confirmation
        self._start = start
        self._dialog = dom.by_id("remote")
        self._field = Field("remote-model", t("remote.pull.name"), t("remote.pull.help"), spellcheck="false")
        dom.by_id("remote-field").append(self._field.element)
        self._pulls = dom.KeyedList[Pull](
            dom.by_id("remote-pulls"), lambda pull: pull.model, remote_pulls.make, remote_pulls.change
        )
        self._rows = dom.KeyedList[_Row](dom.by_id("remote-rows"), lambda row: row.model.id, _make, _change)
        dom.on(self._dialog.querySelector("form"), "submit", self._on_submit)
        dom.on_action(
            self._dialog,
            {
                "close-remote": lambda _: self._dialog.close(),
                "leave-pull": lambda model: keeper.leave_pull(self._connection, model),
                "pull-again": lambda model: keeper.pull(self._connection, model),
                "load-remote": lambda model: start(keeper.load(model)),
                "unload-remote": lambda model: start(keeper.unload(model)),
                "describe-remote": lambda model: start(keeper.describe(model)),
                "delete-remote": self._ask_delete,
            },
        )
        store.subscribe(lambda state: (state.remote_models, state.connections.items), lambda _: self._show())

    def open(self, connection_id: str) -> None:
        """Show the models of a connection."""
        self._keeper.open(connection_id)
        self._field.input.value = ""
        self._field.mark(None)
        self._store.flush()
        self._dialog.showModal()

    @property
    def _connection(self) -> str:
        return self._store.state.remote_models.connection

    def _show(self) -> None:
        state = self._store.state
        models = state.remote_models
        item = state.connections.get(models.connection)
        if item is None:
            return
        dom.set_text(dom.by_id("remote-title"), t("remote.title", name=item.saved.connection.name))
        self._pulls.show([pull for pull in models.pulls if pull.connection == models.connection])
        show_problem(dom.by_id("remote-problem"), models.problem or item.problem)
        rows = [_row(model, models) for model in item.models]
        self._rows.show(rows)
        dom.show(dom.by_id("remote-table"), bool(rows))
        dom.show(dom.by_id("remote-empty"), not rows and not item.is_busy)

    def _on_submit(self, event: Event) -> None:
        event.preventDefault()
        try:
            self._keeper.pull(self._connection, self._field.value)
        except InvalidInput as error:
            self._field.mark(error.problem)
            self._field.focus()
        else:
            self._field.mark(None)
            self._field.input.value = ""

    def _ask_delete(self, model: str) -> None:
        self._confirmation.ask(
            t("models.delete.title", name=model),
            t("models.delete.text"),
            t("models.delete.action"),
            lambda: self._start(self._keeper.delete(model)),
        )


def _row(model: Model, models: RemoteModels) -> _Row:
    loaded = next((one for one in models.loaded or () if one.id == model.id), None)
    is_known = models.loaded is not None
    return _Row(model, loaded, is_known, models.details.get(model.id), model.id in models.busy)


def _make(row: _Row) -> Element:
    lines = (dom.create("span", class_="quiet small block num") for _ in range(2))
    name = dom.create("td", dom.create("span"), *lines, class_="name")
    size = dom.create("td", class_="num hide-s")
    return dom.create("tr", name, size, dom.create("td", class_="end"), data_key=row.model.id)


def _change(element: Element, row: _Row) -> None:
    name, size, buttons = element.children
    label, memory, facts = name.children
    dom.set_text(label, row.model.label)
    dom.set_text(memory, _memory(row))
    dom.set_text(facts, "" if row.details is None else ", ".join(_facts(row.details)))
    dom.set_text(size, row.model.size_text if row.model.size is None else formats.size(row.model.size))
    dom.set_attributes(element, aria_busy="true" if row.is_busy else None)
    dom.replace_children(buttons, *_buttons(row))


def _memory(row: _Row) -> str:
    """Where the model is, in words."""
    if row.is_busy:
        return t("remote.busy")
    if row.loaded is None:
        return t("remote.on_disk") if row.is_known else ""
    size = row.loaded.size
    return t("remote.in_memory") if size is None else t("remote.in_memory.size", size=formats.size(size))


def _facts(details: ModelDetails) -> list[str]:
    context = details.context_length
    told = "" if context is None else t("remote.context", count=formats.count(context))
    facts = [details.family, details.parameter_size, details.quantization, told, *details.capabilities]
    return [fact for fact in facts if fact] or [t("remote.no_facts")]


def _buttons(row: _Row) -> list[Element]:
    name = row.model.label
    if row.loaded is None:
        memory = dom.button(t("remote.load", name=name), "load-remote", icon_name="play")
    else:
        memory = dom.button(t("remote.unload", name=name), "unload-remote", icon_name="eraser")
    buttons = [
        memory,
        dom.button(t("remote.describe", name=name), "describe-remote", icon_name="scan-search"),
        dom.button(t("models.delete", name=name), "delete-remote", icon_name="trash-2"),
    ]
    for button in buttons:
        dom.set_attributes(button, disabled=row.is_busy)
    return buttons
