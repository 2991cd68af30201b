"""The dialog in which a connection is added or edited."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from app.browser import dom
from app.browser.dom import Event
from app.core.connection_states import ConnectionState
from app.core.connections import read_base_url
from app.core.local_api import Health
from app.core.problems import BerthError, InvalidInput, Problem
from app.core.saved_connections import Limits, SavedConnection
from app.core.text import t, tn
from app.core.typed_connection import TypedConnection, free_name
from app.providers.presets import PRESETS, KeyNeed, PageAccess, Preset, preset
from app.services.examiner import Examined
from app.services.trials import Trial
from app.views.connections_dialect import DialectPanel, Surroundings
from app.views.connections_key import KeyField
from app.views.connections_limits import LimitFields
from app.views.connections_models import ModelFactsEditor
from app.views.connections_services import service_groups
from app.views.field import Field
from app.views.file_ways import FileWays
from app.views.problem import show_problem

Start = Callable[[Coroutine[Any, Any, None]], object]


class FormActions(Protocol):
    """What the form is for."""

    async def save(self, typed: TypedConnection, connection_id: str = "") -> None:
        """Keep it."""
        ...

    async def test(self, typed: TypedConnection, connection_id: str = "") -> Examined:
        """Try it."""
        ...

    async def try_out(self, typed: TypedConnection, connection_id: str, model: str, question: str) -> Trial:
        """Ask it a question."""
        ...


class ConnectionForm:
    """One dialog for all connections. What is typed as a key leaves the document when it closes."""

    def __init__(
        self, actions: FormActions, start: Start, taken: Callable[[], frozenset[str]], files: FileWays
    ) -> None:
        """`start` runs what takes time; `taken` are the names that connections have already."""
        self._files = files
        self._actions = actions
        self._start = start
        self._taken = taken
        self._item: ConnectionState | None = None
        self._preset = PRESETS[0]
        self._attempt = 0
        self._dialog = dom.by_id("connection")
        self._result = dom.by_id("connection-result")
        self._make_fields()
        dom.on(self._dialog.querySelector("form"), "submit", self._on_submit)
        dom.on(self._dialog, "close", lambda _: self._leave())
        dom.on_action(
            self._dialog,
            {"test-typed": self._test, "close-connection": lambda _: self._dialog.close()},
        )

    def add(self) -> None:
        """Open it for a new connection."""
        self._open(None, PRESETS[0])

    def edit(self, item: ConnectionState) -> None:
        """Open it with a connection in it."""
        connection = item.saved.connection
        known = preset(item.saved.preset)
        if known is None or known.provider != connection.provider:
            name, access = connection.name, PageAccess.UNCERTAIN
            known = Preset("", name, connection.provider, "", KeyNeed.OPTIONAL, access)
        self._open(item, known)

    def _make_fields(self) -> None:
        self._service = Field("connection-service", t("connection.service"), tag="select")
        self._service.input.append(*service_groups())
        self._note = dom.create("p", class_="note small quiet")
        self._command = dom.create("div", class_="snippet")
        label = dom.create("p", t("connection.start"), class_="note small quiet")
        self._start_it = dom.create("div", label, self._command)
        self._name = Field("connection-name", t("connection.name"))
        self._base_url = Field("connection-base-url", t("connection.base_url"), inputmode="url")
        self._key = KeyField()
        form = Surroundings(self._typed_name, self._address, lambda: self._key.is_there, self._fill_in)
        self._dialect = DialectPanel(form, self._files, self._start)
        self._limits = LimitFields()
        self._facts = ModelFactsEditor()
        dom.by_id("connection-fields").append(
            self._service.element,
            self._note,
            self._start_it,
            self._name.element,
            self._base_url.element,
            *self._key.elements,
            self._dialect.element,
            self._facts.element,
            self._limits.element,
        )
        dom.on(self._service.input, "change", lambda _: self._on_service())
        dom.on(self._base_url.input, "input", lambda _: self._key.follow(self._preset, self._address()))
        dom.on(self._dialog, "input", lambda _: self._dialect.follow())

    def _open(self, item: ConnectionState | None, chosen: Preset) -> None:
        self._item = item
        title = "connection.title.add" if item is None else "connection.title.edit"
        dom.set_text(dom.by_id("connection-title"), t(title))
        dom.show(self._service.element, item is None)
        saved = None if item is None else item.saved
        self._service.input.value = chosen.id
        self._limits.show(saved.limits if saved else Limits())
        self._facts.show(saved.facts if saved else ())
        self._key.begin(saved)
        self._take_preset(chosen, saved)
        self._dialog.showModal()
        (self._service if item is None else self._name).focus()

    def _on_service(self) -> None:
        chosen = preset(self._service.value)
        if chosen is not None:
            self._take_preset(chosen, None)

    def _take_preset(self, chosen: Preset, saved: SavedConnection | None) -> None:
        self._preset = chosen
        connection = saved and saved.connection
        self._name.input.value = connection.name if connection else free_name(chosen.name, self._taken())
        self._base_url.input.value = connection.base_url if connection else chosen.base_url
        for field in (self._name, self._base_url):
            field.mark(None)
        access = chosen.access.text if saved is None else ""
        dom.set_text(self._note, " ".join(filter(None, (access, chosen.note))))
        command = chosen.start_command
        copy = dom.button(t("problem.copy"), "copy-snippet", class_="btn ghost small")
        dom.replace_children(self._command, dom.create("code", command), copy)
        dom.show(self._start_it, bool(command))
        help_key = "connection.base_url.known" if chosen.base_url else "connection.base_url.help"
        self._base_url.set_help(t(help_key))
        self._key.follow(chosen, self._address())
        self._dialect.show(chosen.provider, connection.options if connection else {})
        self._say_nothing()

    def _fill_in(self, name: str, address: str) -> None:
        """Take the name and the address from a file, where it has them."""
        if name:
            self._name.input.value = free_name(name, self._taken()) if self._item is None else name
        self._base_url.input.value = address or self._base_url.value
        self._key.follow(self._preset, self._address())

    def _typed_name(self) -> str:
        return self._name.value.strip()

    def _address(self) -> str:
        return self._base_url.value.strip() or self._preset.base_url

    def _read(self) -> TypedConnection:
        """What is typed.

        Raises:
            InvalidInput: something cannot be used; it is marked and focused.
        """
        self._check(self._name, self._typed_name(), Problem.of("connection.no_name"))
        address = self._address()
        self._check(self._base_url, address, Problem.of("connection.no_address"))
        try:
            read_base_url(address)
        except InvalidInput as error:
            self._check(self._base_url, "", replace(error.problem, fix=t("connection.address_hint")))
        return TypedConnection(
            self._preset.provider,
            self._name.value,
            address,
            self._key.value,
            self._key.is_dropped,
            self._preset.id,
            self._limits.read(),
            self._facts.read(),
            self._dialect.read(),
        )

    def _check(self, field: Field, text: str, problem: Problem) -> None:
        field.mark(None if text else problem)
        if not text:
            field.focus()
            raise InvalidInput(problem)

    def _on_submit(self, event: Event) -> None:
        event.preventDefault()
        self._begin(self._save)

    def _test(self, _key: str) -> None:
        self._begin(self._try_out if self._dialect.is_shown else self._try)

    def _begin(self, run: Callable[[TypedConnection, str], Coroutine[Any, Any, None]]) -> None:
        try:
            typed = self._read()
        except InvalidInput:
            return  # it is said at the field
        self._start(run(typed, self._item.id if self._item else ""))

    async def _save(self, typed: TypedConnection, connection_id: str) -> None:
        try:
            await self._actions.save(typed, connection_id)
        except BerthError as error:
            show_problem(self._result, error.problem)
        else:
            self._dialog.close()

    async def _try(self, typed: TypedConnection, connection_id: str) -> None:
        self._attempt += 1
        attempt = self._attempt
        self._say(t("connection.testing"))
        try:
            examined = await self._actions.test(typed, connection_id)
        except BerthError as error:
            examined = Examined(Health.UNKNOWN, error.problem)
        if attempt != self._attempt:
            return  # the form is about something else by now
        if examined.problem is not None:
            show_problem(self._result, examined.problem)
        elif examined.models is None:
            self._say(t("connection.tested", name=typed.name))
        else:
            self._say(tn("connection.tested_models", len(examined.models), name=typed.name))

    async def _try_out(self, typed: TypedConnection, connection_id: str) -> None:
        await self._dialect.try_out(partial(self._actions.try_out, typed, connection_id))

    def _say(self, text: str) -> None:
        dom.replace_children(self._result, dom.create("p", text, class_="small", role="status"))

    def _say_nothing(self) -> None:
        self._attempt += 1
        dom.replace_children(self._result)

    def _leave(self) -> None:
        self._key.clear()
        self._item = None
        self._say_nothing()
