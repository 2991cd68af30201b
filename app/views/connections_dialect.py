"""The part of a connection's form that is for custom ones: the dialect, the request that it makes, and its file."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.browser import dom
from app.browser.files import BrowserFile, chosen
from app.core.connections import Connection, read_base_url
from app.core.problems import BerthError, InvalidFile, InvalidInput, Problem
from app.core.text import t
from app.providers.custom import Custom, Reading
from app.providers.custom_dialect import OPTION, CustomDialect, unfit
from app.providers.custom_file import FORMAT, LENGTH, CustomFile
from app.providers.custom_preview import preview_text
from app.services.trials import Trial, question_of
from app.views.custom_fields import DialectFields
from app.views.custom_trial import TrialPane
from app.views.file_ways import FileWays
from app.views.problem import show_problem

MODEL: Final = "model"
"""The model of the preview when the dialect names none."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The rest of the form: what stands in it, and how a file fills it in."""

    name: Callable[[], str]
    address: Callable[[], str]
    has_key: Callable[[], bool]
    fill: Callable[[str, str], None]


class DialectPanel:
    """Shown for custom connections only; the options of the others pass through."""

    def __init__(
        self, form: Surroundings, files: FileWays, start: Callable[[Coroutine[Any, Any, None]], object]
    ) -> None:
        """Hidden. `start` runs what takes time."""
        self._form = form
        self._files = files
        self._fields = DialectFields()
        self._trial = TrialPane()
        self._message = dom.create("div")
        self._file = dom.create(
            "input", type="file", accept=".json,application/json", aria_label=t("dialect.import.label")
        )
        take = dom.create(
            "label", dom.create("span", t("dialect.import")), self._file, class_="btn small file"
        )
        give = dom.button(t("dialect.export"), "export-dialect", class_="btn small")
        about = dom.create("p", t("dialect.file.help"), class_="small quiet")
        bar = dom.create("div", take, give, about, class_="row dialect-file")
        left = dom.create("div", bar, self._message, *self._fields.elements, class_="dialect-fields")
        self.element = dom.create("div", left, self._trial.element, class_="dialect")
        self._options: Mapping[str, Any] = {}
        self.is_shown = False
        dom.on_action(self.element, {"export-dialect": lambda _: self._export()})
        dom.on(self._file, "change", lambda _: start(self._import(chosen(self._file))))

    def show(self, provider: str, options: Mapping[str, Any]) -> None:
        """Show the dialect in `options`; the usual one where there is none."""
        self._options = options
        self.is_shown = provider == Custom.id
        dom.show(self.element, self.is_shown)
        if self.is_shown:
            record = options.get(OPTION)
            self._trial.begin()
            self._fill(CustomDialect() if record is None else CustomDialect.from_record(record))

    def read(self) -> Mapping[str, Any]:
        """The options for the connection.

        Raises:
            InvalidInput: the dialect cannot be used; what is wrong is marked and focused.
        """
        if not self.is_shown:
            return self._options
        return {**self._options, OPTION: self._fields.read().to_record()}

    def follow(self) -> None:
        """Show the request that what is typed now would send."""
        if not self.is_shown:
            return
        try:
            self._trial.show_request(preview_text(self._preview()))
        except InvalidInput as error:
            self._trial.show_problem(error.problem)

    async def try_out(self, ask: Callable[[str, str], Coroutine[Any, Any, Trial]]) -> None:
        """Ask with `ask(model, question)`, and show what came."""
        dialect = self._fields.typed()
        self._trial.wait()
        try:
            trial = await ask(self._model(dialect), self._trial.question)
        except BerthError as error:
            trial = Trial(0, "", Reading("", problem=error.problem))
        self._trial.show(trial)

    def _fill(self, dialect: CustomDialect) -> None:
        self._fields.show(dialect)
        dom.replace_children(self._message)
        self.follow()

    def _preview(self) -> Any:
        dialect = self._fields.typed()
        address = self._form.address()
        if not address:
            raise InvalidInput(Problem.of("connection.no_address"))
        connection = Connection("preview", Custom.id, self._form.name(), read_base_url(address))
        build = Custom(dialect).preview if self._form.has_key() else Custom(dialect).chat_request
        return build(connection, self._model(dialect), question_of(self._trial.question), {})

    def _model(self, dialect: CustomDialect) -> str:
        return self._trial.model(next(iter(dialect.known_models), MODEL))

    def _export(self) -> None:
        try:
            dialect = self._fields.read()
            address = self._form.address()
            file = CustomFile(dialect, self._form.name(), read_base_url(address) if address else "")
        except InvalidInput as error:
            show_problem(self._message, error.problem)
            return
        dom.replace_children(self._message)
        sink = self._files.sink()
        sink.write(file.to_json())
        sink.save(file.file_name)

    async def _import(self, files: list[BrowserFile]) -> None:
        for one in files:
            try:
                file = CustomFile.from_json(await self._text(one))
            except (InvalidInput, InvalidFile) as error:
                show_problem(self._message, error.problem)
                return
            self._form.fill(file.name, file.base_url)
            self._fill(file.dialect)

    async def _text(self, file: BrowserFile) -> str:
        if file.size > 4 * LENGTH:  # no character takes more bytes
            raise unfit(FORMAT)
        return "".join([text async for text, _ in self._files.read(file).texts()])
