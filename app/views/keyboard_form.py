"""The settings of the keyboard."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.core.state import State
from app.core.store import Store
from app.core.text import t


class KeyboardForm:
    """Switches the shortcuts of a single key on and off."""

    def __init__(self, store: Store[State], set_single_keys: Callable[[bool], object]) -> None:
        """`set_single_keys` is told what the user chose."""
        self._single = dom.create(
            "input",
            type="checkbox",
            name="single-keys",
            autocomplete="off",
            aria_describedby="single-keys-help",
        )
        label = dom.create("label", self._single, dom.create("span", t("keyboard.single")), class_="check")
        note = dom.create("span", t("keyboard.single.help"), class_="help small quiet", id="single-keys-help")
        dom.by_id("settings-keyboard-fields").append(dom.create("div", label, note, class_="field"))
        dom.on(self._single, "change", lambda _: set_single_keys(bool(self._single.checked)))
        dom.on(dom.by_id("settings-keyboard"), "submit", lambda event: event.preventDefault())
        store.subscribe(lambda state: state.settings.single_keys, self._show)

    def _show(self, is_on: bool) -> None:
        self._single.checked = is_on
