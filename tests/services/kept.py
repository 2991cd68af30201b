"""Tabs that share one database, with everything that keeps conversations, and a model that the test plays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from app.core import branches
from app.core.branches import Turn
from app.core.connections import ModelRef
from app.core.conversations import Conversation, Message
from app.core.deltas import Delta, FinishDelta, TextDelta
from app.core.listing import Listing
from app.core.messages import PromptMessage
from app.core.parameters import Parameters
from app.core.problems import Problem, StorageError
from app.core.store import Store, StoreCell
from app.services.answers import AnswerHooks, Answers
from app.services.archive import Archive
from app.services.library import Library
from app.services.log_writer import STREAM_LOG
from app.services.memory_database import MemoryDatabase
from app.services.ports import Write
from app.services.search import Search
from app.services.tasks import Tasks
from tests.services.fakes import FakeClock
from tests.services.virtual_time import keep

MODEL = ModelRef("local", "tiny.gguf")


class FakeDatabase(MemoryDatabase):
    """A database in memory that can be full, and that tells what was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_full = False
        self.commits: list[tuple[Write, ...]] = []
        self.before_commit: Callable[[], None] = lambda: None

    async def commit(self, writes: Sequence[Write], durable: bool = False) -> None:
        await asyncio.sleep(0.001)
        self.before_commit()
        if self.is_full:
            raise StorageError(Problem.of("storage.full"))
        await super().commit(writes, durable)
        self.commits.append(tuple(writes))


class FakeLocks:
    """The `Locks` port of one browser: all its tabs share `held`."""

    def __init__(self, held: set[str]) -> None:
        self._held = held

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:
        if name in self._held:
            yield False
            return
        self._held.add(name)
        try:
            yield True
        finally:
            self._held.discard(name)


class FakeTabs:
    """The `Tabs` port: what one tab announces, the others hear at once."""

    def __init__(self, channel: list[FakeTabs]) -> None:
        self._channel = channel
        self._run: list[Callable[[str, str], None]] = []
        channel.append(self)

    def announce(self, kind: str, key: str) -> None:
        for tab in self._channel:
            if tab is not self:
                for run in tab._run:
                    run(kind, key)

    def listen(self, run: Callable[[str, str], None]) -> None:
        self._run.append(run)


class FakeModel:
    """A model whose words the test says. One queue for each answer, in the order in which they were asked for."""

    def __init__(self) -> None:
        self.prompts: list[tuple[PromptMessage, ...]] = []
        self._queues: list[asyncio.Queue[Sequence[Delta] | Exception | None]] = []

    async def ask(
        self, _ref: ModelRef, messages: Sequence[PromptMessage], _parameters: Parameters
    ) -> AsyncIterator[Sequence[Delta]]:
        self.prompts.append(tuple(messages))
        queue: asyncio.Queue[Sequence[Delta] | Exception | None] = asyncio.Queue()
        self._queues.append(queue)
        while (item := await queue.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item

    def says(self, *texts: str, answer: int = -1) -> None:
        """More of the text, in one batch."""
        self._queues[answer].put_nowait([TextDelta(text) for text in texts])

    def sends(self, *deltas: Delta, answer: int = -1) -> None:
        """Any deltas, in one batch."""
        self._queues[answer].put_nowait(deltas)

    def finishes(self, *texts: str, answer: int = -1) -> None:
        """The last of the text, and the mark that it is complete."""
        self._queues[answer].put_nowait([*map(TextDelta, texts), FinishDelta("stop")])
        self._queues[answer].put_nowait(None)

    def breaks_off(self, error: Exception | None = None, answer: int = -1) -> None:
        """The stream ends without a mark, or with an error."""
        self._queues[answer].put_nowait(error)


class Browser:
    """One profile: what its tabs share, and what survives when they die."""

    def __init__(self) -> None:
        self.database = FakeDatabase()
        self.locks: set[str] = set()
        self.channel: list[FakeTabs] = []
        self._ids = 0

    def tab(self) -> Tab:
        """Another tab."""
        return Tab(self)

    def new_id(self) -> str:
        self._ids += 1
        return f"id{self._ids:04d}"


@dataclass(frozen=True)
class State:
    """The part of the page's state that is of interest here."""

    listing: Listing = field(default_factory=Listing)


class Tab:
    """One tab: its services, and what its user sees."""

    def __init__(self, browser: Browser) -> None:
        keep(self)
        self.browser = browser
        self.database = browser.database
        self.model = FakeModel()
        self.clock = FakeClock()
        self.warned: list[Problem] = []
        self.told: list[str] = []
        self.marked: list[str] = []
        self.shown: dict[str, Message] = {}
        self.tasks = Tasks(self.warned.append)
        self.store = Store(State(), lambda run: run())
        self.archive = Archive(self.database, FakeTabs(browser.channel), self.tasks, self.warned.append)
        hooks = AnswerHooks(
            lambda _, message: self.shown.__setitem__(message.id, message),
            self.told.append,
            self.warned.append,
            self.marked.append,
        )
        self.answers = Answers(
            self.archive,
            self.database,
            self.model.ask,
            FakeLocks(browser.locks),
            self.clock,
            self.tasks,
            hooks,
        )
        cell: StoreCell[Listing] = StoreCell(self.store, "listing")
        self.library = Library(cell, self.archive, self.answers, self.clock, browser.new_id)
        self.search = Search(cell, self.archive, self.database, self.clock, self.tasks)

    @property
    def listing(self) -> Listing:
        """The list as the user sees it."""
        return self.store.state.listing

    @property
    def titles(self) -> list[str]:
        """The titles in the list, top to bottom."""
        return [heading.title for heading in self.listing.headings]

    def new(self) -> Conversation:
        """An empty conversation, not stored yet."""
        return Conversation(self.browser.new_id(), self.clock.now())

    async def asked(self, text: str) -> Turn:
        """A first question that is stored and sent; its answer is waited for."""
        turn = self.turn(text)
        self.answers.start(turn, {})
        await asyncio.sleep(0.05)
        return turn

    def turn(self, text: str, conversation: Conversation | None = None) -> Turn:
        """A question that waits for its answer."""
        return branches.ask(conversation or self.new(), text, MODEL, self.clock.now(), self.browser.new_id)

    async def talk(
        self, question: str, answer: str, conversation: Conversation | None = None
    ) -> Conversation:
        """A question with its answer, stored."""
        turn = self.turn(question, conversation)
        self.answers.start(turn, {})
        await asyncio.sleep(0.05)
        self.model.finishes(answer)
        await asyncio.sleep(0.05)
        return await self.library.open(turn.conversation.id)

    def die(self) -> None:
        """The process is killed: nothing of it runs any more, and the browser frees its locks."""
        self.database = FakeDatabase()
        for task in tuple(self.tasks._running):
            task.cancel()
        for running in self.answers._running.values():
            if running.receiving is not None:
                running.receiving.cancel()


async def stored(tab: Tab, message: Message) -> Message | None:
    """The message as the next start would find it."""
    for conversation in [await tab.archive.read(heading.id) for heading in await tab.archive.page(None, 99)]:
        if conversation is not None and message.id in conversation.messages:
            return conversation.messages[message.id]
    return None


async def logged(tab: Tab) -> str:
    """The text in all logs."""
    return "".join(row["text"] for row in await tab.database.with_prefix(STREAM_LOG, ""))
