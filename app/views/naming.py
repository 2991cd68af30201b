"""The dialog that asks for a name."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from app.browser import dom
from app.browser.dom import Event
from app.core.problems import BerthError
from app.core.text import t
from app.views.field import Field

Keep = Callable[[str], Coroutine[Any, Any, None]]


class NameDialog:
    """Closes when the name was taken; says so when it was not."""

    def __init__(self, start: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        """`start` runs what takes time."""
        self._start = start
        self._keep: Keep | None = None
        self._dialog = dom.by_id("naming")
        self._field = Field("naming-name", t("naming.name"), dir="auto")
        dom.by_id("naming-fields").append(self._field.element)
        dom.on(self._dialog.querySelector("form"), "submit", self._on_submit)
        dom.on_action(self._dialog, {"close-naming": lambda _: self._dialog.close()})

    def ask(self, title: str, name: str, keep: Keep) -> None:
        """Ask, with `name` to begin with; `keep` takes what was typed, or raises BerthError."""
        self._keep = keep
        dom.set_text(dom.by_id("naming-title"), title)
        self._field.input.value = name
        self._field.mark(None)
        self._dialog.showModal()
        self._field.input.select()

    def _on_submit(self, event: Event) -> None:
        event.preventDefault()
        if self._keep is not None:
            self._start(self._try(self._keep))

    async def _try(self, keep: Keep) -> None:
        try:
            await keep(self._field.value.strip())
        except BerthError as error:
            self._field.mark(error.problem)
            self._field.focus()
        else:
            self._dialog.close()
