"""Where keys are kept: the three ways, each with what it does and does not protect from."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from app.browser import dom
from app.browser.dom import Element, Event
from app.core.problems import BerthError, InvalidInput, Problem
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.core.vault import VaultMode, VaultState
from app.services.vault import Vault
from app.services.vault_keeper import VaultKeeper
from app.views.confirmation import Confirmation
from app.views.connections_passphrase import ChangePassphrase, NewPassphrase
from app.views.field import Field
from app.views.problem import show_problem

Start = Callable[[Coroutine[Any, Any, None]], object]


class VaultPanel:
    """Changes how keys are kept, and locks and unlocks them."""

    def __init__(
        self,
        store: Store[State],
        vault: Vault,
        keeper: VaultKeeper,
        confirmation: Confirmation,
        start: Start,
        tell: Callable[[str], None],
    ) -> None:
        """`tell` shows news."""
        self._vault = vault
        self._keeper = keeper
        self._confirmation = confirmation
        self._start = start
        self._tell = tell
        self._radios: dict[VaultMode, Element] = {}
        self._make()
        store.subscribe(lambda state: state.vault, self._show)

    def _make(self) -> None:
        options = [self._option(mode) for mode in VaultMode]
        legend = dom.create("legend", t("vault.title"), class_="unseen")
        self._options = dom.create("fieldset", legend, *options, class_="ways")
        self._new = NewPassphrase(lambda first, again: self._run(self._use_passphrase(first, again)))
        self._change = ChangePassphrase(lambda *typed: self._run(self._change_passphrase(*typed)))
        self._minutes = _minutes("vault-lock-minutes", "vault.lock_minutes")
        self._hidden = _minutes("vault-hidden-minutes", "vault.hidden_minutes")
        for field in (self._minutes, self._hidden):
            field.on_change(lambda _: self._set_minutes())
        times = dom.create("div", self._minutes.element, self._hidden.element, class_="fields")
        self._own = dom.create("div", times, self._change.element, class_="vault-own")
        self._note = dom.create("p", class_="small quiet")
        self._problem = dom.create("div")
        dom.by_id("vault-body").append(
            self._options,
            self._new.element,
            self._own,
            dom.create("p", t("vault.lacks_all"), class_="small quiet"),
            self._note,
            self._problem,
        )
        dom.on(self._options, "change", self._on_choose)
        dom.on_action(
            dom.by_id("vault"), {"lock": lambda _: self._vault.lock(), "forgot": lambda _: self._ask_forgot()}
        )
        dom.on_action(dom.by_id("unlock"), {"forgot": lambda _: self._ask_forgot()})

    def _option(self, mode: VaultMode) -> Element:
        name = f"vault-{mode}"
        radio = dom.create(
            "input",
            type="radio",
            name="vault-mode",
            value=mode.value,
            autocomplete="off",
            aria_describedby=f"{name}-about",
        )
        self._radios[mode] = radio
        about = dom.create(
            "span",
            dom.create("span", t(f"vault.{mode}.protects")),
            dom.create("span", t(f"vault.{mode}.lacks")),
            class_="small quiet about",
            id=f"{name}-about",
        )
        label = dom.create("label", radio, dom.create("strong", t(f"vault.{mode}")))
        return dom.create("div", label, about, class_="way")

    def _show(self, vault: VaultState) -> None:
        self._radios[vault.mode].checked = True
        for mode, radio in self._radios.items():
            radio.disabled = not vault.can_store and mode is not VaultMode.TAB
        has_passphrase = vault.mode is VaultMode.PASSPHRASE
        dom.show(self._new.element, False)
        dom.show(self._own, has_passphrase and not vault.is_locked)
        self._minutes.set_value(str(vault.lock_minutes))
        self._hidden.set_value(str(vault.hidden_minutes))
        dom.set_text(self._note, "" if vault.can_store else t("vault.no_store"))
        state = dom.by_id("vault-state")
        dom.set_text(state, t("vault.is_locked" if vault.is_locked else "vault.unlocked"))
        dom.show(state, has_passphrase)
        dom.show(dom.by_id("vault-lock"), has_passphrase and not vault.is_locked)
        dom.show(dom.by_id("vault-unlock"), vault.is_locked)
        dom.show(dom.by_id("vault-forgot"), vault.is_locked)

    def _on_choose(self, event: Event) -> None:
        mode = VaultMode(str(event.target.value))
        is_new = mode is VaultMode.PASSPHRASE and self._vault.state.mode is not VaultMode.PASSPHRASE
        dom.show(self._new.element, is_new)
        if is_new:
            self._new.focus()
        elif mode is not self._vault.state.mode:
            self._run(self._keeper.choose(mode))

    def _ask_forgot(self) -> None:
        self._confirmation.ask(
            t("vault.forgot.title"),
            t("vault.forgot.text"),
            t("vault.forgot.action"),
            lambda: self._run(self._abandon()),
        )

    def _set_minutes(self) -> None:
        minutes = []
        for field in (self._minutes, self._hidden):
            field.mark(None)
            try:
                minutes.append(_read_minutes(field.value))
            except InvalidInput as error:
                field.mark(error.problem)
                return
        self._run(self._keeper.set_minutes(*minutes))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._start(self._guarded(work))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except BerthError as error:
            show_problem(self._problem, error.problem)
            self._show(self._vault.state)
        else:
            show_problem(self._problem, None)

    async def _use_passphrase(self, first: str, again: str) -> None:
        try:
            await self._keeper.choose(VaultMode.PASSPHRASE, first, again)
        except InvalidInput as error:
            self._new.mark(error.problem)
            return
        self._new.clear()

    async def _change_passphrase(self, old: str, new: str, again: str) -> None:
        try:
            await self._keeper.change_passphrase(old, new, again)
        except InvalidInput as error:
            self._change.mark(error.problem)
            return
        self._change.clear()
        self._tell(t("vault.changed"))

    async def _abandon(self) -> None:
        await self._keeper.abandon()
        self._tell(t("vault.emptied"))


def _minutes(name: str, text: str) -> Field:
    return Field(name, t(text), inputmode="numeric")


def _read_minutes(text: str) -> int:
    typed = text.strip()
    if not typed.isdecimal() or not 1 <= int(typed) <= 1440:
        raise InvalidInput(Problem.of("vault.minutes", typed=typed))
    return int(typed)
