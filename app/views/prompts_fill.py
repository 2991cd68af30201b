"""The dialog that asks for the variables of a prompt."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Event
from app.core.prompts import Prompt
from app.views.field import Field


class FillDialog:
    """One field a variable. Enter inserts, Shift+Enter starts a new line; what is left empty stays a variable."""

    def __init__(self) -> None:
        """Use the dialog of index.html."""
        self._dialog = dom.by_id("fill")
        self._fields: dict[str, Field] = {}
        self._left: dict[str, dict[str, str]] = {}
        self._prompt = Prompt("", "", "")
        self._then: Callable[[str], object] = lambda _: None
        form = self._dialog.querySelector("form")
        dom.on(form, "submit", self._on_submit)
        dom.on(form, "keydown", self._on_key)
        dom.on(self._dialog, "cancel", lambda _: self._leave())
        dom.on_action(self._dialog, {"close-fill": lambda _: self._dialog.close()})
        self._form = form

    def ask(self, prompt: Prompt, then: Callable[[str], object]) -> None:
        """Ask for what the prompt needs, and call `then` with the text; at once when it needs nothing."""
        if not prompt.variables:
            then(prompt.text)
            return
        self._prompt, self._then = prompt, then
        typed = self._left.pop(prompt.id, {})
        for field in self._fields.values():
            field.remove()
        self._fields = {
            name: Field(f"variable-{number}", name, tag="textarea", rows=1, dir="auto")
            for number, name in enumerate(prompt.variables)
        }
        for name, field in self._fields.items():
            field.input.value = typed.get(name, "")
        dom.by_id("fill-fields").append(*(field.element for field in self._fields.values()))
        dom.set_text(dom.by_id("fill-title"), f"/{prompt.name}")
        dom.set_text(dom.by_id("fill-text"), prompt.text)
        self._dialog.showModal()
        self._fields[prompt.variables[0]].focus()

    def _values(self) -> dict[str, str]:
        return {name: field.value for name, field in self._fields.items()}

    def _leave(self) -> None:
        """Escape may be a slip: what is typed is kept for the next time."""
        self._left[self._prompt.id] = self._values()

    def _on_key(self, event: Event) -> None:
        is_enter = event.key == "Enter" and not event.shiftKey and not event.isComposing
        if is_enter and dom.closest(event.target, "textarea") is not None:
            event.preventDefault()
            self._form.requestSubmit()

    def _on_submit(self, event: Event) -> None:
        event.preventDefault()
        self._dialog.close()
        self._then(self._prompt.fill(self._values()))
