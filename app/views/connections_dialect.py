"""The dialect of a custom connection in its form: a definition in JSON, which is also what is passed on to others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.browser import dom
from app.core.problems import InvalidInput
from app.core.text import t
from app.providers.custom import Custom
from app.providers.custom_dialect import OPTION, CustomDialect
from app.providers.custom_file import CustomFile
from app.views.field import Field


class DialectField:
    """Shown for custom connections only; the options of the others pass through."""

    def __init__(self) -> None:
        """Hidden."""
        self._field = Field(
            "connection-dialect",
            t("connection.dialect"),
            t("connection.dialect.help"),
            tag="textarea",
            rows=12,
            spellcheck="false",
            class_="code",
        )
        self.element = self._field.element
        self._options: Mapping[str, Any] = {}
        self._is_custom = False

    def show(self, provider: str, options: Mapping[str, Any]) -> None:
        """Show the definition in `options`; the usual one where there is none."""
        self._options = options
        self._is_custom = provider == Custom.id
        dom.show(self.element, self._is_custom)
        self._field.mark(None)
        if self._is_custom:
            record = options.get(OPTION)
            dialect = CustomDialect() if record is None else CustomDialect.from_record(record)
            self._field.input.value = CustomFile(dialect).to_json()

    def read(self) -> Mapping[str, Any]:
        """The options for the connection.

        Raises:
            InvalidInput: the definition cannot be used; it is marked and focused.
        """
        if not self._is_custom:
            return self._options
        self._field.mark(None)
        try:
            dialect = CustomFile.from_json(self._field.value).dialect
        except InvalidInput as error:
            self._field.mark(error.problem)
            self._field.focus()
            raise
        return {**self._options, OPTION: dialect.to_record()}
