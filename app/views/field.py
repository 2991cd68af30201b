"""One labelled field of a form, with its help and its error."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Attribute
from app.core.problems import Problem


class Field:
    """A label with an input (or a text area) inside, a sentence of help, and room for an error."""

    def __init__(
        self, name: str, label: str, help_text: str = "", tag: str = "input", **attributes: Attribute
    ) -> None:
        """`name` becomes the input's name; `attributes` are those of the input."""
        help_id, error_id = f"{name}-help", f"{name}-error"
        described = f"{help_id} {error_id}"
        self._listeners = dom.Scope()
        self.input = dom.create(tag, name=name, aria_describedby=described, autocomplete="off", **attributes)
        self._error = dom.create("span", class_="error small", id=error_id)
        # Help and error stand outside the label: inside it they would become a part of the field's name.
        self._label = dom.create("label", dom.create("span", label, class_="label"), self.input)
        self._help = dom.create("span", help_text, class_="help small quiet", id=help_id)
        self.element = dom.create("div", self._label, self._help, self._error)
        dom.set_attributes(self.element, class_="field")

    @property
    def value(self) -> str:
        """What stands in the field."""
        return str(self.input.value)

    def set_value(self, text: str) -> None:
        """Write into the field, unless the user is in it."""
        if self.input.value != text and not dom.has_focus(self.input):
            self.input.value = text

    def set_help(self, text: str) -> None:
        """Say something else below the field."""
        dom.set_text(self._help, text)

    def on_change(self, run: Callable[[str], object]) -> None:
        """Call `run(text)` when the user has changed the text and left the field or pressed Enter."""
        self._listeners.on(self.input, "change", lambda _: run(self.value))

    def remove(self) -> None:
        """Take the field out of the page for good."""
        self._listeners.close()
        self.element.remove()

    def mark(self, problem: Problem | None) -> None:
        """Show what is wrong with the text, or that nothing is."""
        dom.set_attributes(self.element, data_invalid=problem is not None)
        dom.set_attributes(self.input, aria_invalid="true" if problem else None)
        dom.set_text(self._error, str(problem) if problem else "")

    @property
    def is_marked(self) -> bool:
        """Whether the text is marked as wrong."""
        return bool(self._error.textContent)

    def focus(self) -> None:
        """Put the cursor into the field."""
        self.input.focus()


def passphrase_field(name: str, label: str, autocomplete: str, help_text: str = "") -> Field:
    """A field that does not show what is typed; `autocomplete` tells password managers what it is for."""
    field = Field(name, label, help_text, type="password")
    dom.set_attributes(field.input, autocomplete=autocomplete)
    return field
