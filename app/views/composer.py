"""The composer. What stands in it is the user's: it is emptied only when it has become a message."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Event
from app.core.connections import ModelRef
from app.core.local_api import Health
from app.core.problems import BerthError, Problem
from app.core.state import State
from app.core.store import Store
from app.views.problem import show_problem


class Composer:
    """Takes the message and the wish to send or to stop. It works before Python does: see static/js/boot.mjs."""

    def __init__(
        self,
        store: Store[State],
        send: Callable[[str, ModelRef], None],
        stop: Callable[[], None],
        begin: Callable[[], None],
        takes_key: Callable[[Event], bool],
    ) -> None:
        """`send` raises BerthError when the message cannot be sent as things are; it then stays in the field.

        `begin` opens a new conversation; `takes_key` tells of a key whether something else has made use of it.
        """
        self._store = store
        self._send = send
        self._form = dom.by_id("composer")
        self._field = dom.by_id("message")
        self._problem = dom.by_id("composer-problem")
        self._takes_key = takes_key
        self._waits = dom.attribute(self._form, "data-pending") == "send"
        self._wants_focus = False
        dom.on(self._form, "submit", self._on_submit)
        dom.on(self._field, "keydown", self._on_key)
        self._waiting = dom.by_id("waiting")
        dom.on_action(
            self._form,
            {
                "stop": lambda _: stop(),
                "send-apart": lambda _: self._send_apart(begin),
                "do-not-send": lambda _: self._done(None),
            },
        )
        store.subscribe(
            lambda state: (state.settings.model, state.local_api.models is None, state.local_api.health),
            lambda _: self._carry_out(),
        )
        store.subscribe(lambda state: state.conversation.is_answering, self._show_answering)
        store.subscribe(lambda state: state.draft.reading, lambda _: self._carry_out())
        store.subscribe(lambda state: state.place, lambda _: self._focus_if_wanted())

    def focus(self) -> None:
        """Put the cursor into the message field, as soon as the chat is on the page."""
        self._wants_focus = True
        self._focus_if_wanted()

    def _focus_if_wanted(self) -> None:
        """Focus the field, if it is wanted; what is hidden does not take the focus, and the wish stays."""
        if self._wants_focus:
            self._field.focus()
            self._wants_focus = not dom.has_focus(self._field)

    def _on_submit(self, event: Event) -> None:
        event.preventDefault()
        self._waits = True
        self._carry_out()

    def _on_key(self, event: Event) -> None:
        if self._takes_key(event):
            return
        if event.key == "Enter" and not event.shiftKey and not event.isComposing:
            event.preventDefault()
            self._form.requestSubmit()

    def _carry_out(self) -> None:
        """Send, when the user asked for it, the last answer has come, and it is known which model is to answer."""
        state = self._store.state
        text = str(self._field.value)
        has_content = bool(text.strip() or state.draft.attachments)
        dom.show(self._waiting, self._waits and has_content and state.conversation.is_answering)
        if not self._waits or state.conversation.is_answering or state.draft.reading:
            return
        if not has_content:
            self._done(None)
        elif state.settings.model is not None:
            self._try(text, state.settings.model)
        elif state.local_api.models is not None:
            self._done(Problem.of("chat.no_choice" if state.local_api.models else "chat.no_model"))
        elif state.local_api.health not in {Health.UNKNOWN, Health.CONNECTED}:
            self._done(state.local_api.problem)

    def _try(self, text: str, model: ModelRef) -> None:
        try:
            self._send(text, model)
        except BerthError as error:
            self._done(error.problem)
        else:
            self._field.value = ""
            self._done(None)

    def _send_apart(self, begin: Callable[[], None]) -> None:
        """Send the waiting message at once, in a conversation of its own."""
        begin()
        self._waits = True
        self._carry_out()

    def _done(self, problem: Problem | None) -> None:
        self._waits = False
        self._form.removeAttribute("data-pending")
        dom.show(self._waiting, False)
        show_problem(self._problem, problem)

    def _show_answering(self, is_answering: bool) -> None:
        dom.show(dom.by_id("stop"), is_answering)
        dom.show(dom.by_id("send"), not is_answering)
        self._carry_out()
