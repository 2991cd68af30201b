"""The connection doctor: what is wrong with a connection, and the remedy for whichever server it is."""

from __future__ import annotations

from dataclasses import replace

from app.browser import dom
from app.browser.dom import Element, Event
from app.core.connection_states import ConnectionState
from app.core.local_api import Health
from app.core.problems import Problem
from app.core.text import t
from app.providers.cors_fixes import CORS_FIXES
from app.views.problem import problem_box


class Doctor:
    """Shows problems. Where only the user knows which server it is, the user chooses, and the remedy follows."""

    def __init__(self, origin: str) -> None:
        """`origin` is this page's own, which servers have to allow."""
        self._fixes = {fix.id: fix.text(origin) for fix in CORS_FIXES}
        dom.on(dom.by_id("place-connections"), "change", self._on_change)

    def show(self, container: Element, item: ConnectionState) -> None:
        """Show what is wrong with a connection, or nothing."""
        problem = item.problem if item.saved.is_enabled else None
        if problem is None:
            dom.replace_children(container)
            return
        if item.health is not Health.CORS:
            dom.replace_children(container, problem_box(problem))
            return
        chosen = item.saved.preset if item.saved.preset in self._fixes else ""
        shown = replace(problem, snippet=self._fixes.get(chosen, problem.snippet))
        box = problem_box(shown)
        box.querySelector(".snippet").before(self._choice(chosen, problem))
        dom.replace_children(container, box)

    def _choice(self, chosen: str, problem: Problem) -> Element:
        select = dom.create("select", data_other=problem.snippet, autocomplete="off")
        select.append(dom.create("option", t("doctor.any"), value=""))
        select.append(*(dom.create("option", fix.name, value=fix.id) for fix in CORS_FIXES))
        select.value = chosen
        return dom.create(
            "label", dom.create("span", t("doctor.server"), class_="small"), select, class_="doctor"
        )

    def _on_change(self, event: Event) -> None:
        if dom.closest(event.target, ".doctor") is None:
            return
        box = dom.closest(event.target, ".problem")
        code = None if box is None else box.querySelector(".snippet code")
        if code is not None and not dom.is_missing(code):
            fix = self._fixes.get(str(event.target.value))
            dom.set_text(code, fix or dom.attribute(event.target, "data-other"))
