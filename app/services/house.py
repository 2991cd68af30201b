"""The house: all services there are, wired to each other and to the world behind the ports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from app.core.connections import LOCAL_API_ID, Connection
from app.core.conversations import Conversation, Message, Status
from app.core.draft import Draft
from app.core.ledger import Ledger
from app.core.listing import Listing
from app.core.local_api import LocalApi
from app.core.notices import Notices
from app.core.problems import Problem, StorageError
from app.core.settings import Settings
from app.core.state import State
from app.core.store import Scheduler, Store
from app.core.text import t
from app.core.uploads import Uploads
from app.providers.base import Provider
from app.providers.local_llm_api import LocalLlmApi
from app.services.answers import AnswerHooks, Answers
from app.services.archive import Archive
from app.services.attaching import Attaching
from app.services.chat import Chat, new_id
from app.services.connecting import Connecting
from app.services.diagnosis import Diagnosis
from app.services.engine import EngineRoom
from app.services.engine_http import EngineHttp
from app.services.exchange import Exchange
from app.services.gateway import Gateway
from app.services.health import HealthWatch
from app.services.ledger import LedgerBook, LedgerHttp, LedgerModelStore, LedgerUploader
from app.services.library import Library
from app.services.local_models import LocalModels
from app.services.notifier import Notifier
from app.services.ports import (
    Canary,
    Clock,
    Crypto,
    Engine,
    Http,
    Locks,
    ModelStore,
    Page,
    Presence,
    Socket,
    StorageStatus,
    Tabs,
    Uploader,
)
from app.services.preferences import Preferences
from app.services.redaction import redact_problem
from app.services.search import Search
from app.services.shelves import Shelves
from app.services.storage import OpenedDatabase, Storage
from app.services.tasks import Tasks
from app.services.transports import Transports
from app.services.uploads import UploadQueue


@dataclass(frozen=True, slots=True)
class World:
    """What stands behind the ports: the browser's capabilities in the page, fakes and real servers in tests.

    `database` makes the browser's database; it is handed the function that shows problems.
    """

    http: Http
    socket: Socket
    uploader: Uploader
    clock: Clock
    page: Page
    locks: Locks
    tabs: Tabs
    canary: Canary
    crypto: Crypto
    presence: Presence
    database: Callable[[Callable[[Problem], None]], OpenedDatabase]
    engine: Engine
    model_store: ModelStore
    storage_status: StorageStatus


class House:
    """Everything there is one of."""

    def __init__(
        self,
        world: World,
        providers: Mapping[str, Provider],
        schedule: Scheduler,
        report: Callable[[Problem], None] = lambda _: None,
    ) -> None:
        """Build it; nothing runs yet. `report` hears of every problem that is shown as a notice."""
        self.clock = world.clock
        self.local = LocalLlmApi()
        self.store = self._new_store(schedule)
        self._report = report
        self.notifier = Notifier(self.store.cell("notices", Notices), world.clock)
        self.tasks = Tasks(self.warn)
        self.settings = self.store.cell("settings", Settings)
        self._api = self.store.cell("local_api", LocalApi)
        ledger = LedgerBook(self.store.cell("ledger", Ledger), world.clock, self._whose)
        self.engine = EngineRoom(
            self.store,
            world.engine,
            LedgerModelStore(world.model_store, ledger),
            world.storage_status,
            world.clock,
            world.tabs,
            self.tasks,
            self.notifier.tell,
            self.warn,
        )
        network = LedgerHttp(Transports(world.http, world.socket), ledger)
        http = EngineHttp(network, self.engine.loader)
        world = replace(world, http=http, uploader=LedgerUploader(world.uploader, ledger))
        self.storage = Storage(world.database(self.warn), world.canary, self.warn)
        self.diagnosis = Diagnosis(world.http, world.page)
        self.preferences = Preferences(self.settings, self._api, self.storage, self.tasks)
        self.health = HealthWatch(
            self._api, self.local, self.diagnosis, world.clock, world.page, self._on_connected
        )
        self._build_models(world)
        self._build_chat(world, providers)

    async def start(self) -> None:
        """Open the database, read the settings, mend what a killed tab left behind, and begin to watch."""
        await self.storage.start()
        await asyncio.gather(self._load_preferences(), self.connecting.load())
        self.store.subscribe(lambda state: state.settings, lambda _: self.preferences.save_soon())
        self.store.subscribe(lambda state: state.local_api.connection, lambda _: self.health.look_now())
        self.tasks.start(self.health.run())
        self.tasks.start(self._start_library())
        self.shelves.load()
        self.tasks.start(self.engine.start())

    def warn(self, problem: Problem) -> None:
        """Show a problem that belongs to no place of the page."""
        problem = redact_problem(problem)
        self._report(problem)
        self.notifier.warn(problem)

    def _new_store(self, schedule: Scheduler) -> Store[State]:
        settings = Settings()
        local = Connection(LOCAL_API_ID, self.local.id, t("shell.local_api"), settings.base_url)
        return Store(State(Conversation(new_id(), self.clock.now()), LocalApi(local), settings), schedule)

    def _build_models(self, world: World) -> None:
        self.models = LocalModels(
            self._api,
            self.settings,
            self.notifier.tell,
            world.http,
            self.diagnosis,
            self.local,
            self.health.look_now,
        )
        self.uploads = UploadQueue(
            self.store.cell("uploads", Uploads),
            self._api,
            self.settings,
            self.notifier.tell,
            self.models,
            self.local,
            world.uploader,
            self.diagnosis,
            world.clock,
            self.tasks,
        )

    def _build_chat(self, world: World, providers: Mapping[str, Provider]) -> None:
        listing = self.store.cell("listing", Listing)
        self.archive = Archive(self.storage, world.tabs, self.tasks, self.warn)
        self.connecting = Connecting(
            self.store,
            self.storage,
            world.http,
            self.diagnosis,
            self._provider,
            world.clock,
            world.tabs,
            world.crypto,
            world.presence,
            self.tasks,
            self.notifier.tell,
            self.warn,
            new_id,
        )
        self.gateway = Gateway(
            world.http,
            self.diagnosis,
            providers,
            lambda: (self._api.value.connection, self.engine.connection, *self.connecting.book.enabled()),
            desk=self.connecting.desk,
            now=world.clock.now,
        )
        hooks = AnswerHooks(
            self._on_answer, self.notifier.tell, self.warn, world.page.mark, self.connecting.cost
        )
        self.answers = Answers(
            self.archive, self.storage, self.gateway.answer, world.locks, world.clock, self.tasks, hooks
        )
        self.library = Library(listing, self.archive, self.answers, world.clock, new_id)
        self.shelves = Shelves(self.store, self.storage, world.tabs, self.tasks, new_id)
        self.exchange = Exchange(self.archive, self.shelves, self.storage, world.clock, new_id)
        self.search = Search(listing, self.archive, self.storage, world.clock, self.tasks)
        conversation = self.store.cell("conversation", Conversation)
        self.attaching = Attaching(self.store.cell("draft", Draft), self.tasks.start, self.warn)
        self.chat = Chat(
            conversation, self.library, self.archive, self.answers, world.clock, self.tasks.start
        )

    async def _load_preferences(self) -> None:
        try:
            await self.preferences.load()
        except StorageError as error:
            self.warn(error.problem)

    def _provider(self, connection: Connection) -> Provider:
        return self.gateway.provider(connection)

    def _whose(self, url: str) -> str:
        """The name of the connection whose address a URL begins with; that of a WebSocket is written with http."""
        url = f"http{url.removeprefix('ws')}" if url.startswith("ws") else url
        saved = (item.saved.connection for item in self.store.state.connections.items)
        connections = (self._api.value.connection, *saved)
        fitting = [one for one in connections if url.startswith(one.base_url)]
        return max(fitting, key=lambda one: len(one.base_url)).name if fitting else ""

    async def _start_library(self) -> None:
        await self.answers.recover()
        await self.library.more()

    def _on_connected(self) -> None:
        self.tasks.start(self.models.refresh_quietly())
        self.uploads.send_next()

    def _on_answer(self, conversation_id: str, message: Message) -> None:
        self.chat.take(conversation_id, message)
        self.connecting.answered(message)
        if message.model is None or message.model.connection != LOCAL_API_ID:
            return
        if message.status is Status.DONE:
            self.tasks.start(self.models.refresh_cache())  # the model is in the server's memory now
        else:
            self.health.look_now()
