"""Everything about the connections that the user added, wired: the vault, the list, the meter and the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.core.connection_states import Connections
from app.core.connections import Connection, ModelRef
from app.core.conversations import Message, Status
from app.core.deltas import Usage
from app.core.problems import Problem, StorageError
from app.core.remote_models import RemoteModels
from app.core.settings import Settings
from app.core.spending import facts_of
from app.core.state import State
from app.core.store import Store
from app.core.typed_connection import TypedConnection
from app.core.vault import VaultState
from app.providers.base import Provider
from app.services.carrier import ConnectionCarrier
from app.services.connection_checks import ConnectionChecks
from app.services.connection_desk import ConnectionDesk
from app.services.connection_store import ConnectionStore
from app.services.connections import ConnectionBook
from app.services.context_watch import ContextWatch
from app.services.diagnosis import Diagnosis
from app.services.examiner import Examined, Examiner
from app.services.meter import Meter
from app.services.ports import Clock, Crypto, Database, Http, Presence, Tabs
from app.services.remote_keeper import RemoteKeeper
from app.services.tasks import Tasks
from app.services.trials import Trial, Trials
from app.services.vault import Vault
from app.services.vault_keeper import VaultKeeper


class Connecting:
    """Owns these services."""

    def __init__(
        self,
        store: Store[State],
        database: Database,
        http: Http,
        diagnosis: Diagnosis,
        provider: Callable[[Connection], Provider],
        clock: Clock,
        tabs: Tabs,
        crypto: Crypto,
        presence: Presence,
        tasks: Tasks,
        tell: Callable[[str], None],
        warn: Callable[[Problem], None],
        new_id: Callable[[], str],
    ) -> None:
        """`provider` gives what speaks to a connection; `tell` shows news, `warn` problems."""
        cell = store.cell("connections", Connections)
        self._cell = cell
        self._warn = warn
        self._tasks = tasks
        self.vault = Vault(store.cell("vault", VaultState), database, crypto, tabs, warn)
        self.keeper = VaultKeeper(self.vault, crypto, presence, clock, tabs, tasks)
        settings, records = store.cell("settings", Settings), ConnectionStore(database)
        examiner = Examiner(http, diagnosis, provider)
        self._trials = Trials(http, diagnosis)
        self.checks = ConnectionChecks(cell, settings, records, self.vault, examiner, clock, tasks)
        self.book = ConnectionBook(
            cell, settings, records, self.vault, examiner.known_models, tabs, tasks, tell, new_id
        )
        self.carrier = ConnectionCarrier(cell, self.book, self.vault, crypto)
        self._contexts = ContextWatch(cell, self.checks, http, provider)
        self.meter = Meter(database, clock, tasks, self.checks.show_usage)
        self.book.on_delete(self.meter.forget)
        self.desk = ConnectionDesk(cell, self.book, self.checks, self.meter, clock, tasks)
        remote = store.cell("remote_models", RemoteModels)
        self.remote = RemoteKeeper(remote, cell, self.checks, http, diagnosis, provider, tasks, tell)

    async def save(self, typed: TypedConnection, connection_id: str = "") -> None:
        """Add a connection, or change the one of that id; then it is tested in the background.

        Raises:
            InvalidInput: what was typed cannot be used, or the vault stays locked; nothing was stored.
            StorageError: nothing was stored.
        """
        saved = await self.book.save(typed, connection_id)
        checks = self.checks
        self._tasks.start(checks.refresh(saved.id) if connection_id else checks.refresh_first(saved.id))

    async def test(self, typed: TypedConnection, connection_id: str = "") -> Examined:
        """See `ConnectionChecks.test`."""
        return await self.checks.test(typed, connection_id)

    def answered(self, message: Message) -> None:
        """An answer is over: its model is in its server's memory now, which may tell with how long a context."""
        if message.model is not None and message.status is Status.DONE:
            self._tasks.start(self._contexts.learn(message.model))

    def cost(self, ref: ModelRef, usage: Usage) -> float | None:
        """What an answer with these figures cost, by the prices that the user wrote down; None without."""
        item = self._cell.value.get(ref.connection)
        facts = None if item is None else facts_of(item.saved.facts, ref.model)
        return None if facts is None else facts.cost(usage)

    async def try_out(self, typed: TypedConnection, connection_id: str, model: str, question: str) -> Trial:
        """See `Trials.ask`.

        Raises:
            InvalidInput: what was typed cannot be used, or the vault stays locked.
            StorageError: the vault cannot be read.
        """
        connection = await self.checks.typed_connection(typed, connection_id)
        return await self._trials.ask(connection, model, question)

    async def load(self) -> None:
        """Read what is stored; whatever cannot be read is told, and missing. Nothing is sent."""
        for result in await asyncio.gather(self.book.load(), self.vault.load(), return_exceptions=True):
            if isinstance(result, StorageError):
                self._warn(result.problem)
            elif result is not None:
                raise result
        self._tasks.start(self.meter.load())
        self._tasks.start(self.keeper.watch())
