"""The chat: the conversation that is open, what is said in it, and which of its branches is shown."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.core import branches, sides
from app.core.attachments import Attachment
from app.core.branches import Turn
from app.core.connections import ModelRef
from app.core.conversations import Conversation, Heading, Message
from app.core.parameters import Parameters
from app.core.store import Cell
from app.core.tokens import Counter
from app.core.trimming import ANY, Room
from app.services.answers import Answers
from app.services.archive import Archive, Changed
from app.services.library import Library
from app.services.ports import Clock

Start = Callable[[Coroutine[Any, Any, None]], object]
"""Runs a coroutine beside everything else: `Tasks.start`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A model that is to answer, with the parameters for it, and what there is room for in its context."""

    model: ModelRef
    parameters: Parameters
    room: Room = ANY


def new_id() -> str:
    """A random id for a conversation or a message."""
    return secrets.token_hex(8)


class Chat:
    """The use cases of the open conversation. Answers go on when another one is opened."""

    def __init__(
        self,
        cell: Cell[Conversation],
        library: Library,
        archive: Archive,
        answers: Answers,
        clock: Clock,
        start: Start,
    ) -> None:
        """Keep the open conversation in `cell` and in `archive`."""
        self._cell = cell
        self._library = library
        self._archive = archive
        self._answers = answers
        self._clock = clock
        self._start = start
        self.counter = Counter()
        self._opening = ""
        archive.on_change(self._on_change)

    def begin(self, model: ModelRef | None, typed: Mapping[str, Mapping[str, str]]) -> None:
        """Leave the conversation shown and begin an empty one with these parameters (as `Heading.typed`)."""
        self._opening = ""
        fresh = Conversation(new_id(), self._clock.now(), model=model, typed=typed)
        self._cell.update(lambda _: fresh)

    async def open(self, conversation_id: str) -> None:
        """Show a stored conversation.

        Raises:
            InvalidInput: it was deleted.
            StorageError: the database cannot be read.
        """
        self._opening = conversation_id
        conversation = await self._library.open(conversation_id)
        if self._opening == conversation_id:  # else the user went elsewhere while it was read
            self._cell.update(lambda _: conversation)

    def ask(self, text: str, asked: Sequence[Asked], attachments: tuple[Attachment, ...] = ()) -> None:
        """Say `text` and let each of the models answer it, side by side; the first one's answer is on the branch."""
        now = self._clock.now()
        turn = branches.ask(self._cell.value, text, asked[0].model, now, new_id, attachments)
        self._begin(self._beside(turn, asked), asked)

    def edit(self, message_id: str, text: str, asked: Sequence[Asked]) -> None:
        """Say `text` in place of an earlier message of the user, which stays as an alternative; then as `ask`."""
        turn = branches.edit(self._cell.value, message_id, text, asked[0].model, self._clock.now(), new_id)
        self._begin(self._beside(turn, asked), asked)

    def regenerate(self, answer_id: str, asked: Asked) -> None:
        """Ask for an alternative to an answer."""
        now = self._clock.now()
        turn = branches.regenerate(self._cell.value, answer_id, asked.model, now, new_id)
        self._begin([turn], [asked])

    def resume(self, answer_id: str, asked: Asked) -> None:
        """Ask for the rest of an answer that was cut off."""
        now = self._clock.now()
        self._begin([branches.resume(self._cell.value, answer_id, asked.model, now, new_id)], [asked])

    def compare(self, answer_id: str) -> None:
        """Show an answer and its alternatives side by side."""
        beside = sides.alternatives(self._cell.value, answer_id)
        self.change(lambda heading: heading.beside(beside))

    def step(self, message_id: str, by: int) -> None:
        """Show the next (1) or the previous (-1) alternative to a message."""
        self._show_branch(branches.step(self._cell.value, message_id, by).head)

    def keep(self, answer_id: str) -> None:
        """Make an answer the branch shown, with what follows it, and it alone.

        Those beside it stay as alternatives; what was still coming of them ends, since nobody would see it.
        """
        conversation = self._cell.value
        for other in conversation.sides:
            if other != answer_id:
                self._answers.stop(other)
        is_on_branch = answer_id in {one.id for one in conversation.branch}
        head = conversation.head if is_on_branch else branches.newest_end(conversation, answer_id)
        self.change(lambda heading: heading.shown_to(head).beside(()))

    def stop_one(self, answer_id: str) -> None:
        """End one answer; what came of it stays."""
        self._answers.stop(answer_id)

    def stop(self) -> None:
        """End the answers of this conversation that are coming; what came of them stays."""
        for live in self._answers.of_conversation(self._cell.value.id):
            self._answers.stop(live.id)

    def change(self, change: Callable[[Heading], Heading]) -> None:
        """Change what belongs to the conversation as a whole, here and, once it was stored, in the database."""
        self._cell.update(lambda conversation: conversation.with_heading(change(conversation.heading)))
        if self._cell.value.messages:
            self._start(self._store(self._cell.value.id, change))

    def take(self, conversation_id: str, message: Message) -> None:
        """Show a message that has ended, if its conversation is the one that is open."""
        if self._cell.value.id == conversation_id and message.id in self._cell.value.messages:
            self._cell.update(lambda conversation: conversation.with_message(message))

    def _beside(self, turn: Turn, asked: Sequence[Asked]) -> Sequence[Turn]:
        return sides.ask_beside(turn, [one.model for one in asked[1:]], self._clock.now(), new_id)

    def _begin(self, turns: Sequence[Turn], asked: Sequence[Asked]) -> None:
        fitted = [turn.fitted(one.room, self.counter.count) for turn, one in zip(turns, asked, strict=True)]
        conversation = turns[0].conversation
        for turn in fitted:
            conversation = conversation.with_message(turn.answer)
        self._cell.update(lambda _: conversation)
        for turn, one in zip(fitted, asked, strict=True):
            self._answers.start(turn, one.parameters)

    def _show_branch(self, head: str | None) -> None:
        if head != self._cell.value.head:
            self.change(lambda heading: heading.shown_to(head))

    async def _store(self, conversation_id: str, change: Callable[[Heading], Heading]) -> None:
        await self._library.change(conversation_id, change)

    def _on_change(self, changed: Changed) -> None:
        if changed.id != self._cell.value.id:
            return
        heading = changed.heading
        if heading is None:
            self.begin(self._cell.value.model, self._cell.value.typed)
        elif changed.is_remote:
            self._start(self._reread(changed.id))
        else:
            self._cell.update(lambda mine: mine.with_heading(heading.shown_to(mine.head).beside(mine.sides)))

    async def _reread(self, conversation_id: str) -> None:
        """Take over what another tab wrote, without leaving the branch that the user looks at here."""
        theirs = await self._archive.read(conversation_id)
        mine = self._cell.value
        if theirs is None or mine.id != conversation_id:
            return
        # An answer that is coming to this tab may not be stored yet, or be stored as the empty one that it began as.
        coming = {one.id: one for one in mine.messages.values() if self._answers.live(one.id) is not None}
        follows = mine.head in {None, *(one.id for one in theirs.branch)}
        head = theirs.head if follows else mine.head
        merged = replace(theirs, messages={**theirs.messages, **coming})
        self._cell.update(lambda _: merged.with_heading(merged.heading.shown_to(head)))
