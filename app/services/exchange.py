"""Conversations, prompts and presets in and out of files, many of them without a pause that anybody could feel."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from app.core.conversations import Conversation, Heading
from app.core.exchange import berth
from app.core.exchange.importing import Importer, is_same, settle
from app.core.text import tn
from app.services.archive import Archive
from app.services.ports import Clock, Database, TextFile, TextSink
from app.services.shelves import Shelves
from app.services.stored_conversations import CONVERSATIONS, MESSAGES, QUARANTINE

BATCH = 50
"""Conversations read or written at a time."""

SLICE = 0.02
"""Seconds of work after which the page gets its turn."""

Progress = Callable[[float], None]
"""Called with how much is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the conversations in a file: new here, here already in the same form, and unreadable.

    `prompts` and `presets` were new here. `sealed` are connections that wait for their passphrase.
    """

    new: int
    known: int
    unreadable: int
    prompts: int = 0
    presets: int = 0
    sealed: Any | None = None

    def __str__(self) -> str:
        """In words."""
        parts = [tn("exchange.imported", self.new)]
        parts += [tn("exchange.prompts", self.prompts)] if self.prompts else []
        parts += [tn("exchange.presets", self.presets)] if self.presets else []
        parts += [tn("exchange.known", self.known)] if self.known else []
        parts += [tn("exchange.skipped", self.unreadable)] if self.unreadable else []
        return " ".join(parts)


class Exchange:
    """Exports and imports."""

    def __init__(
        self,
        archive: Archive,
        shelves: Shelves,
        database: Database,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        """Read from and write to `archive` and `shelves`; `database` tells which ids are taken."""
        self._archive = archive
        self._shelves = shelves
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def export_all(
        self,
        sink: TextSink,
        progress: Progress = lambda _: None,
        connections: Mapping[str, Any] | None = None,
    ) -> int:
        """Write everything that was said or kept in Berth's own format; how many conversations there were.

        That is all conversations, the records that were put aside, prompts, presets, and sealed `connections`.

        Raises:
            StorageError: the database cannot be read.
        """
        writer = berth.Writer()
        sink.write(writer.begin(self._clock.now()))
        total, done = max(await self._database.count(CONVERSATIONS), 1), 0
        last: Heading | None = None
        while page := await self._archive.page(last, BATCH):
            last = page[-1]
            for conversation in await self._archive.whole(page):
                sink.write(writer.conversation(conversation))
            done += len(page)
            progress(min(done / total, 1.0))
            await self._clock.sleep(0)
        sink.write(writer.shelf(berth.PROMPTS, self._shelves.prompts.shelf.items))
        sink.write(writer.shelf(berth.PRESETS, self._shelves.presets.shelf.items))
        sink.write(writer.end(await self._database.with_prefix(QUARANTINE, ""), connections))
        return done

    def export_one(self, conversation: Conversation, sink: TextSink) -> None:
        """Write one conversation in Berth's own format."""
        writer = berth.Writer()
        sink.write(writer.begin(self._clock.now()))
        sink.write(writer.conversation(conversation))
        sink.write(writer.end())

    async def import_file(self, file: TextFile, progress: Progress = lambda _: None) -> Imported:
        """Read a file of Berth, ChatGPT or Open WebUI. It is read twice: nothing is written before all of it is valid.

        Raises:
            InvalidFile: it is none of these, or damaged; nothing was imported.
            StorageError: the database is full or broken; what was imported before that stays, and is known next time.
        """
        importer = Importer(file.name)
        async with aclosing(self._conversations(importer, file, lambda part: progress(part / 2))) as found:
            async for _ in found:
                pass
        counts = Imported(0, 0, 0)
        batch: list[Conversation] = []
        again = Importer(file.name)
        async with aclosing(self._conversations(again, file, lambda part: progress(0.5 + part / 2))) as found:
            async for conversation in found:
                if conversation is None:
                    counts = Imported(counts.new, counts.known, counts.unreadable + 1)
                else:
                    batch.append(conversation)
                if len(batch) == BATCH:
                    counts = await self._add(batch, counts)
                    batch = []
        counts = await self._add(batch, counts)
        return replace(
            counts,
            prompts=await self._shelves.prompts.add(importer.prompts),
            presets=await self._shelves.presets.add(importer.presets),
            sealed=importer.sealed,
        )

    async def _conversations(
        self, importer: Importer, file: TextFile, progress: Progress
    ) -> AsyncGenerator[Conversation | None, None]:
        """What is in a file, with a turn for the page now and then."""
        turn = self._clock.monotonic()
        read = 0
        async with aclosing(file.texts()) as texts:
            async for text, size in texts:
                read += size
                progress(read / max(file.size, 1))
                for conversation in importer.feed(text):
                    yield conversation
                    if self._clock.monotonic() - turn > SLICE:
                        await self._clock.sleep(0)
                        turn = self._clock.monotonic()
        for conversation in importer.close():
            yield conversation

    async def _add(self, batch: list[Conversation], counts: Imported) -> Imported:
        """Store those that are not here yet, under ids of their own."""
        here = {one.id: one for one in await self._archive.headings([one.id for one in batch])}
        stored = {one.id: one for one in await self._archive.whole(here.values())}
        messages = await self._taken(MESSAGES, (key for one in batch for key in one.messages))
        taken = messages | set(here)
        new: list[Conversation] = []
        for one in batch:
            if one.id not in stored or not is_same(one, stored[one.id]):
                settled = settle(one, taken.__contains__, self._new_id)
                taken |= {settled.id, *settled.messages}
                new.append(settled)
        if new:
            await self._archive.add(new)
        await self._clock.sleep(0)
        return Imported(counts.new + len(new), counts.known + len(batch) - len(new), counts.unreadable)

    async def _taken(self, store: str, keys: Iterable[str]) -> set[str]:
        asked = list(keys)
        found = await self._database.get_many(store, asked)
        return {key for key, record in zip(asked, found, strict=True) if record is not None}
