"""The library: the list of all conversations, and what can be done with one as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from app.core import branches
from app.core.conversations import Conversation, Heading, Message, Status
from app.core.listing import Listing
from app.core.problems import InvalidInput, Problem
from app.core.store import Cell
from app.core.text import t
from app.services.answers import Answers
from app.services.archive import Archive, Changed, Deleted, HeadingChange
from app.services.ports import Clock, Delete
from app.services.stored_conversations import MESSAGES

T = TypeVar("T")

PAGE = 100
"""Conversations read at a time: what a tall screen shows, a few times over."""


class Library:
    """Lists conversations, page by page, and changes them; the list follows what every tab does."""

    def __init__(
        self,
        cell: Cell[Listing],
        archive: Archive,
        answers: Answers,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        """Show the list in `cell`."""
        self._cell = cell
        self._archive = archive
        self._answers = answers
        self._clock = clock
        self._new_id = new_id
        self._last: Heading | None = None
        self._is_reading = False
        archive.on_change(self._on_change)

    async def more(self) -> None:
        """Read the next page of the list: the first one at the start, then whenever the end of the list is in sight.

        Raises:
            StorageError: the database cannot be read.
        """
        if self._is_reading or not self._cell.value.has_more:
            return
        self._is_reading = True
        try:
            page = await self._archive.page(self._last, PAGE)
        finally:
            self._is_reading = False
        if page:
            self._last = page[-1]
        self._cell.update(lambda listing: listing.with_page(page, has_more=bool(page)))

    async def open(self, conversation_id: str) -> Conversation:
        """A whole conversation. An answer in it that a tab left unfinished when it died is mended first.

        Raises:
            InvalidInput: it was deleted.
            StorageError: the database cannot be read.
        """
        conversation = await self._archive.read(conversation_id)
        if conversation is not None and self._has_stray(conversation.messages.values()):
            await self._answers.recover()
            conversation = await self._archive.read(conversation_id)
        found = _there(conversation)
        return replace(
            found, messages={key: self._answers.latest(one) for key, one in found.messages.items()}
        )

    async def change(self, conversation_id: str, change: HeadingChange) -> Heading:
        """Change what belongs to a conversation as a whole: `lambda heading: heading.renamed("…")` and the like.

        Raises:
            InvalidInput: it was deleted.
            StorageError: the database cannot be written.
        """
        stub = Conversation(conversation_id, 0.0)
        return _there(await self._archive.write(stub, (), change, create=False))

    async def duplicate(self, conversation_id: str) -> Heading:
        """Store a copy of a conversation, on top of the list.

        Raises:
            InvalidInput: it was deleted.
            StorageError: the database cannot be written.
        """
        original = await self.open(conversation_id)
        title = t("library.copy_title", title=original.title or t("library.untitled"))
        copy = branches.copy(original, self._clock.now(), self._new_id).renamed(title)
        return _there(await self._archive.write(copy, ()))

    async def delete(self, conversation_id: str) -> Deleted | None:
        """Stop what is being answered in a conversation and delete it; None when it was gone already.

        Raises:
            StorageError: the database cannot be written; nothing was deleted.
        """
        await self._answers.stop_all(conversation_id)
        return await self._archive.delete(conversation_id)

    async def undo(self, deleted: Deleted) -> None:
        """Put back what `delete` took away.

        Raises:
            StorageError: the database cannot be written.
        """
        await self._archive.restore(deleted)

    async def delete_branch(self, conversation: Conversation, message_id: str) -> Conversation:
        """Delete a message and all that follow it; the conversation without them.

        Raises:
            StorageError: the database cannot be written; nothing was deleted.
        """
        gone = branches.below(conversation, message_id)
        for each in gone:
            self._answers.stop(each)
        smaller = replace(branches.without(conversation, message_id), updated=self._clock.now())
        deletions = [Delete(MESSAGES, each) for each in gone]
        await self._archive.write(
            smaller,
            (),
            lambda heading: heading.shown_to(smaller.head).touched(smaller.updated),
            more=deletions,
        )
        return smaller

    def _has_stray(self, messages: Iterable[Message]) -> bool:
        return any(
            self._answers.latest(message).status is Status.STREAMING
            and self._answers.live(message.id) is None
            for message in messages
        )

    def _on_change(self, changed: Changed) -> None:
        heading = changed.heading
        if heading is None:
            self._cell.update(lambda listing: listing.without(changed.id))
        else:
            self._cell.update(lambda listing: listing.with_heading(heading))


def _there(found: T | None) -> T:
    if found is None:
        raise InvalidInput(Problem.of("library.gone"))
    return found
