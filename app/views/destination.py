"""The line under the composer: where a message goes, and what its reader knows of the conversation."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from app.browser import dom
from app.core.connections import Connection, ModelRef
from app.core.problems import InvalidInput
from app.core.state import State
from app.core.store import Store
from app.core.tab_models import TAB_ID
from app.core.text import t
from app.providers.base import Provider


class Destination:
    """Names the one host that a message is sent to."""

    def __init__(self, store: Store[State], find: Callable[[ModelRef], tuple[Connection, Provider]]) -> None:
        """Follow the choice of the model; `find` raises InvalidInput when its connection is gone."""
        self._foot = dom.by_id("foot")
        self._find = find
        store.subscribe(
            lambda state: (state.settings.model, state.local_api.connection, state.connections.items),
            lambda target: self._show(target[0]),
        )

    def _show(self, model: ModelRef | None) -> None:
        try:
            found = None if model is None else self._find(model)
        except InvalidInput:
            found = None
        if found is None:
            dom.set_text(self._foot, t("chat.destination.none"))
            return
        connection, provider = found
        if connection.id == TAB_ID:
            dom.set_text(self._foot, t("tab.destination"))
            return
        parts = [t("chat.destination", host=urlsplit(connection.base_url).netloc)]
        if not provider.reads_history:
            parts.append(t("chat.stateless"))
        dom.set_text(self._foot, " ".join(parts))
