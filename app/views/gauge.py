"""How much of the model's context the message and the conversation before it take: estimated before it is sent."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.core import formats
from app.core.state import State
from app.core.store import Store
from app.core.text import t, tn
from app.core.tokens import estimate
from app.core.trimming import Trimmed


class Gauge:
    """Shown as soon as there is something to count."""

    def __init__(self, store: Store[State], measure: Callable[[State], tuple[Trimmed, int | None]]) -> None:
        """`measure` gives what the model would read of the conversation now, and its context in tokens if known."""
        self._store = store
        self._measure = measure
        self._gauge = dom.by_id("gauge")
        self._meter = dom.by_id("gauge-meter")
        self._text = dom.by_id("gauge-text")
        self._field = dom.by_id("message")
        self._trimmed, self._context = measure(store.state)
        dom.on(self._field, "input", lambda _: self._show())
        store.subscribe(
            lambda state: (state.conversation, state.draft, state.settings.model), lambda _: self._weigh()
        )

    def _weigh(self) -> None:
        self._trimmed, self._context = self._measure(self._store.state)
        self._show()

    def _show(self) -> None:
        trimmed, context = self._trimmed, self._context
        used = trimmed.tokens + estimate(str(self._field.value)) + self._store.state.draft.tokens
        dom.show(self._gauge, used > 0)
        dom.show(self._meter, context is not None)
        if context is None:
            dom.set_text(self._text, tn("chat.gauge.unknown", used, used=formats.count(used)))
        else:
            self._meter.value = min(1.0, used / context)
            known = t("chat.gauge.known", used=formats.count(used), context=formats.count(context))
            dom.set_text(self._text, known)
        left_out = tn("chat.left_out", trimmed.left_out) if trimmed.left_out else None
        dom.set_attributes(self._gauge, title=left_out)
