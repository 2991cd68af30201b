"""Reading stored conversations. What cannot be read is put aside, never thrown away, and the user is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app.core.conversation_records import InvalidRecord, assemble, read_heading, read_message
from app.core.conversations import Conversation, Heading, Message
from app.core.problems import Problem
from app.services.ports import Database, Delete, Put, Write

CONVERSATIONS, MESSAGES, SEARCH, QUARANTINE = "conversations", "messages", "search", "quarantine"
"""Object stores."""


class StoredConversations:
    """The reading half of the archive."""

    def __init__(self, database: Database, warn: Callable[[Problem], None]) -> None:
        """Read from `database`; `warn` shows what could not be read."""
        self._database = database
        self._warn = warn

    async def page(self, after: Heading | None, count: int) -> list[Heading]:
        """Up to `count` headings by rank, those after `after`.

        Raises:
            StorageError: the database cannot be read.
        """
        beyond = None if after is None else list(after.rank)
        records = await self._database.page(CONVERSATIONS, "rank", beyond, count)
        return await self._readable(CONVERSATIONS, records, read_heading)

    async def headings(self, ids: Sequence[str]) -> list[Heading]:
        """The headings of those conversations that are there, in the order of `ids`.

        Raises:
            StorageError: the database cannot be read.
        """
        records = await self._database.get_many(CONVERSATIONS, ids)
        return await self._readable(CONVERSATIONS, [one for one in records if one is not None], read_heading)

    async def read(self, conversation_id: str) -> Conversation | None:
        """A whole conversation, None when it is not there.

        Raises:
            StorageError: the database cannot be read.
        """
        headings = await self.headings([conversation_id])
        if not headings:
            return None
        return (await self.whole(headings))[0]

    async def whole(self, headings: Iterable[Heading]) -> list[Conversation]:
        """Headings with their messages.

        Raises:
            StorageError: the database cannot be read.
        """
        listed = list(headings)
        found = await self.messages([heading.id for heading in listed])
        return [assemble(heading, messages) for heading, messages in zip(listed, found, strict=True)]

    async def messages(self, ids: Sequence[str]) -> list[list[Message]]:
        """The messages of each of the conversations.

        Raises:
            StorageError: the database cannot be read.
        """
        found = await self._database.by_index(MESSAGES, "conversation", ids)
        return [await self._readable(MESSAGES, records, read_message) for records in found]

    async def stored_heading(self, conversation_id: str) -> Heading | None:
        """The heading that is stored; None when there is none that can be read.

        Raises:
            StorageError: the database cannot be read.
        """
        try:
            return read_heading(await self._database.get(CONVERSATIONS, conversation_id))
        except InvalidRecord:
            return None

    async def _readable(self, store: str, records: Iterable[Any], read: Callable[[Any], Any]) -> list[Any]:
        """What can be read of `records`; the others are moved out of the way, and the user is told."""
        found, unreadable = [], []
        for record in records:
            try:
                found.append(read(record))
            except InvalidRecord:
                unreadable.append(record)
        if unreadable:
            await self._put_aside(store, unreadable)
        return found

    async def _put_aside(self, store: str, records: Sequence[Mapping[str, Any]]) -> None:
        writes: list[Write] = []
        for record in records:
            kept = {"id": f"{store}/{record['id']}", "record": record}
            writes += [Put(QUARANTINE, kept), Delete(store, record["id"])]
        await self._database.commit(writes)
        self._warn(Problem.of("library.unreadable", count=len(records)))
