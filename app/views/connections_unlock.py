"""The dialog that asks for the passphrase, when something needs a key or the user wants to unlock them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from app.browser import dom
from app.browser.dom import Event
from app.core.problems import BerthError
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.core.vault import VaultState
from app.services.vault import Vault
from app.views.field import Field, passphrase_field


class UnlockDialog:
    """Opens by itself when a request waits for its key. Cancelling fails that request, which says so."""

    def __init__(
        self,
        store: Store[State],
        vault: Vault,
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`start` runs what takes time."""
        self._vault = vault
        self._start = start
        self._dialog = dom.by_id("unlock")
        self._field: Field | None = None
        dom.on(self._dialog.querySelector("form"), "submit", self._on_submit)
        dom.on(self._dialog, "close", lambda _: self._on_close())
        dom.on_action(self._dialog, {"close-unlock": lambda _: self._dialog.close()})
        dom.on_action(dom.by_id("vault"), {"unlock": lambda _: self._open()})
        store.subscribe(lambda state: state.vault, self._follow)

    def _follow(self, vault: VaultState) -> None:
        if vault.is_wanted and vault.is_locked and not self._dialog.open:
            self._open()
        elif self._dialog.open and not vault.is_locked:
            self._dialog.close()

    def _open(self) -> None:
        if self._field is None:
            self._field = passphrase_field("unlock-passphrase", t("vault.enter"), "current-password")
            dom.by_id("unlock-fields").append(self._field.element)
        self._dialog.showModal()
        self._field.focus()

    def _on_submit(self, event: Event) -> None:
        event.preventDefault()
        if self._field is not None and dom.attribute(self._dialog, "aria-busy") != "true":
            self._start(self._unlock(self._field))

    async def _unlock(self, field: Field) -> None:
        dom.set_attributes(self._dialog, aria_busy="true")
        try:
            await self._vault.unlock(field.value)
        except BerthError as error:
            field.mark(error.problem)
            field.focus()
        else:
            self._dialog.close()
        finally:
            dom.set_attributes(self._dialog, aria_busy=None)

    def _on_close(self) -> None:
        if self._field is not None:
            self._field.input.value = ""
            self._field.mark(None)
        if self._vault.state.is_locked:
            self._vault.give_up()
