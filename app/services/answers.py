"""Answers: asked for, shown while they come, and stored so that nothing that came is ever lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace

from app.core import stream_log
from app.core.branches import Turn
from app.core.connections import ModelRef
from app.core.conversations import Message, Status
from app.core.deltas import Delta, Usage
from app.core.messages import PromptMessage
from app.core.parameters import Parameters
from app.core.problems import BerthError, Problem, StorageError
from app.core.text import t
from app.services.archive import Archive
from app.services.live_answer import LiveAnswer
from app.services.log_writer import PATIENCE, STREAM_LOG, LogWriter
from app.services.ports import Clock, Database, DeletePrefix, Locks, Put
from app.services.recovery import Recovery, lock_name
from app.services.tasks import Tasks

Ask = Callable[[ModelRef, Sequence[PromptMessage], Parameters], AsyncIterator[Sequence[Delta]]]
"""Asks a model and gives what comes, in batches: `Gateway.answer`."""

LONGEST_WAIT = 60.0
"""Seconds between the last of many attempts to store an answer."""


@dataclass(frozen=True, slots=True)
class AnswerHooks:
    """Whom answers tell what happens.

    `show` gets each message of a conversation (by its id) as it ends; `tell` gets news, `warn` problems, `mark` the
    names of the moments that are measured: "first-delta" and "answer-done". `cost` is asked what an answer with these
    figures cost; None when that is not known.
    """

    show: Callable[[str, Message], None]
    tell: Callable[[str], None]
    warn: Callable[[Problem], None]
    mark: Callable[[str], None]
    cost: Callable[[ModelRef, Usage], float | None] = lambda _ref, _usage: None


class _Running:
    """One answer that is under way."""

    def __init__(self, live: LiveAnswer, writer: LogWriter) -> None:
        self.live = live
        self.writer = writer
        self.receiving: asyncio.Task[None] | None = None
        self.task: asyncio.Task[None] | None = None
        self.is_stopped = False
        self.ended: Message | None = None
        self.is_stored = False
        self.was_warned = False


class Answers:
    """Runs answers, several at once."""

    def __init__(
        self,
        archive: Archive,
        database: Database,
        ask: Ask,
        locks: Locks,
        clock: Clock,
        tasks: Tasks,
        hooks: AnswerHooks,
    ) -> None:
        """Keep answers in `archive`, their logs in `database`, and a lock for each one that is coming."""
        self._archive = archive
        self._database = database
        self._ask = ask
        self._locks = locks
        self._clock = clock
        self._tasks = tasks
        self._hooks = hooks
        self._running: dict[str, _Running] = {}
        self._recovery = Recovery(archive, database, locks)

    def live(self, message_id: str) -> LiveAnswer | None:
        """The answer of that message, while it is coming to this tab."""
        running = self._running.get(message_id)
        return None if running is None or running.ended is not None else running.live

    def latest(self, message: Message) -> Message:
        """A message as this tab knows it: its end, when that could not be stored yet."""
        running = self._running.get(message.id)
        return message if running is None or running.ended is None else running.ended

    def of_conversation(self, conversation_id: str) -> tuple[LiveAnswer, ...]:
        """The answers of a conversation that are coming to this tab."""
        lives = map(self.live, self._running)
        return tuple(live for live in lives if live is not None and live.conversation_id == conversation_id)

    def start(self, turn: Turn, parameters: Parameters) -> LiveAnswer:
        """Store the new messages of a turn, then ask for its answer. Nothing is asked before it is stored."""
        live = LiveAnswer(turn.conversation.id, turn.answer, self._clock.monotonic())
        writer = LogWriter(
            self._database, live.id, self._clock, self._tasks, lambda problem: self._warn(running, problem)
        )
        running = self._running[live.id] = _Running(live, writer)
        running.task = self._tasks.start(self._run(running, turn, parameters))
        return live

    def stop(self, message_id: str) -> None:
        """End an answer; what came of it stays."""
        running = self._running.get(message_id)
        if running is not None:
            running.is_stopped = True
            if running.receiving is not None:
                running.receiving.cancel()

    async def stop_all(self, conversation_id: str) -> None:
        """End the answers of a conversation; returns when they are over and stored, or could not be."""
        running = [one for one in self._running.values() if one.live.conversation_id == conversation_id]
        for one in running:
            self.stop(one.live.id)
        if tasks := {one.task for one in running if one.task is not None}:
            await asyncio.wait(tasks, timeout=PATIENCE)

    def flush(self) -> None:
        """Write to the logs what has come: the tab is about to be hidden, frozen or closed."""
        for running in self._running.values():
            running.writer.flush()

    async def recover(self) -> int:
        """Fold the logs that no tab is writing any more into their messages; how many. Nothing is sent again.

        Raises:
            StorageError: the database cannot be read or written; the logs stay as they are.
        """
        return await self._recovery.run(but=self._running.keys())

    async def _run(self, running: _Running, turn: Turn, parameters: Parameters) -> None:
        live = running.live
        async with self._locks.hold(lock_name(live.id)):
            await self._begin(running, turn)
            late = None if running.is_stored else self._tasks.start(self._begin_late(running, turn))
            answer = self._priced(await self._answered(running, turn, parameters))
            if late is not None:
                late.cancel()
            await running.writer.close()
            running.ended = answer
            self._hooks.show(live.conversation_id, answer)
            self._hooks.mark("answer-done")
            await self._keep(running, turn, answer)
            del self._running[live.id]

    async def _begin(self, running: _Running, turn: Turn) -> None:
        """Store the turn before it is sent. When that fails the user is told, and the answer goes on all the same."""
        log = [Put(STREAM_LOG, stream_log.opening(turn.conversation.id, turn.answer.id))]
        try:
            await self._archive.write(turn.conversation, turn.added, turn.shown_in, more=log)
        except StorageError as error:
            self._warn(running, error.problem)
        else:
            running.is_stored = True
            running.writer.open()

    async def _begin_late(self, running: _Running, turn: Turn) -> None:
        while not running.is_stored:
            await self._clock.sleep(PATIENCE)
            await self._begin(running, turn)

    async def _answered(self, running: _Running, turn: Turn, parameters: Parameters) -> Message:
        """The whole message, however it ended."""
        live = running.live
        if running.is_stopped:
            return live.ended(Status.STOPPED, self._clock.monotonic())
        running.receiving = asyncio.ensure_future(self._receive(running, turn, parameters))
        await asyncio.wait({running.receiving})
        now = self._clock.monotonic()
        if running.receiving.cancelled():
            return live.ended(Status.STOPPED, now)
        error = running.receiving.exception()
        if error is not None:
            status = Status.INTERRUPTED if live.has_content else Status.FAILED
            problem = (
                error.problem
                if isinstance(error, BerthError)
                else Problem.of("unexpected", details=repr(error))
            )
            return replace(live.ended(status, now), problem=problem)
        if live.is_complete:
            return live.ended(Status.DONE, now)
        return replace(live.ended(Status.INTERRUPTED, now), problem=Problem.of("answers.unfinished"))

    async def _receive(self, running: _Running, turn: Turn, parameters: Parameters) -> None:
        async for deltas in self._ask(turn.model, turn.prompt, parameters):
            is_first = not running.live.has_begun
            running.writer.add(*running.live.take(deltas, self._clock.monotonic()))
            if is_first and running.live.has_begun:
                self._hooks.mark("first-delta")

    async def _keep(self, running: _Running, turn: Turn, answer: Message) -> None:
        """Store the whole message in place of its log, as often as it takes."""
        wait = PATIENCE
        while True:
            try:
                await self._store(running, turn, answer)
            except StorageError as error:
                self._warn(running, error.problem)
                await self._clock.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                if running.was_warned:
                    self._hooks.tell(t("answers.saved"))
                return

    async def _store(self, running: _Running, turn: Turn, answer: Message) -> None:
        now, is_first = self._clock.now(), not running.is_stored
        messages = [*turn.added[:-1], answer] if is_first else [answer]
        log = DeletePrefix(STREAM_LOG, stream_log.prefix(answer.id))
        heading = await self._archive.write(
            turn.conversation,
            messages,
            lambda heading: (turn.shown_in(heading) if is_first else heading).touched(now),
            more=[log],
            create=is_first,
            durable=True,
        )
        if heading is None:  # deleted in another tab meanwhile
            await self._database.commit([log])

    def _priced(self, answer: Message) -> Message:
        """The answer with what it cost, where that can be told."""
        if answer.model is None or answer.usage is None:
            return answer
        return replace(answer, cost=self._hooks.cost(answer.model, answer.usage))

    def _warn(self, running: _Running, problem: Problem) -> None:
        """Tell the user once per answer that it is not stored."""
        if not running.was_warned:
            running.was_warned = True
            reason = problem.what
            self._hooks.warn(Problem.of("answers.not_saved", reason=reason, details=str(problem)))
