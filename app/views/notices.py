"""Notices: news that goes by itself, and problems that wait for the user."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Element
from app.core.notices import Notice
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.views.problem import problem_box


class NoticeList:
    """Shows the notices over the page's lower corner."""

    def __init__(self, store: Store[State], dismiss: Callable[[int], None]) -> None:
        """`dismiss` takes a notice away."""
        container = dom.by_id("notices")
        self._rows = dom.KeyedList[Notice](
            container, lambda notice: notice.id, self._make, lambda _row, _item: None
        )
        self._store = store
        self._dismiss = dismiss
        dom.on_action(container, {"dismiss": lambda key: dismiss(int(key)), "undo": self._undo})
        store.subscribe(lambda state: state.notices.items, self._rows.show)

    def _undo(self, key: str) -> None:
        notices = {notice.id: notice for notice in self._store.state.notices.items}
        self._dismiss(int(key))
        undo = notices[int(key)].undo
        if undo is not None:
            undo.run()

    def _make(self, notice: Notice) -> Element:
        undo = [] if notice.undo is None else [dom.button(notice.undo.label, "undo")]
        close = dom.button(t("notice.dismiss"), "dismiss", icon_name="x")
        if notice.problem is None:
            box = dom.create("div", dom.create("p", notice.text), *undo, class_="problem news", role="status")
        else:
            box = problem_box(notice.problem)
        box.append(close)
        dom.set_attributes(box, data_key=notice.id)
        return box
