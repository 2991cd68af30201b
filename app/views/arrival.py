"""Arriving at a place: the focus goes to where it begins, and what waited for the place is done."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom, focus
from app.core.state import Place, State
from app.core.store import Store


class Arrival:
    """Follows the place that is shown. Build it after the navigation, which shows the place before this runs."""

    def __init__(self, store: Store[State], go: Callable[[Place], None]) -> None:
        """`go` begins to go to a place."""
        self._store = store
        self._go = go
        self._then: Callable[[], object] | None = None
        self._place = store.state.place
        store.subscribe(lambda state: state.place, self._arrive)

    def go(self, place: Place, then: Callable[[], object] | None = None) -> None:
        """Go to a place, or stay; run `then` when it is shown."""
        self._then = then
        if self._store.state.place is place:
            self._run()
        else:
            self._go(place)

    def _arrive(self, place: Place) -> None:
        if place is self._place:
            return
        self._place = place
        if not dom.query_all("dialog[open]") and not dom.has_focus_within(dom.by_id(f"place-{place}")):
            focus.focus_home()
        self._run()

    def _run(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
