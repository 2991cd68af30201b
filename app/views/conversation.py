"""The conversation: its messages, the answers that are coming, and the scroll position, which is the reader's."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from app.browser import dom
from app.browser.dom import Element, Event
from app.browser.render import Renderer
from app.browser.render.furnishing import Furnishing
from app.browser.render.prose import Prose
from app.core.conversations import Conversation, Message, Status
from app.core.messages import Role
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.services.live_answer import LiveAnswer
from app.services.ports import Clock
from app.views import left_out
from app.views import message as rows
from app.views.answer_body import AnswerBody
from app.views.branch_rows import Row, rows_of
from app.views.columns import Beside, Columns
from app.views.left_out import Cut
from app.views.message import Shown
from app.views.scrolling import Follower

SLOW = 8
"""Seconds after which a waiting user is told what may take so long."""

RECENT = 60
"""Messages of a long conversation that are shown at once; earlier ones are a button away."""

Start = Callable[[Coroutine[Any, Any, None]], object]
"""Runs a coroutine."""


@dataclass(frozen=True, slots=True)
class MessageActions:
    """What the user can do with a message; each takes its id."""

    regenerate: Callable[[str], object]
    resume: Callable[[str], object]
    edit: Callable[[str, str], object]
    step: Callable[[str, int], object]
    compare: Callable[[str], object]
    keep: Callable[[str], object]
    stop: Callable[[str], object]
    copy: Callable[[str], object]


class ConversationView:
    """Shows the branch."""

    def __init__(
        self,
        store: Store[State],
        actions: MessageActions,
        live: Callable[[str], LiveAnswer | None],
        renderer: Renderer,
        start: Start,
        clock: Clock,
    ) -> None:
        """`live` gives the answer of a message while it comes; `start` runs a coroutine."""
        self._actions = actions
        self._live = live
        self._renderer = renderer
        self._start = start
        self._clock = clock
        self._log = dom.by_id("conversation")
        self._follower = Follower(self._log, dom.by_id("jump"))
        self._furnishing = Furnishing(self._log, actions.copy, start, self._follower.follow)
        self._columns = Columns(self._make_message, self._change_message, self._drop_message)
        self._rows = dom.KeyedList[Row](
            dom.by_id("messages"), lambda row: (type(row), row.key), self._make, self._change, self._drop
        )
        self._left_out = 0
        self._bodies: dict[str, AnswerBody] = {}
        self._conversation: Conversation | None = None
        self._limit = RECENT
        self._is_ticking = False
        self._is_loading = False
        self._earlier = dom.by_id("earlier")
        dom.on(self._earlier, "click", lambda _: self._show_all())
        dom.on_action(self._log, self._buttons())
        dom.on(self._log, "submit", self._on_submit)
        dom.on(self._log, "keydown", self._on_key)
        store.subscribe(lambda state: state.conversation, self._show)

    def _buttons(self) -> dict[str, Callable[[str], object]]:
        actions = self._actions
        return {
            "regenerate": actions.regenerate,
            "continue": actions.resume,
            "edit": self._edit,
            "leave-editing": self._leave_editing,
            "copy-message": lambda key: actions.copy(self._text(key)),
            "step-back": lambda key: actions.step(key, -1),
            "step-on": lambda key: actions.step(key, 1),
            "compare": actions.compare,
            "keep": actions.keep,
            "stop-one": actions.stop,
        }

    def leave_out(self, count: int) -> None:
        """Show that so many of the oldest messages that say something are not sent any more."""
        self._left_out = count
        if self._conversation is not None:
            self._show(self._conversation)

    def _show(self, conversation: Conversation) -> None:
        before, self._conversation = self._conversation, conversation
        is_other = before is None or before.id != conversation.id
        is_longer = before is None or before.head != conversation.head
        if is_other:
            self._limit = RECENT
        branch = conversation.branch
        recent = branch[-self._limit :]
        dom.show(self._earlier, len(recent) < len(branch))
        dom.set_text(self._earlier, t("chat.show_earlier", count=len(branch) - len(recent)))
        if branch and not self._is_loading:
            self._is_loading = True
            self._start(self._renderer.load())
        with self._follower.following(always=is_other or is_longer):
            self._rows.show(rows_of(conversation, recent, self._left_out, self._is_here))
        if not self._is_ticking and self._waiting():
            self._start(self._tick())

    def _is_here(self, message: Message) -> bool:
        return message.status is not Status.STREAMING or self._live(message.id) is not None

    def _show_all(self) -> None:
        if self._conversation is not None:
            self._limit = len(self._conversation.messages)
            with self._follower.still():
                self._show(self._conversation)

    def _make(self, item: Row) -> Element:
        match item:
            case Shown():
                return self._make_message(item)
            case Beside():
                return self._columns.make(item)
            case Cut():
                return left_out.make()

    def _change(self, row: Element, item: Row) -> None:
        match item:
            case Shown():
                self._change_message(row, item)
            case Beside():
                self._columns.change(row, item)
            case Cut():
                left_out.change(row, item)

    def _drop(self, item: Row) -> None:
        match item:
            case Shown():
                self._drop_message(item)
            case Beside():
                self._columns.drop(item)

    def _row(self, message_id: str) -> Element | None:
        return self._rows.row((Shown, message_id)) or self._columns.row(message_id)

    def _make_message(self, shown: Shown) -> Element:
        row = rows.make(shown)
        if shown.message.role is not Role.USER:
            # A column scrolls by itself, so that the answers beside it stay in view however long it becomes.
            own = Follower(rows.part(row, "prose")) if shown.is_beside else None

            def follow() -> None:
                if own is not None:
                    own.follow()
                self._follower.follow()

            prose = Prose(rows.part(row, "prose"), self._renderer, self._furnishing, follow)
            self._bodies[shown.key] = AnswerBody(row, prose, own)
        return row

    def _change_message(self, row: Element, shown: Shown) -> None:
        rows.change(row, shown)
        body = self._bodies.get(shown.key)
        if body is None:
            return
        live = self._live(shown.key) if shown.message.status is Status.STREAMING else None
        if live is not None:
            body.follow(live)
        else:
            body.show(shown.message)

    def _drop_message(self, shown: Shown) -> None:
        body = self._bodies.pop(shown.key, None)
        if body is not None:
            body.close()

    def _waiting(self) -> list[Message]:
        shown = () if self._conversation is None else self._conversation.shown
        return [one for one in shown if one.status is Status.STREAMING and self._live(one.id) is not None]

    async def _tick(self) -> None:
        """Count the seconds until the first word, so that the user sees that something goes on."""
        self._is_ticking = True
        while waiting := self._waiting():
            for message in waiting:
                row = self._row(message.id)
                if row is not None:
                    seconds = max(0, int(self._clock.now() - message.created))
                    key = "chat.pending.slow" if seconds > SLOW else "chat.pending"
                    dom.set_text(rows.part(row, "pending").querySelector("span"), t(key, seconds=seconds))
            await self._clock.sleep(1)
        self._is_ticking = False

    def _text(self, message_id: str) -> str:
        messages = {} if self._conversation is None else self._conversation.messages
        return messages[message_id].text if message_id in messages else ""

    def _edit(self, message_id: str) -> None:
        row = self._row(message_id)
        if row is not None:
            rows.begin_editing(row, self._text(message_id))

    def _leave_editing(self, message_id: str) -> None:
        row = self._row(message_id)
        if row is not None:
            rows.end_editing(row)

    def _on_key(self, event: Event) -> None:
        row = dom.closest(event.target, "[data-key]:has(.editing)")
        if event.key == "Escape" and row is not None:
            self._leave_editing(dom.attribute(row, "data-key"))

    def _on_submit(self, event: Event) -> None:
        event.preventDefault()
        row = dom.closest(event.target, "[data-key]")
        if row is None:
            return
        message_id, typed = dom.attribute(row, "data-key"), rows.edited(row)
        self._leave_editing(message_id)
        if typed.strip() and typed != self._text(message_id):
            self._actions.edit(message_id, typed)
