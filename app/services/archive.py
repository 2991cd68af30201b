"""The archive: conversations in the database, where no tab overwrites another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from app.core.conversation_records import (
    heading_record,
    message_record,
)
from app.core.conversations import Conversation, Heading, Message
from app.core.problems import Problem
from app.core.search import Entry, Signature, fold
from app.services.ports import Conflict, Database, Delete, Put, Tabs, Write
from app.services.stored_conversations import CONVERSATIONS, MESSAGES, SEARCH, StoredConversations
from app.services.tasks import Tasks

KIND = "conversation"
"""What tabs call a conversation when they announce a change."""

ATTEMPTS = 8
"""How often a change is tried again when other tabs are faster."""

HeadingChange = Callable[[Heading], Heading]
"""Changes a heading. It may run more than once, each time on the heading that is stored then."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A conversation was written or, when there is no heading, deleted; by another tab when `is_remote`."""

    id: str
    heading: Heading | None
    entry: Entry | None
    is_remote: bool = False


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted, and all that is needed to undo it."""

    id: str
    title: str
    records: tuple[Put, ...]


class Archive(StoredConversations):
    """Reads and writes conversations."""

    def __init__(self, database: Database, tabs: Tabs, tasks: Tasks, warn: Callable[[Problem], None]) -> None:
        """Keep conversations in `database` and tell `tabs` about changes; `warn` shows what could not be read."""
        super().__init__(database, warn)
        self._tabs = tabs
        self._tasks = tasks
        self._listeners: list[Callable[[Changed], None]] = []
        tabs.listen(self._on_remote)

    def on_change(self, run: Callable[[Changed], None]) -> None:
        """Call `run` after every change that is stored, of this tab or another one."""
        self._listeners.append(run)

    async def write(
        self,
        conversation: Conversation,
        changed: Sequence[Message],
        change: HeadingChange = lambda heading: heading,
        *,
        more: Sequence[Write] = (),
        create: bool = True,
        durable: bool = False,
    ) -> Heading | None:
        """Store changed messages and a changed heading, and do `more`, in one transaction.

        `conversation` is what this tab has of it; `change` is made to the heading that is stored. A conversation that
        is not there is written whole, or, without `create`, not at all: then the answer is None and nothing was done.

        Raises:
            StorageError: quota, or the database cannot be written; nothing was.
        """
        for _ in range(ATTEMPTS):
            stored = await self.stored_heading(conversation.id)
            if stored is None and not create:
                return None
            heading, entry, writes = await self._prepared(conversation, changed, change, stored)
            try:
                await self._database.commit([*writes, *more], durable)
            except Conflict:
                continue
            self._tell(Changed(heading.id, heading, entry))
            return heading
        raise Conflict(Problem.of("storage.conflict"))

    async def add(self, conversations: Sequence[Conversation]) -> None:
        """Store new conversations in one transaction.

        Raises:
            Conflict: one of them is there already; nothing was written.
            StorageError: quota, or the database cannot be written; nothing was.
        """
        writes: list[Write] = []
        changes: list[Changed] = []
        for conversation in conversations:
            heading = replace(conversation.heading, rev=1)
            entry = _entry(heading, Signature.of(_texts(heading, conversation.messages.values())))
            writes.append(Put(CONVERSATIONS, heading_record(heading), 0))
            writes.append(Put(SEARCH, entry.to_record()))
            writes.extend(_puts(conversation.id, conversation.messages.values()))
            changes.append(Changed(heading.id, heading, entry))
        await self._database.commit(writes, durable=True)
        for change in changes:
            self._tell(change)

    async def delete(self, conversation_id: str) -> Deleted | None:
        """Delete a conversation; what is returned undoes it. None when it was not there.

        Raises:
            StorageError: the database cannot be written; nothing was deleted.
        """
        for _ in range(ATTEMPTS):
            deleted = await self._collect(conversation_id)
            if deleted is None:
                return None
            try:
                await self._database.commit([_reverse(put) for put in deleted.records], durable=True)
            except Conflict:
                continue
            self._tell(Changed(conversation_id, None, None))
            return deleted
        raise Conflict(Problem.of("storage.conflict"))

    async def restore(self, deleted: Deleted) -> None:
        """Undo a deletion; undoing it twice is fine.

        Raises:
            StorageError: the database cannot be written.
        """
        puts = [replace(put, based_on=0) if put.store == CONVERSATIONS else put for put in deleted.records]
        try:
            await self._database.commit(puts, durable=True)
        except Conflict:
            return
        await self._refresh(deleted.id, is_remote=False)
        self._tabs.announce(KIND, deleted.id)

    async def _prepared(
        self,
        conversation: Conversation,
        changed: Sequence[Message],
        change: HeadingChange,
        stored: Heading | None,
    ) -> tuple[Heading, Entry, list[Write]]:
        based_on = 0 if stored is None else stored.rev
        heading = replace(change(stored or conversation.heading), rev=based_on + 1)
        messages = changed
        if stored is None:
            messages = tuple({**conversation.messages, **{one.id: one for one in changed}}.values())
            signature = Signature.of(_texts(heading, messages))
        else:
            signature = await self._signature(heading, changed)
        entry = _entry(heading, signature)
        writes: list[Write] = [
            Put(CONVERSATIONS, heading_record(heading), based_on),
            Put(SEARCH, entry.to_record()),
            *_puts(heading.id, messages),
        ]
        return heading, entry, writes

    async def _signature(self, heading: Heading, added: Iterable[Message]) -> Signature:
        """The stored signature with more texts in it; made anew when it has become too full to tell much."""
        record = await self._database.get(SEARCH, heading.id)
        texts = _texts(heading, added)
        if record is not None:
            signature = Entry.from_record(record).signature
            for text in texts:
                signature = signature.adding(text)
            if not signature.is_crowded:
                return signature
        stored = (await self.messages([heading.id]))[0]
        return Signature.of([*texts, *_texts(heading, stored)])

    async def _collect(self, conversation_id: str) -> Deleted | None:
        heading = await self._database.get(CONVERSATIONS, conversation_id)
        if heading is None:
            return None
        entry = await self._database.get(SEARCH, conversation_id)
        messages = (await self._database.by_index(MESSAGES, "conversation", [conversation_id]))[0]
        puts = [Put(CONVERSATIONS, heading, int(heading.get("rev", 0)))]
        puts += [Put(SEARCH, entry)] if entry is not None else []
        puts += [Put(MESSAGES, message) for message in messages]
        return Deleted(conversation_id, str(heading.get("title", "")), tuple(puts))

    def _tell(self, changed: Changed) -> None:
        for run in self._listeners:
            run(changed)
        if not changed.is_remote:
            self._tabs.announce(KIND, changed.id)

    def _on_remote(self, kind: str, key: str) -> None:
        if kind == KIND:
            self._tasks.start(self._refresh(key, is_remote=True))

    async def _refresh(self, conversation_id: str, is_remote: bool) -> None:
        heading = await self.stored_heading(conversation_id)
        record = await self._database.get(SEARCH, conversation_id)
        entry = None if record is None else Entry.from_record(record)
        changed = Changed(conversation_id, heading, entry, is_remote)
        for run in self._listeners:
            run(changed)


def _texts(heading: Heading, messages: Iterable[Message]) -> list[str]:
    """What the search looks at."""
    return [heading.title, *(message.text for message in messages)]


def _entry(heading: Heading, signature: Signature) -> Entry:
    return Entry(heading.id, -heading.rank[1], fold(heading.title), signature)


def _puts(conversation_id: str, messages: Iterable[Message]) -> list[Put]:
    return [Put(MESSAGES, message_record(conversation_id, message)) for message in messages]


def _reverse(put: Put) -> Delete:
    return Delete(put.store, str(put.record["id"]), put.based_on)
