"""What a screen reader says of an answer while it comes: whole sentences, in a polite live region that nobody sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.browser import dom
from app.core.announcer import Announcer
from app.core.conversations import Conversation, Message, Status
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.services.live_answer import LiveAnswer
from app.views.message import name_of

KEPT = 20
"""Sentences that stay in the region: enough for a screen reader that lags, few enough to cost nothing."""


class Announcements:
    """Follows the answer at the end of the conversation that is shown.

    Of those beside it only the end is told: sentences of several models in turns nobody could follow.
    """

    def __init__(self, store: Store[State], live: Callable[[str], LiveAnswer | None]) -> None:
        """`live` gives the answer of a message while it comes."""
        self._live = live
        self._region = dom.by_id("announcements")
        self._announcer = Announcer(t("announce.code"))
        self._message_id = ""
        self._skip = 0
        self._leave: Callable[[], None] | None = None
        self._coming: frozenset[str] = frozenset()
        store.subscribe(lambda state: state.conversation, self._follow)

    def _follow(self, conversation: Conversation) -> None:
        head = conversation.messages.get(conversation.head or "")
        if self._leave is not None and (head is None or head.id != self._message_id):
            self._end([])
        elif self._leave is not None and head is not None and head.status is not Status.STREAMING:
            self._end(self._announcer.finish())
        if self._leave is None and head is not None and head.status is Status.STREAMING:
            self._begin(head)
        self._follow_sides(conversation)

    def _follow_sides(self, conversation: Conversation) -> None:
        beside = [conversation.messages[one] for one in conversation.sides if one in conversation.messages]
        others = [one for one in beside if one.id != conversation.head]
        came = self._coming
        self._coming = frozenset(one.id for one in others if one.status is Status.STREAMING)
        ended = [one for one in others if one.id in came and one.id not in self._coming]
        self._say(t(f"announce.{one.status}", model=name_of(one)) for one in ended)

    def _begin(self, message: Message) -> None:
        live = self._live(message.id)
        if live is None:
            return
        self._message_id = message.id
        self._announcer = Announcer(t("announce.code"))
        # An answer that is continued begins with what it had: that was said when it came.
        self._skip = len(live.message.text)
        self._leave = live.subscribe(self._on_piece)

    def _on_piece(self, text: str, _reasoning: str) -> None:
        text, self._skip = text[self._skip :], 0
        self._say(self._announcer.feed(text))

    def _end(self, last: Iterable[str]) -> None:
        if self._leave is not None:
            self._leave()
        self._leave = None
        self._say(last)

    def _say(self, sentences: Iterable[str]) -> None:
        said = [dom.create("p", sentence, dir="auto") for sentence in sentences]
        if not said:
            return
        self._region.append(*said)
        while self._region.childElementCount > KEPT:
            self._region.firstElementChild.remove()
