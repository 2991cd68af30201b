"""The chat before its first message: what to do next, from what is there."""

from __future__ import annotations

from app.browser import dom
from app.core.connections import LOCAL_API_ID, ModelRef
from app.core.local_api import LocalApi
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.views.problem import problem_box


class EmptyChat:
    """Greets, and says what is missing for a first question."""

    def __init__(self, store: Store[State]) -> None:
        """Follow the state of the local API and the choice of the model."""
        self._region = dom.by_id("chat-empty")
        self._text = dom.by_id("chat-empty-text")
        self._choices = dom.by_id("chat-empty-choices")
        store.subscribe(
            lambda state: state.conversation.head is None, lambda is_empty: dom.show(self._region, is_empty)
        )
        store.subscribe(lambda state: (state.local_api, state.settings.model), self._show)

    def _show(self, state: tuple[LocalApi, ModelRef | None]) -> None:
        api, model = state
        dom.replace_children(self._choices)
        is_elsewhere = model is not None and model.connection != LOCAL_API_ID
        if api.problem is not None and not is_elsewhere:
            dom.set_text(self._text, "")
            self._choices.append(
                problem_box(api.problem, dom.button(t("health.look_now"), "look-now"), role="status")
            )
        elif model is not None:
            dom.set_text(self._text, t("chat.empty.ready", model=model.model))
        elif api.models:
            dom.set_text(self._text, t("chat.empty.choose"))
        elif api.models is not None:
            dom.set_text(self._text, t("chat.empty.no_models"))
            self._choices.append(dom.create("a", t("chat.empty.add"), class_="btn primary", href="#/models"))
        else:
            dom.set_text(self._text, t("chat.empty.looking"))
