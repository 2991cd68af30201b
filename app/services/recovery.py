"""Recovery: what a killed tab had received of an answer is folded into its message."""

from __future__ import annotations

import asyncio
from collections.abc import Container

from app.core import stream_log
from app.core.conversation_records import InvalidRecord, read_message
from app.core.conversations import Conversation, Status
from app.services.archive import Archive
from app.services.log_writer import STREAM_LOG
from app.services.ports import Database, DeletePrefix, Locks
from app.services.stored_conversations import MESSAGES


def lock_name(message_id: str) -> str:
    """The lock that a tab holds while an answer comes to it."""
    return f"stream:{message_id}"


class Recovery:
    """Finds logs that nobody writes any more. One run at a time; who comes meanwhile waits for it."""

    def __init__(self, archive: Archive, database: Database, locks: Locks) -> None:
        """Fold the logs in `database` into the messages of `archive`."""
        self._archive = archive
        self._database = database
        self._locks = locks
        self._running = asyncio.Lock()

    async def run(self, but: Container[str]) -> int:
        """Fold all logs without a live lock, except those of the messages `but`; how many.

        Raises:
            StorageError: the database cannot be read or written; the logs stay as they are.
        """
        recovered = 0
        async with self._running:
            for message_id in stream_log.message_ids(await self._database.keys(STREAM_LOG, "")):
                if message_id not in but:
                    async with self._locks.hold(lock_name(message_id)) as is_held:
                        recovered += is_held and await self._fold(message_id)
        return recovered

    async def _fold(self, message_id: str) -> bool:
        """Fold one log; False when there is nothing left to fold it into."""
        log = DeletePrefix(STREAM_LOG, stream_log.prefix(message_id))
        record = await self._database.get(MESSAGES, message_id)
        try:
            message, conversation_id = read_message(record), str(record and record["conversation"])
        except InvalidRecord:
            message, conversation_id = None, ""
        if message is not None and message.status is Status.STREAMING:
            rows = await self._database.with_prefix(STREAM_LOG, log.prefix)
            folded = stream_log.fold(message, rows)
            stub = Conversation(conversation_id, message.created)
            if await self._archive.write(stub, [folded], more=[log], create=False, durable=True):
                return True
        await self._database.commit([log])
        return False
