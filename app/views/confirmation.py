"""The dialog that asks before something is done that cannot be undone."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Event


class Confirmation:
    """Asks one question at a time; Escape and Cancel mean no."""

    def __init__(self) -> None:
        """Use the dialog of index.html."""
        self._dialog = dom.by_id("confirm")
        self._then: Callable[[], object] | None = None
        dom.on(self._dialog, "close", self._on_close)

    def ask(self, title: str, text: str, action: str, then: Callable[[], object]) -> None:
        """Ask, and call `then` when the user presses the button `action`."""
        dom.set_text(dom.by_id("confirm-title"), title)
        dom.set_text(dom.by_id("confirm-text"), text)
        dom.set_text(dom.by_id("confirm-ok"), action)
        self._then = then
        self._dialog.returnValue = ""
        self._dialog.showModal()

    def _on_close(self, _event: Event) -> None:
        then, self._then = self._then, None
        if then is not None and self._dialog.returnValue == "ok":
            then()
