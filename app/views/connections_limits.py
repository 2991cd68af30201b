"""The limits in the form of a connection, folded until somebody needs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.browser import dom
from app.core.problems import InvalidInput
from app.core.saved_connections import Limits, read_count, read_seconds
from app.core.text import t
from app.views.field import Field

T = TypeVar("T")


class LimitFields:
    """Requests at a time, and seconds of silence."""

    def __init__(self) -> None:
        """Empty: the house's own limits."""
        self._parallel = Field(
            "connection-parallel",
            t("connection.parallel"),
            t("connection.parallel.help"),
            inputmode="decimal",
        )
        self._first_byte = Field(
            "connection-first-byte",
            t("connection.first_byte"),
            t("connection.first_byte.help"),
            inputmode="decimal",
        )
        self._idle = Field(
            "connection-idle", t("connection.idle"), t("connection.idle.help"), inputmode="decimal"
        )
        self._fields = (self._parallel, self._first_byte, self._idle)
        fields = dom.create("div", *(field.element for field in self._fields), class_="fields")
        self.element = dom.create("details", dom.create("summary", t("connection.limits")), fields)

    def show(self, limits: Limits) -> None:
        """Show these limits."""
        for field, figure in zip(
            self._fields, (limits.parallel, limits.first_byte, limits.idle), strict=True
        ):
            field.input.value = "" if figure is None else f"{figure:g}"
            field.mark(None)
        self.element.open = limits != Limits()

    def read(self) -> Limits:
        """What is typed.

        Raises:
            InvalidInput: a figure cannot be read; it is marked and focused.
        """
        return Limits(
            self._read(self._parallel, read_count),
            self._read(self._first_byte, read_seconds),
            self._read(self._idle, read_seconds),
        )

    def _read(self, field: Field, read: Callable[[str], T]) -> T:
        field.mark(None)
        try:
            return read(field.value)
        except InvalidInput as error:
            self.element.open = True
            field.mark(error.problem)
            field.focus()
            raise
