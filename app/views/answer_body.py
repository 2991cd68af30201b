"""The prose of one answer, whole or while it comes."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Element
from app.browser.render.prose import Prose
from app.core.conversations import Message, Status
from app.core.text import t
from app.services.live_answer import LiveAnswer
from app.views import message as rows
from app.views.scrolling import Follower


class AnswerBody:
    """Fills the row of an answer."""

    def __init__(self, row: Element, prose: Prose, follower: Follower | None = None) -> None:
        """`prose` writes into the row's part for it, which scrolls by itself if it has a `follower`."""
        self._row = row
        self._follower = follower
        self._prose = prose
        self._unsubscribe: Callable[[], None] | None = None
        self._is_pending = False

    def show(self, message: Message) -> None:
        """Show a message that is over, or that another tab writes."""
        self._leave()
        if self._prose.text == message.text:
            self._prose.finish()
        else:
            self._prose.show(message.text)
        if not (message.text or message.raw or message.calls) and message.status is Status.DONE:
            note = dom.create("p", t("chat.empty_answer"), class_="quiet")
            dom.replace_children(rows.part(self._row, "prose"), note)

    def follow(self, live: LiveAnswer) -> None:
        """Show what comes, as it comes."""
        if self._unsubscribe is None:
            self._prose.show("")
            self._is_pending = True
            self._unsubscribe = live.subscribe(self._take)

    def close(self) -> None:
        """Let go of everything."""
        self._leave()
        self._prose.close()
        if self._follower is not None:
            self._follower.close()

    def _take(self, text: str, reasoning: str) -> None:
        if reasoning:
            rows.add_reasoning(self._row, reasoning)
        if text:
            if self._is_pending:
                self._is_pending = False
                dom.show(rows.part(self._row, "pending"), False)
            self._prose.push(text)

    def _leave(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
