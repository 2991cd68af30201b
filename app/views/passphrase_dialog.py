"""The dialog that asks for the passphrase of an export. What is typed leaves the document when it closes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from app.browser import dom
from app.browser.dom import Event
from app.core.problems import BerthError
from app.core.text import t
from app.views.field import Field, passphrase_field

Use = Callable[..., Coroutine[Any, Any, None]]


class PassphraseDialog:
    """Stays open until the passphrase was taken or the user gives up."""

    def __init__(self, start: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        """`start` runs what takes time."""
        self._start = start
        self._dialog = dom.by_id("sealing")
        self._fields: list[Field] = []
        self._use: Use | None = None
        self._answer: asyncio.Future[bool] | None = None
        dom.on(self._dialog.querySelector("form"), "submit", self._on_submit)
        dom.on(self._dialog, "close", lambda _: self._on_close())
        dom.on_action(self._dialog, {"close-sealing": lambda _: self._dialog.close()})

    async def ask_new(self, title: str, text: str, action: str, use: Use) -> bool:
        """Ask for a new passphrase, twice, until `use` takes both; False when the user gives up."""
        first = passphrase_field("sealing-new", t("vault.new"), "new-password", t("vault.new.help"))
        return await self._ask(
            title,
            text,
            action,
            [first, passphrase_field("sealing-again", t("vault.repeat"), "new-password")],
            use,
        )

    async def ask(self, title: str, text: str, action: str, use: Use) -> bool:
        """Ask for the passphrase that was chosen once, until `use` takes it; False when the user gives up."""
        field = passphrase_field("sealing-passphrase", t("vault.enter"), "off")
        return await self._ask(title, text, action, [field], use)

    async def _ask(self, title: str, text: str, action: str, fields: Sequence[Field], use: Use) -> bool:
        for name, words in (("sealing-title", title), ("sealing-text", text), ("sealing-ok", action)):
            dom.set_text(dom.by_id(name), words)
        for field in self._fields:
            field.remove()
        self._fields, self._use = list(fields), use
        dom.by_id("sealing-fields").append(*(field.element for field in fields))
        self._answer = asyncio.get_running_loop().create_future()
        self._dialog.showModal()
        self._fields[0].focus()
        return await self._answer

    def _on_submit(self, event: Event) -> None:
        event.preventDefault()
        if self._use is not None and dom.attribute(self._dialog, "aria-busy") != "true":
            self._start(self._try(self._use))

    async def _try(self, use: Use) -> None:
        first = self._fields[0]
        first.mark(None)
        dom.set_attributes(self._dialog, aria_busy="true")
        try:
            await use(*(field.value for field in self._fields))
        except BerthError as error:
            first.mark(error.problem)
            first.focus()
        else:
            self._end(is_taken=True)
            self._dialog.close()
        finally:
            dom.set_attributes(self._dialog, aria_busy=None)

    def _on_close(self) -> None:
        for field in self._fields:
            field.input.value = ""
        self._end(is_taken=False)

    def _end(self, *, is_taken: bool) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(is_taken)
