"""The generation settings: one labelled field for each parameter that the chosen model's provider takes."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.core.parameters import Parameter
from app.core.problems import InvalidInput
from app.core.text import t
from app.views.field import Field


class ParametersPanel:
    """A drawer beside the conversation. Empty fields are left out of requests and show the server's default."""

    def __init__(
        self, parameters: tuple[Parameter, ...], typed: Callable[[str], str], keep: Callable[[str, str], None]
    ) -> None:
        """`typed(name)` is what the user typed before, `keep(name, text)` remembers it."""
        self._panel = dom.by_id("parameters")
        self._toggle = dom.by_id("parameters-toggle")
        self._keep = keep
        self._fields = {parameter.name: _field(parameter) for parameter in parameters}
        container = dom.by_id("parameters-fields")
        for parameter in parameters:
            field = self._fields[parameter.name]
            field.set_value(typed(parameter.name))
            self._check(parameter)
            field.on_change(lambda text, parameter=parameter: self._on_change(parameter, text))  # type: ignore[misc]
            container.append(field.element)

    def toggle(self) -> None:
        """Open the drawer when it is closed, and the other way round; the focus stays with what is visible."""
        self.show(bool(self._panel.hidden))
        if self._panel.hidden:
            self._toggle.focus()

    def show(self, is_shown: bool) -> None:
        """Open or close the drawer."""
        dom.show(self._panel, is_shown)
        dom.set_attributes(self._toggle, aria_expanded=str(is_shown).lower())

    def show_invalid(self) -> None:
        """Open the drawer at the first field whose text cannot be read."""
        self.show(True)
        for field in self._fields.values():
            if field.is_marked:
                field.focus()
                return

    def _on_change(self, parameter: Parameter, text: str) -> None:
        self._keep(parameter.name, text)
        self._check(parameter)

    def _check(self, parameter: Parameter) -> None:
        field = self._fields[parameter.name]
        try:
            parameter.read(field.value)
        except InvalidInput as error:
            field.mark(error.problem)
        else:
            field.mark(None)


def _field(parameter: Parameter) -> Field:
    name = f"parameter-{parameter.name}"
    if parameter.kind == "text":
        return Field(name, parameter.label, parameter.help, tag="textarea", rows=3)
    default = "" if parameter.default is None else t("parameter.default", value=f"{parameter.default:g}")
    # Not type="number": browsers hide what was typed from the page when it is no number, and it could not be explained.
    return Field(name, parameter.label, parameter.help, placeholder=default, inputmode="decimal")
