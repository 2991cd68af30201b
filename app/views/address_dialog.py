"""The dialog that asks for the address of a model to download."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Event
from app.core.problems import InvalidInput
from app.core.text import t
from app.views.field import Field


class AddressDialog:
    """Asks for the address of a model, and for its checksum if the user has one."""

    def __init__(self, download: Callable[[str, str], None]) -> None:
        """`download` gets both texts; it raises InvalidInput for what cannot be one."""
        self._dialog = dom.by_id("add-address")
        self._download = download
        self._fields: tuple[Field, Field] | None = None
        dom.on(self._dialog.querySelector("form"), "submit", self._on_submit)
        dom.on_action(self._dialog, {"close-address": lambda _: self._dialog.close()})

    def open(self) -> None:
        """Ask."""
        address, checksum = self._fields or self._make()
        for field in (address, checksum):
            field.input.value = ""
            field.mark(None)
        self._dialog.showModal()
        address.focus()

    def _make(self) -> tuple[Field, Field]:
        address = Field("model-address", t("tab.address"), t("tab.address.help"), type="url")
        checksum = Field("model-checksum", t("tab.checksum"), t("tab.checksum.help"), spellcheck="false")
        dom.by_id("add-address-fields").append(address.element, checksum.element)
        self._fields = address, checksum
        return self._fields

    def _on_submit(self, event: Event) -> None:
        event.preventDefault()
        if self._fields is None:
            return
        address, checksum = self._fields
        try:
            self._download(address.value, checksum.value)
        except InvalidInput as error:
            wrong = (
                checksum
                if checksum.value.strip() and checksum.value.strip() in error.problem.what
                else address
            )
            for field in self._fields:
                field.mark(error.problem if field is wrong else None)
            wrong.focus()
        else:
            self._dialog.close()
