"""The line under the composer: where a message goes, and what its reader knows of the conversation."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.browser import dom
from app.core.connections import Connection, ModelRef
from app.core.state import State
from app.core.store import Store
from app.core.text import t


class Destination:
    """Names the one host that a message is sent to."""

    def __init__(self, store: Store[State]) -> None:
        """Follow the choice of the model."""
        self._foot = dom.by_id("foot")
        store.subscribe(lambda state: (state.settings.model, state.local_api.connection), self._show)

    def _show(self, target: tuple[ModelRef | None, Connection]) -> None:
        model, connection = target
        if model is None:
            dom.set_text(self._foot, t("chat.destination.none"))
            return
        host = urlsplit(connection.base_url).netloc
        dom.set_text(self._foot, f"{t('chat.destination', host=host)} {t('chat.stateless')}")
