"""The models that answer beside the chosen one: a combobox for each, below the bar of the chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.browser import dom
from app.browser.dom import Element, Event
from app.core import sides
from app.core.connections import ModelRef
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.views.model_choice import ModelSelect, Offer, offers_of


@dataclass(frozen=True, slots=True)
class _Rival:
    """One of the comboboxes: the place in the row, what it offers, and what is chosen in it."""

    place: int
    offers: tuple[Offer, ...]
    model: ModelRef


class Rivals:
    """Adds, changes and removes them."""

    def __init__(self, store: Store[State], keep: Callable[[tuple[ModelRef, ...]], object]) -> None:
        """`keep` is told the models whenever the user changes them."""
        self._store = store
        self._keep = keep
        self._add_button = dom.by_id("add-rival")
        self._region = dom.by_id("rivals")
        self._selects: dict[int, ModelSelect] = {}
        self._rows = dom.KeyedList[_Rival](
            self._region, lambda rival: rival.place, self._make, self._change, self._drop
        )
        dom.on(self._add_button, "click", lambda _: self._add())
        dom.on(self._region, "change", self._on_change)
        dom.on_action(self._region, {"remove-rival": lambda place: self._remove(int(place))})
        store.subscribe(
            lambda state: (
                state.local_api.models,
                state.tab_models.models,
                state.connections.items,
                state.settings.rivals,
            ),
            lambda _: self._show(),
        )

    @property
    def _models(self) -> tuple[ModelRef, ...]:
        return self._store.state.settings.rivals

    def _show(self) -> None:
        offers = offers_of(self._store.state)
        is_full = not offers or len(self._models) >= sides.MOST - 1
        dom.set_attributes(self._add_button, aria_disabled="true" if is_full else None)
        self._rows.show([_Rival(place, offers, model) for place, model in enumerate(self._models)])
        dom.show(self._region, bool(self._models))

    def _make(self, rival: _Rival) -> Element:
        select = dom.create("select", class_="pick", aria_label=t("chat.rival", number=rival.place + 2))
        self._selects[rival.place] = ModelSelect(select)
        label = t("chat.rival.remove", number=rival.place + 2)
        remove = dom.button(label, "remove-rival", icon_name="x")
        return dom.create("span", select, remove, class_="rival", data_key=rival.place)

    def _change(self, _row: Element, rival: _Rival) -> None:
        self._selects[rival.place].show(rival.offers, rival.model)

    def _drop(self, rival: _Rival) -> None:
        del self._selects[rival.place]

    def _add(self) -> None:
        """Add the first model that does not answer yet; where there is no other, the same one answers twice."""
        if dom.attribute(self._add_button, "aria-disabled") == "true":
            return
        state = self._store.state
        offered = [ModelRef(key, model.id) for key, _, models in offers_of(state) for model in models]
        taken = {state.settings.model, *self._models}
        self._keep((*self._models, next((one for one in offered if one not in taken), offered[0])))
        self._store.flush()
        self._selects[len(self._models) - 1].element.focus()

    def _remove(self, place: int) -> None:
        self._keep((*self._models[:place], *self._models[place + 1 :]))
        self._store.flush()
        beside = self._selects.get(min(place, len(self._models) - 1))
        (self._add_button if beside is None else beside.element).focus()

    def _on_change(self, event: Event) -> None:
        row = dom.closest(event.target, "[data-key]")
        place = -1 if row is None else int(dom.attribute(row, "data-key"))
        model = self._selects[place].chosen if place in self._selects else None
        if model is not None:
            self._keep((*self._models[:place], model, *self._models[place + 1 :]))
