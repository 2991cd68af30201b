"""The model choice in the bar of the chat."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Event
from app.core.connections import LOCAL_API_ID, Model, ModelRef
from app.core.state import State
from app.core.store import Store
from app.core.text import t


class ModelChoice:
    """Offers every model of every connection."""

    def __init__(self, store: Store[State], choose: Callable[[ModelRef], None]) -> None:
        """`choose` is told what the user picks."""
        self._choose = choose
        self._select = dom.by_id("model")
        dom.on(self._select, "change", self._on_change)
        store.subscribe(lambda state: (state.local_api.models or (), state.settings.model), self._show)

    def _show(self, offer: tuple[tuple[Model, ...], ModelRef | None]) -> None:
        models, chosen = offer
        prompt = t("chat.model.choose") if models else t("chat.model.none")
        options = [dom.create("option", prompt, value="")] if chosen is None else []
        refs = [(ModelRef(LOCAL_API_ID, model.id), model) for model in models]
        if chosen is not None and all(ref != chosen for ref, _ in refs):
            # Its API is away: what was chosen stays to be seen.
            options = [dom.create("option", chosen.model, value=str(chosen))]
        rows = [dom.create("option", model.label, value=str(ref)) for ref, model in refs]
        groups = [dom.create("optgroup", *rows, label=t("shell.local_api"))] if rows else []
        dom.replace_children(self._select, *options, *groups)
        self._select.value = str(chosen) if chosen else ""
        self._select.disabled = not models

    def _on_change(self, _event: Event) -> None:
        ref = ModelRef.parse(self._select.value)
        if ref is not None:
            self._choose(ref)
