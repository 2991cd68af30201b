"""The services of the local API without their page, wired as app/main.py wires them, in a world of fakes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.core.connections import LOCAL_API_ID, Connection
from app.core.conversations import Conversation
from app.core.local_api import Health, LocalApi
from app.core.notices import Notices
from app.core.problems import Problem
from app.core.settings import Settings
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.core.uploads import Upload, Uploads
from app.providers.local_llm_api import LocalLlmApi
from app.providers.registry import PROVIDERS
from app.services.diagnosis import Diagnosis
from app.services.gateway import Gateway
from app.services.health import HealthWatch
from app.services.local_models import LocalModels
from app.services.notifier import Notifier
from app.services.ports import Http, Uploader
from app.services.preferences import Preferences
from app.services.tasks import Tasks
from app.services.uploads import UploadQueue
from tests.services.fakes import (
    BASE_URL,
    FakeApi,
    FakeClock,
    FakeFile,
    FakeHttp,
    FakePage,
    FakeRecords,
    FakeUploader,
)
from tests.services.virtual_time import keep


class World:
    """Everything there is one of. The API counts as connected unless the test begins elsewhere."""

    def __init__(
        self,
        *,
        base_url: str = BASE_URL,
        health: Health = Health.CONNECTED,
        http: Http | None = None,
        uploader: Uploader | None = None,
    ) -> None:
        keep(self)
        self.api = FakeApi()
        self.http = FakeHttp(self.api)
        self.uploader = FakeUploader(self.api)
        self.clock = FakeClock()
        self.page = FakePage()
        self.records = FakeRecords()
        self.provider = LocalLlmApi()
        self.reported: list[Problem] = []
        self.expects_defects = False
        self.times_connected = 0
        connection = Connection(LOCAL_API_ID, self.provider.id, "Local API", base_url)
        state = State(Conversation("talk", 0.0), LocalApi(connection, health), Settings(base_url=base_url))
        self.store: Store[State] = Store(state, lambda run: run())
        self._build(http or self.http, uploader or self.uploader)

    def _build(self, http: Http, uploader: Uploader) -> None:
        api = self.store.cell("local_api", LocalApi)
        settings = self.store.cell("settings", Settings)
        self.tasks = Tasks(self._report)
        self.notifier = Notifier(self.store.cell("notices", Notices), self.clock)
        self.diagnosis = Diagnosis(http, self.page)
        self.preferences = Preferences(settings, api, self.records, self.tasks)
        self.health = HealthWatch(
            api, self.provider, self.diagnosis, self.clock, self.page, self._on_connected
        )
        self.models = LocalModels(
            api, settings, self.notifier.tell, http, self.diagnosis, self.provider, self.health.look_now
        )
        self.queue = UploadQueue(
            self.store.cell("uploads", Uploads),
            api,
            settings,
            self.notifier.tell,
            self.models,
            self.provider,
            uploader,
            self.diagnosis,
            self.clock,
            self.tasks,
        )
        self.gateway = Gateway(http, self.diagnosis, PROVIDERS, lambda: (api.value.connection,))

    def _on_connected(self) -> None:
        self.times_connected += 1
        self.tasks.start(self.models.refresh_quietly())
        self.queue.send_next()

    def _report(self, problem: Problem) -> None:
        self.reported.append(problem)
        if problem.what == t("unexpected.what") and not self.expects_defects:
            raise AssertionError(problem.details)

    @property
    def connection(self) -> Connection:
        return self.local_api.connection

    @property
    def local_api(self) -> LocalApi:
        return self.store.state.local_api

    @property
    def settings(self) -> Settings:
        return self.store.state.settings

    @property
    def news(self) -> list[str]:
        return [notice.text for notice in self.store.state.notices.items]

    @property
    def listed(self) -> list[str]:
        return [model.id for model in self.local_api.models or ()]

    @property
    def chosen(self) -> str | None:
        return self.settings.model.model if self.settings.model else None

    @property
    def uploads(self) -> tuple[Upload, ...]:
        return self.store.state.uploads.items

    @property
    def upload(self) -> Upload:
        """The only upload."""
        (upload,) = self.uploads
        return upload

    def choose(self, model: str) -> None:
        self.models.choose(model)

    def limit_uploads(self, size: int) -> None:
        self.store.cell("settings", Settings).update(lambda settings: settings.with_upload_limit(size))

    def drop(self, *names: str, size: int = 1000) -> list[FakeFile]:
        """The user drops files on the page."""
        files = [FakeFile(name, size) for name in names]
        self.queue.add(files)
        return files

    async def until(self, condition: Callable[[], bool], seconds: float = 10.0) -> None:
        """Returns as soon as the state is as wanted; `TimeoutError` when it never is."""
        changed = asyncio.Event()
        unsubscribe = self.store.subscribe(lambda state: state, lambda _: changed.set())
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    changed.clear()
                    await changed.wait()
        finally:
            unsubscribe()

    def watch(self) -> asyncio.Task[None]:
        """The health of the API is watched from now on, as in the page."""
        return self.tasks.start(self.health.run())
