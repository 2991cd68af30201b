"""The connections: where each leads, whether it answers, and why not."""

from __future__ import annotations

from app.browser import dom
from app.core.local_api import LocalApi
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.views.problem import show_problem


class ConnectionList:
    """Shows the local API, which is always there."""

    def __init__(self, store: Store[State]) -> None:
        """Show it from now on."""
        self._dot = dom.create("span", class_="dot", aria_hidden="true")
        self._address = dom.create("span", class_="quiet small")
        self._health = dom.create("span", class_="quiet small")
        self._problem = dom.create("div", class_="wide")
        name = dom.create("strong", t("shell.local_api"))
        buttons = dom.create(
            "span",
            dom.button(t("connections.test"), "look-now", class_="btn ghost small"),
            dom.create("a", t("connections.edit"), class_="btn ghost small", href="#/settings"),
            class_="push",
        )
        texts = dom.create("div", name, self._address, self._health, class_="grow")
        row = dom.create("li", self._dot, texts, buttons, self._problem, class_="connection")
        dom.by_id("connections").append(row)
        store.subscribe(lambda state: state.local_api, self._show)

    def _show(self, api: LocalApi) -> None:
        self._dot.dataset.state = api.health.value
        dom.set_text(self._address, api.connection.base_url)
        dom.set_text(self._health, t(f"health.{api.health}"))
        show_problem(self._problem, api.problem)
