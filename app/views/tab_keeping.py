"""Models on their way into this browser: one row each, with its progress, its end, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.state import State
from app.core.store import Store
from app.core.tab_models import Keeping
from app.core.text import t
from app.views.moving_row import make_moving_row, show_share
from app.views.problem import show_problem


class KeepingList:
    """Shows them; nothing when there are none."""

    def __init__(
        self,
        store: Store[State],
        resume: Callable[[str], object],
        stop: Callable[[str], object],
        delete: Callable[[str], object],
    ) -> None:
        """Each callable takes the id of a model."""
        self._list = dom.by_id("keeping")
        self._rows = dom.KeyedList[Keeping](self._list, lambda keeping: keeping.id, _make, _change)
        dom.on_action(self._list, {"resume-keeping": resume, "stop-keeping": stop, "drop-keeping": delete})
        store.subscribe(lambda state: state.tab_models.keeping, self._show)

    def _show(self, keeping: tuple[Keeping, ...]) -> None:
        dom.show(self._list, bool(keeping))
        self._rows.show(keeping)


def _make(keeping: Keeping) -> Element:
    name = keeping.id
    stop = dom.button(t("keep.stop", name=name), "stop-keeping", icon_name="x")
    resume = dom.button(t("keep.resume", name=name), "resume-keeping", icon_name="rotate-cw")
    delete = dom.button(t("models.delete", name=name), "drop-keeping", icon_name="trash-2")
    return make_moving_row(name, stop, resume, delete)


def _change(row: Element, keeping: Keeping) -> None:
    _, buttons, progress, state, _, problem = row.children
    stop, resume, delete = buttons.children
    dom.show(stop, keeping.is_moving)
    dom.show(resume, not keeping.is_moving)
    dom.show(delete, not keeping.is_moving)
    dom.show(progress, keeping.is_moving)
    show_share(progress, keeping.done, keeping.size)
    done, size = formats.size(keeping.done), formats.size(keeping.size) if keeping.size else "?"
    dom.set_text(state, t(f"keep.move.{keeping.move}", done=done, size=size))
    show_problem(problem, keeping.problem)
