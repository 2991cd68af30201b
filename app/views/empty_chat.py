"""The chat before its first message: what to do next, from what is there."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Element
from app.core.connections import LOCAL_API_ID, ModelRef
from app.core.local_api import LocalApi
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.views.problem import problem_box


class EmptyChat:
    """Greets, and says what is missing for a first question."""

    def __init__(self, store: Store[State], try_demo: Callable[[], object]) -> None:
        """Follow the state of the local API and the choice of the model.

        `try_demo` chooses the demo model, which is offered when nothing else is there.
        """
        self._region = dom.by_id("chat-empty")
        self._text = dom.by_id("chat-empty-text")
        self._choices = dom.by_id("chat-empty-choices")
        store.subscribe(
            lambda state: state.conversation.head is None, lambda is_empty: dom.show(self._region, is_empty)
        )
        dom.on_action(self._choices, {"try-demo": lambda _: try_demo()})
        store.subscribe(
            lambda state: (state.local_api, state.settings.model, _has_models(state)),
            self._show,
        )

    def _show(self, state: tuple[LocalApi, ModelRef | None, bool]) -> None:
        api, model, has_models = state
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
        if model is None and not has_models:
            self._choices.prepend(_demo())


def _has_models(state: State) -> bool:
    """Whether any connection, or this tab, has a model to choose; not yet known counts as yes."""
    api = state.local_api
    is_unknown = api.models is None and api.problem is None
    saved = any(item.models for item in state.connections.items if item.saved.is_enabled)
    return bool(is_unknown or api.models or saved or state.tab_models.runnable)


def _demo() -> Element:
    button = dom.button(
        t("tab.try_demo"), "try-demo", class_="btn primary", aria_describedby="try-demo-about"
    )
    about = dom.create("span", t("tab.try_demo.about"), id="try-demo-about", class_="small quiet")
    return dom.create("p", button, about, class_="demo")
