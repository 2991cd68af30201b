"""The search over all conversations: candidates by their signatures, then each is read, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice

from app.core.listing import Found, Hit, Listing
from app.core.search import Entry, Query, Row, fold
from app.core.store import Cell
from app.services.archive import Archive, Changed
from app.services.ports import Clock, Database
from app.services.stored_conversations import SEARCH
from app.services.tasks import Tasks

PAGE = 500
"""Entries read at a time, 0.7 MB of them."""

FIRST_BATCH, LARGEST_BATCH = 20, 80
"""Conversations that are read at a time to see whether they match: few at first, so that the first hits come soon."""

ROWS = 1000
"""Entries that are gone through at a time, in about two milliseconds."""

ENOUGH = 30
"""Hits after which a search waits until the user wants more."""

SLICE = 0.012
"""Seconds of work after which the page gets its turn."""


class Search:
    """Finds conversations while the user types. Its index is read once, when it is first needed."""

    def __init__(
        self, cell: Cell[Listing], archive: Archive, database: Database, clock: Clock, tasks: Tasks
    ) -> None:
        """Show what is found in `cell`."""
        self._cell = cell
        self._archive = archive
        self._database = database
        self._clock = clock
        self._tasks = tasks
        self._entries: dict[str, Entry] = {}
        self._newest_first: list[Row] | None = None
        self._loading: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None
        self._query = Query(())
        self._left: Iterator[Entry | None] = iter(())
        self._batch = FIRST_BATCH
        archive.on_change(self._on_change)

    async def load(self) -> None:
        """Read the index, if that was not done: for a quiet moment after the start, or when the field gets the focus.

        Raises:
            StorageError: the database cannot be read.
        """
        if self._loading is None:
            self._loading = asyncio.ensure_future(self._load())
        try:
            await asyncio.shield(self._loading)
        except Exception:
            self._loading = None
            raise

    def start(self, text: str) -> None:
        """Look for what the user typed, in place of what was typed before; nothing typed ends the search."""
        if self._running is not None:
            self._running.cancel()
        self._query = Query.parse(text)
        if not self._query.terms:
            self._cell.update(lambda listing: listing.searching(None))
            return
        self._cell.update(lambda listing: listing.searching(Found(text)))
        self._running = self._tasks.start(self._begin())

    def more(self) -> None:
        """Go on with a search that found enough."""
        found = self._cell.value.found
        if found is not None and found.has_more:
            self._running = self._tasks.start(self._find())

    async def _load(self) -> None:
        last: str | None = None
        while page := await self._database.page(SEARCH, "", last, PAGE):
            for record in page:
                self._entries.setdefault(record["id"], Entry.from_record(record))
            last = page[-1]["id"]
            await self._clock.sleep(0)
        self._newest_first = None

    async def _begin(self) -> None:
        await self.load()
        self._left = self._candidates(self._query)
        self._batch = FIRST_BATCH
        await self._find()

    async def _find(self) -> None:
        found: list[Hit] = []
        while len(found) < ENOUGH:
            batch, is_last = await self._next_batch()
            hits = await self._hits(batch)
            found += hits
            self._show(hits, is_over=is_last, has_more=not is_last)
            if is_last:
                return
        self._show([], is_over=True, has_more=True)

    async def _next_batch(self) -> tuple[list[Entry], bool]:
        """The next candidates, and whether they are the last."""
        batch: list[Entry] = []
        turn = self._clock.monotonic()
        for entry in self._left:
            if entry is not None:
                batch.append(entry)
                if len(batch) == self._batch:
                    self._batch = min(2 * self._batch, LARGEST_BATCH)
                    return batch, False
            if self._clock.monotonic() - turn > SLICE:
                await self._clock.sleep(0)
                turn = self._clock.monotonic()
        return batch, True

    def _candidates(self, query: Query) -> Iterator[Entry | None]:
        """The entries that may match, newest first, and None now and then, when there is time for a pause."""
        if self._newest_first is None:
            entries = sorted(self._entries.values(), key=lambda entry: -entry.newest)
            self._newest_first = [entry.row for entry in entries]
        rows = iter(self._newest_first)
        while some := list(islice(rows, ROWS)):
            yield from query.candidates(some)
            yield None

    async def _hits(self, batch: Sequence[Entry]) -> list[Hit]:
        """Those of a batch that really match, with the place where they do."""
        query = self._query
        texts = await self._texts(batch) if query.searches_texts else [[] for _ in batch]
        matching: dict[str, list[str]] = {}
        for entry, own in zip(batch, texts, strict=True):
            if query.matches(entry.title, map(fold, own)):
                matching[entry.id] = own
        headings = await self._archive.headings(list(matching)) if matching else []
        return [
            Hit(heading, next(filter(None, map(query.snippet, matching[heading.id])), None))
            for heading in headings
        ]

    async def _texts(self, batch: Sequence[Entry]) -> list[list[str]]:
        found = await self._database.by_index("messages", "conversation", [entry.id for entry in batch])
        return [[str(record.get("text", "")) for record in records] for records in found]

    def _show(self, hits: Sequence[Hit], *, is_over: bool, has_more: bool) -> None:
        def change(listing: Listing) -> Listing:
            if listing.found is None:
                return listing
            known = listing.found.hits + tuple(hits)
            return listing.searching(Found(listing.found.query, known, is_over, has_more))

        self._cell.update(change)

    def _on_change(self, changed: Changed) -> None:
        if changed.entry is not None:
            self._entries[changed.id] = changed.entry
        else:
            self._entries.pop(changed.id, None)
        self._newest_first = None
