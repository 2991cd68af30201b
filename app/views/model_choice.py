"""The model choice in the bar of the chat."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Element, Event
from app.core.connections import LOCAL_API_ID, Model, ModelRef
from app.core.state import State
from app.core.store import Store
from app.core.tab_models import TAB_ID
from app.core.text import t

Offer = tuple[str, str, tuple[Model, ...]]
"""A connection: its id, its name, and its models."""


class ModelSelect:
    """A combobox that offers every model of every connection, grouped by connection."""

    def __init__(self, select: Element) -> None:
        """`select` is the native element."""
        self.element = select
        self._shown: tuple[tuple[Offer, ...], ModelRef | None] | None = None

    @property
    def chosen(self) -> ModelRef | None:
        """The model that stands in it."""
        return ModelRef.parse(self.element.value)

    def show(self, offers: tuple[Offer, ...], chosen: ModelRef | None) -> None:
        """Offer these models, with one of them chosen."""
        if (offers, chosen) == self._shown:
            return  # options that are made anew would close the list under the user
        self._shown = offers, chosen
        prompt = t("chat.model.choose") if offers else t("chat.model.none")
        options = [dom.create("option", prompt, value="")] if chosen is None else []
        offered = {ModelRef(key, model.id) for key, _, models in offers for model in models}
        if chosen is not None and chosen not in offered:
            # Its API is away: what was chosen stays to be seen.
            options = [dom.create("option", chosen.model, value=str(chosen))]
        dom.replace_children(self.element, *options, *map(_group, offers))
        self.element.value = str(chosen) if chosen else ""
        self.element.disabled = not offers


class ModelChoice:
    """The combobox of the model that answers."""

    def __init__(
        self, store: Store[State], choose: Callable[[ModelRef], None], refresh: Callable[[], object]
    ) -> None:
        """`choose` is told what the user picks; `refresh` brings the lists up to date when the user goes to look."""
        self._choose = choose
        self._select = ModelSelect(dom.by_id("model"))
        dom.on(self._select.element, "change", self._on_change)
        dom.on(self._select.element, "focus", lambda _: refresh())
        store.subscribe(
            lambda state: (
                state.local_api.models,
                state.tab_models.models,
                state.connections.items,
                state.settings.model,
            ),
            lambda _: self._select.show(offers_of(store.state), store.state.settings.model),
        )

    def _on_change(self, _event: Event) -> None:
        ref = self._select.chosen
        if ref is not None:
            self._choose(ref)


def offers_of(state: State) -> tuple[Offer, ...]:
    """What can be chosen now."""
    local = (LOCAL_API_ID, t("shell.local_api"), state.local_api.models or ())
    tab = (TAB_ID, t("tab.name"), tuple(Model(one.id, one.label) for one in state.tab_models.runnable))
    saved = (
        (item.id, item.saved.connection.name, item.models)
        for item in state.connections.items
        if item.saved.is_enabled
    )
    return tuple(offer for offer in (local, tab, *saved) if offer[2])


def _group(offer: Offer) -> Element:
    key, name, models = offer
    rows = (dom.create("option", model.label, value=str(ModelRef(key, model.id))) for model in models)
    return dom.create("optgroup", *rows, label=name)
