"""The generation settings of the conversation: its system prompt, and the parameters that its model's API takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.browser import dom
from app.core import formats
from app.core.conversations import Conversation
from app.core.parameters import Parameter
from app.core.problems import InvalidInput
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.providers.base import Provider
from app.views.field import Field


class ParametersPanel:
    """A drawer beside the conversation. Empty fields are left out of requests and show the server's default."""

    def __init__(
        self,
        store: Store[State],
        provider: Callable[[State], Provider],
        keep: Callable[[str, str, str], None],
        keep_system: Callable[[str], None],
    ) -> None:
        """`provider` is that of the chosen model; `keep(provider id, name, text)` remembers what is typed."""
        self._store = store
        self._keep = keep
        self._panel = dom.by_id("parameters")
        self._toggle = dom.by_id("parameters-toggle")
        self._container = dom.by_id("parameters-fields")
        self._presets = dom.by_id("presets")
        self._system = Field("system-prompt", t("chat.system"), t("chat.system.help"), tag="textarea", rows=4)
        self._system.on_change(keep_system)
        self._provider = provider(store.state)
        self._parameters: Mapping[str, Parameter] = {}
        self._fields: dict[str, Field] = {}
        store.subscribe(provider, self._build)
        store.subscribe(lambda state: state.conversation, self._fill)

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
        marked = next((field for field in self._fields.values() if field.is_marked), None)
        if marked is not None:
            marked.focus()

    def _build(self, provider: Provider) -> None:
        self._provider = provider
        self._parameters = {parameter.name: parameter for parameter in provider.parameters}
        for field in self._fields.values():
            field.remove()
        self._fields = {name: _field(parameter) for name, parameter in self._parameters.items()}
        for name, field in self._fields.items():
            field.on_change(lambda text, name=name: self._on_change(name, text))  # type: ignore[misc]
        legend = self._container.firstElementChild
        rows = (field.element for field in self._fields.values())
        dom.replace_children(self._container, legend, self._presets, self._system.element, *rows)
        dom.show(self._system.element, provider.reads_history)
        self._fill(self._store.state.conversation)

    def _fill(self, conversation: Conversation) -> None:
        self._system.set_value(conversation.system)
        typed = conversation.typed.get(self._provider.id, {})
        for name, field in self._fields.items():
            field.set_value(typed.get(name, ""))
            self._check(name)

    def _on_change(self, name: str, text: str) -> None:
        self._keep(self._provider.id, name, text)
        self._check(name)

    def _check(self, name: str) -> None:
        field = self._fields[name]
        try:
            self._parameters[name].read(field.value)
        except InvalidInput as error:
            field.mark(error.problem)
        else:
            field.mark(None)


def _field(parameter: Parameter) -> Field:
    name = f"parameter-{parameter.name}"
    if parameter.kind == "json":
        return Field(
            name, parameter.label, parameter.help, tag="textarea", rows=3, class_="code", spellcheck="false"
        )
    if parameter.kind in {"text", "list"}:
        return Field(name, parameter.label, parameter.help, tag="textarea", rows=3)
    default = (
        "" if parameter.default is None else t("parameter.default", value=formats.number(parameter.default))
    )
    # Not type="number": browsers hide from the page what was typed when it is no number, and it could not be explained.
    return Field(name, parameter.label, parameter.help, placeholder=default, inputmode="decimal")
