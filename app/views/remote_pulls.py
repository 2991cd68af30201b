"""Downloads of models to a server: one row each, with its progress, its end, and what can be done about it."""

from __future__ import annotations

from app.browser import dom
from app.browser.dom import Element
from app.core import formats
from app.core.remote_models import Pull
from app.core.text import t
from app.views.moving_row import make_moving_row, show_share
from app.views.problem import show_problem


def make(pull: Pull) -> Element:
    """The row of a download."""
    name = pull.model
    again = dom.button(t("remote.pull.again", name=name), "pull-again", icon_name="rotate-cw")
    leave = dom.button(t("remote.pull.leave", name=name), "leave-pull", icon_name="x")
    return make_moving_row(name, again, leave)


def change(row: Element, pull: Pull) -> None:
    """Bring it up to date."""
    _, buttons, bar, state, _, problem = row.children
    progress, is_coming = pull.progress, pull.problem is None
    again, leave = buttons.children
    dom.show(again, not is_coming)
    label = t("remote.pull.leave" if is_coming else "remote.pull.forget", name=pull.model)
    dom.set_attributes(leave, aria_label=label, title=label)
    dom.show(bar, is_coming)
    show_share(bar, progress.received, progress.total)
    if progress.total:
        received, total = formats.size(progress.received), formats.size(progress.total)
        dom.set_text(state, t("remote.pull.progress", received=received, total=total))
    else:
        dom.set_text(state, progress.status or (t("remote.pull.asked") if is_coming else ""))
    show_problem(problem, pull.problem)
