"""The ledger as a table: every request that left the page, newest first."""

from __future__ import annotations

from datetime import datetime

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.ledger import Ledger, Line
from app.core.state import Place, State
from app.core.store import Store
from app.core.text import t, tn
from app.services.ports import Clock

PAGE = 50
"""Rows that are shown, and added by “Show more”."""


class LedgerTable:
    """Filled only while somebody looks at it."""

    def __init__(self, store: Store[State], clock: Clock) -> None:
        """Follow the ledger from now on."""
        self._store = store
        self._clock = clock
        self._shown = PAGE
        self._details = dom.by_id("ledger")
        self._table = self._details.querySelector("table")
        self._rows = dom.KeyedList[Line](dom.by_id("ledger-rows"), lambda line: line.id, _make, _change)
        dom.on(self._details, "toggle", lambda _: self._show(store.state.ledger))
        dom.on_action(self._details, {"ledger-more": lambda _: self._show_more()})
        store.subscribe(
            lambda state: state.ledger if state.place is Place.CONNECTIONS else None,
            lambda ledger: None if ledger is None else self._show(ledger),
        )

    def _show(self, ledger: Ledger) -> None:
        dom.set_text(dom.by_id("ledger-count"), tn("ledger.count", ledger.count) if ledger.count else "")
        if not self._details.open:
            return
        # What has no body and is not over yet is a look at an API's health, which is over in a moment.
        lines = [line for line in reversed(ledger.lines) if line.end or line.sent]
        self._rows.show(lines[: self._shown])
        dom.show(self._table, bool(lines))
        dom.show(dom.by_id("ledger-empty"), not lines)
        dom.show(dom.by_id("ledger-more"), len(lines) > self._shown)

    def _show_more(self) -> None:
        self._shown += PAGE
        self._show(self._store.state.ledger)


def _make(_line: Line) -> Element:
    classes = ("num", "", "hide-s", "what", "num hide-s", "num hide-s", "num")
    return dom.create("tr", *(dom.create("td", class_=name or None) for name in classes))


def _change(row: Element, line: Line) -> None:
    time = datetime.fromtimestamp(line.at).astimezone().strftime("%H:%M:%S")
    times = f" ({t('ledger.times', count=line.count)})" if line.count > 1 else ""
    texts = (
        time,
        line.host,
        line.connection,
        f"{line.method} {line.path}{times}",
        formats.size(line.sent),
        formats.size(line.received),
        _status(line),
    )
    for cell, text in zip(row.children, texts, strict=True):
        dom.set_text(cell, text)


def _status(line: Line) -> str:
    """The HTTP status, and how it ended where that says more."""
    if line.end == "done":
        return str(line.status)
    said = t(f"ledger.end.{line.end or 'running'}")
    return f"{line.status}, {said}" if line.status else said
