"""Messages that wait before they are sent: above the composer, with a countdown. Stop ends the wait."""

from __future__ import annotations

from app.browser import dom
from app.browser.dom import Element
from app.core.connection_states import Wait
from app.core.state import State
from app.core.store import Store
from app.core.text import t, tn


class WaitNotes:
    """One line for each message that waits."""

    def __init__(self, store: Store[State]) -> None:
        """Show them from now on."""
        self._rows = dom.KeyedList[Wait](dom.by_id("waits"), lambda wait: wait.id, _make, _change)
        store.subscribe(lambda state: state.connections.waits, self._rows.show)


def _make(wait: Wait) -> Element:
    said = dom.create("span", _text(wait), class_="unseen", role="status")
    return dom.create("p", dom.create("span", aria_hidden="true"), said, class_="wait small")


def _change(row: Element, wait: Wait) -> None:
    """Only the sight of it changes every second: a screen reader is told once."""
    dom.set_text(row.firstChild, _text(wait))


def _text(wait: Wait) -> str:
    if wait.seconds is None:
        return t("wait.turn", name=wait.name)
    return tn("wait.retry", wait.seconds, name=wait.name)
