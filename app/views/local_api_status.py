"""The state of the local API, in the bar of every place."""

from __future__ import annotations

from app.browser import dom
from app.core.local_api import Health
from app.core.state import State
from app.core.store import Store
from app.core.text import t


class LocalApiStatus:
    """Says at a glance whether the local API answers."""

    def __init__(self, store: Store[State]) -> None:
        """Show the state from now on."""
        self._chip = dom.by_id("local-api")
        self._text = dom.by_id("local-api-text")
        store.subscribe(lambda state: state.local_api.health, self._show)

    def _show(self, health: Health) -> None:
        self._chip.dataset.state = health.value
        dom.set_text(self._text, t(f"health.{health}"))
