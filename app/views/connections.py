"""The connections: where each leads, whether it answers and why not, and what it was used for today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.connection_states import ConnectionState
from app.core.local_api import LocalApi
from app.core.state import State
from app.core.store import Store
from app.core.text import t, tn
from app.views.confirmation import Confirmation
from app.views.connections_doctor import Doctor
from app.views.problem import show_problem


@dataclass(frozen=True, slots=True)
class ConnectionActions:
    """What the user can do with a connection, by its id; `manage` its models, where the server `is_managed`."""

    is_managed: Callable[[ConnectionState], bool]
    add: Callable[[], object]
    edit: Callable[[str], object]
    test: Callable[[str], object]
    delete: Callable[[str], object]
    move: Callable[[str, int], object]
    enable: Callable[[str, bool], object]
    manage: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Row:
    """What a row shows."""

    item: ConnectionState
    lacks_key: bool
    is_managed: bool
    is_first: bool
    is_last: bool


class ConnectionList:
    """The local API, which is always there, and below it what the user added."""

    def __init__(
        self, store: Store[State], actions: ConnectionActions, confirmation: Confirmation, doctor: Doctor
    ) -> None:
        """Show them from now on."""
        self._store = store
        self._actions = actions
        self._confirmation = confirmation
        self._doctor = doctor
        self._make_local()
        rows = dom.by_id("saved-connections")
        self._rows = dom.KeyedList[Row](rows, lambda row: row.item.id, self._make, self._change)
        dom.on_action(
            dom.by_id("connections-panel"),
            {
                "add-connection": lambda _: actions.add(),
                "test-connection": actions.test,
                "manage-models": actions.manage,
                "edit-connection": actions.edit,
                "delete-connection": self._ask_delete,
                "connection-up": lambda key: actions.move(key, -1),
                "connection-down": lambda key: actions.move(key, 1),
                "use-connection": self._on_use,
            },
        )
        store.subscribe(lambda state: state.local_api, self._show_local)
        store.subscribe(
            lambda state: (state.connections.items, state.vault.held), lambda shown: self._show(*shown)
        )

    def _make_local(self) -> None:
        self._dot = dom.create("span", class_="dot", aria_hidden="true")
        self._address = dom.create("span", class_="quiet small")
        self._health = dom.create("span", class_="quiet small")
        self._problem = dom.create("div", class_="wide")
        name = dom.create("strong", t("shell.local_api"))
        test = t("connections.test_name", name=t("shell.local_api"))
        buttons = dom.create(
            "span",
            dom.button(t("connections.test"), "look-now", class_="btn ghost small", aria_label=test),
            dom.create("a", t("connections.edit"), class_="btn ghost small", href="#/settings"),
            class_="push",
        )
        texts = dom.create("div", name, self._address, self._health, class_="grow")
        dom.by_id("connections").append(
            dom.create("li", self._dot, texts, buttons, self._problem, class_="connection")
        )

    def _show_local(self, api: LocalApi) -> None:
        self._dot.dataset.state = api.health.value
        dom.set_text(self._address, api.connection.base_url)
        dom.set_text(self._health, t(f"health.{api.health}"))
        show_problem(self._problem, api.problem)

    def _show(self, items: tuple[ConnectionState, ...], held: frozenset[str]) -> None:
        last = len(items) - 1
        rows = [
            Row(
                item,
                item.saved.has_key and item.id not in held,
                self._actions.is_managed(item),
                at == 0,
                at == last,
            )
            for at, item in enumerate(items)
        ]
        self._rows.show(rows)
        dom.show(dom.by_id("connections-empty"), not items)

    def _make(self, row: Row) -> Element:
        texts = dom.create(
            "div",
            dom.create("strong"),
            dom.create("span", class_="quiet small"),
            dom.create("span", class_="quiet small"),
            dom.create("span", class_="quiet small num"),
            class_="grow",
        )
        use = dom.create(
            "input", type="checkbox", role="switch", data_action="use-connection", autocomplete="off"
        )
        buttons = dom.create("span", class_="push")
        dot = dom.create("span", class_="dot", aria_hidden="true")
        problem = dom.create("div", class_="wide")
        return dom.create("li", dot, texts, use, buttons, problem, class_="connection", data_key=row.item.id)

    def _change(self, element: Element, row: Row) -> None:
        dot, texts, use, buttons, problem = element.children
        item, saved = row.item, row.item.saved
        name = saved.connection.name
        label, address, state, facts = texts.children
        dom.set_text(label, name)
        dom.set_text(address, saved.connection.base_url)
        dom.set_text(state, _state(row))
        dom.set_text(facts, ", ".join(_facts(item)))
        dot.dataset.state = "off" if not saved.is_enabled else item.health.value
        dom.set_attributes(element, data_off=not saved.is_enabled, aria_busy="true" if item.is_busy else None)
        dom.set_attributes(use, aria_label=t("connections.use_name", name=name))
        use.checked = saved.is_enabled
        wanted = f"{name} {row.is_managed} {row.is_first} {row.is_last}"
        if dom.attribute(buttons, "data-for") != wanted:
            dom.set_attributes(buttons, data_for=wanted)
            dom.replace_children(buttons, *_buttons(row, name))
        self._doctor.show(problem, item)

    def _on_use(self, key: str) -> None:
        item = self._store.state.connections.get(key)
        if item is not None:
            self._actions.enable(key, not item.saved.is_enabled)

    def _ask_delete(self, key: str) -> None:
        item = self._store.state.connections.get(key)
        if item is not None:
            self._confirmation.ask(
                t("connection.delete.title", name=item.saved.connection.name),
                t("connection.delete.text"),
                t("connection.delete.action"),
                lambda: self._actions.delete(key),
            )


def _buttons(row: Row, name: str) -> list[Element]:
    test = t("connections.test_name", name=name)
    change = t("connections.change_name", name=name)
    up = dom.button(t("connections.up_name", name=name), "connection-up", icon_name="chevron-up")
    down = dom.button(t("connections.down_name", name=name), "connection-down", icon_name="chevron-down")
    dom.set_attributes(up, aria_disabled="true" if row.is_first else None)
    dom.set_attributes(down, aria_disabled="true" if row.is_last else None)
    models = t("remote.manage_name", name=name)
    manage = dom.button(t("remote.manage"), "manage-models", class_="btn ghost small", aria_label=models)
    return [
        *([manage] if row.is_managed else []),
        dom.button(t("connections.test"), "test-connection", class_="btn ghost small", aria_label=test),
        dom.button(t("connections.change"), "edit-connection", class_="btn ghost small", aria_label=change),
        *([] if row.is_first and row.is_last else [up, down]),
        dom.button(t("connections.delete_name", name=name), "delete-connection", icon_name="trash-2"),
    ]


def _state(row: Row) -> str:
    """How it is, in words, with the number of its models."""
    item = row.item
    if not item.saved.is_enabled:
        return t("connections.off")
    if item.is_busy:
        return t("connections.looking")
    if row.lacks_key:
        return t("connections.no_key")
    health = t("connections.untested") if item.health.value == "unknown" else t(f"health.{item.health}")
    count = len(item.models)
    return f"{health}, {tn('connections.models', count)}" if count else health


def _facts(item: ConnectionState) -> list[str]:
    """What it was used for today, and what its API says is left."""
    facts: list[str] = []
    today, limits = item.today, item.limits
    if not today.is_empty:
        facts.append(tn("connections.today", today.requests))
    if today.tokens_in or today.tokens_out:
        sent, received = formats.count(today.tokens_in), formats.count(today.tokens_out)
        facts.append(t("connections.tokens", sent=sent, received=received))
    if today.spent is not None:
        facts.append(t("connections.spent", amount=f"{today.spent:.4g}"))
    requests = limits.requests if limits else None
    tokens = limits.tokens if limits else None
    if limits and requests and requests.remaining is not None and requests.limit is not None:
        key = "connections.left_day" if limits.period else "connections.left"
        facts.append(t(key, remaining=requests.remaining, limit=requests.limit))
    if tokens and tokens.remaining is not None and tokens.limit is not None:
        remaining, limit = formats.count(tokens.remaining), formats.count(tokens.limit)
        facts.append(t("connections.left_tokens", remaining=remaining, limit=limit))
    return facts
