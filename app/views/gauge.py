"""How much of a model's context the message and what was said before take, and what stays out: before it is sent."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.core import formats
from app.core.rooms import Measure
from app.core.state import State
from app.core.store import Store
from app.core.text import t, tn


class Gauge:
    """Shown as soon as there is something to count."""

    def __init__(
        self,
        store: Store[State],
        measure: Callable[[State, str], tuple[Measure, ...]],
        leave_out: Callable[[int], object],
    ) -> None:
        """`measure` gives what the models would read if a text were sent now, the chosen one first.

        `leave_out` is told how many of the oldest messages the chosen model would not be sent.
        """
        self._store = store
        self._measure = measure
        self._leave_out = leave_out
        self._left_out = 0
        self._gauge = dom.by_id("gauge")
        self._meter = dom.by_id("gauge-meter")
        self._text = dom.by_id("gauge-text")
        self._note = dom.by_id("left-out")
        self._field = dom.by_id("message")
        dom.on(self._field, "input", lambda _: self._show())
        store.subscribe(
            lambda state: (
                state.conversation,
                state.draft,
                state.settings.model,
                state.settings.rivals,
                state.connections.items,
                state.local_api.models,
                state.tab_models.engine.loaded,
            ),
            lambda _: self._show(),
        )

    def _show(self) -> None:
        state = self._store.state
        measures = self._measure(state, str(self._field.value))
        chosen = measures[0]
        used = chosen.trimmed.tokens
        context = chosen.room.context
        dom.show(self._gauge, used > 0)
        dom.show(self._meter, context is not None)
        if context is None:
            dom.set_text(self._text, tn("chat.gauge.unknown", used, used=formats.count(used)))
        else:
            self._meter.value = min(1.0, used / context)
            known = t("chat.gauge.known", used=formats.count(used), context=formats.count(context))
            dom.set_text(self._text, known)
        self._show_left_out(measures)

    def _show_left_out(self, measures: tuple[Measure, ...]) -> None:
        told = [_told(one, is_only=len(measures) == 1) for one in measures if one.trimmed.left_out]
        dom.show(self._note, bool(told))
        dom.set_text(self._note, " ".join(told))
        left_out = measures[0].trimmed.left_out
        if left_out != self._left_out:
            self._left_out = left_out
            self._leave_out(left_out)


def _told(measure: Measure, is_only: bool) -> str:
    left_out = measure.trimmed.left_out
    if is_only:
        return tn("chat.left_out", left_out)
    return tn("chat.left_out_of", left_out, model=measure.model.removesuffix(".gguf"))
