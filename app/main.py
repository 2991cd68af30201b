"""Composition root: builds adapters, services and views, and ties them together."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from app.browser.clock import BrowserClock
from app.browser.files import BrowserFile
from app.browser.http import BrowserHttp
from app.browser.page import BrowserPage
from app.browser.records import BrowserRecords
from app.browser.render import Renderer
from app.browser.upload import BrowserUploader
from app.core.connections import LOCAL_API_ID, Connection, ModelRef
from app.core.conversations import Conversation
from app.core.local_api import LocalApi
from app.core.notices import Notices
from app.core.parameters import ParameterValue, read_all
from app.core.problems import InvalidInput, Problem, StorageError
from app.core.settings import Settings
from app.core.state import Place, State
from app.core.store import Store
from app.core.text import t, tn
from app.core.uploads import Uploads
from app.providers.local_llm_api import LocalLlmApi
from app.providers.registry import PROVIDERS
from app.services.chat import Chat, new_id
from app.services.diagnosis import Diagnosis
from app.services.gateway import Gateway
from app.services.health import HealthWatch
from app.services.local_models import LocalModels
from app.services.notifier import Notifier
from app.services.preferences import Preferences
from app.services.tasks import Tasks
from app.services.uploads import UploadQueue
from app.views.composer import Composer
from app.views.confirmation import Confirmation
from app.views.connections import ConnectionList
from app.views.conversation import ConversationView, MessageActions
from app.views.destination import Destination
from app.views.drop_region import DropRegion
from app.views.empty_chat import EmptyChat
from app.views.local_api_status import LocalApiStatus
from app.views.model_choice import ModelChoice
from app.views.models_table import ModelActions, ModelsTable
from app.views.navigation import Navigation
from app.views.notices import NoticeList
from app.views.page_actions import PageActions
from app.views.parameters_panel import ParametersPanel
from app.views.settings_form import SettingsForm
from app.views.upload_list import UploadActions, UploadList


class Berth:
    """The application: everything there is one of."""

    def __init__(self) -> None:
        """Build it; nothing runs yet, and the page is as index.html painted it."""
        self.clock = BrowserClock()
        self.page = BrowserPage()
        self.provider = LocalLlmApi()
        self.store = self._new_store()
        self.notifier = Notifier(self.store.cell("notices", Notices), self.clock)
        self.tasks = Tasks(self.warn)
        self.settings = self.store.cell("settings", Settings)
        self._build_services()
        self._build_views()

    def start(self) -> None:
        """Begin to work."""
        self.tasks.start(self._start())

    async def _start(self) -> None:
        try:
            await self.preferences.load()
        except StorageError as error:
            self.warn(error.problem)
        self.store.subscribe(lambda state: state.settings, lambda _: self.preferences.save_soon())
        self._build_late_views()
        self.store.subscribe(lambda state: state.local_api.connection, lambda _: self.health.look_now())
        self.tasks.start(self.health.run())
        self.page.set_state("ready")
        self.page.mark("app-ready")

    def _new_store(self) -> Store[State]:
        settings = Settings()
        local = Connection(LOCAL_API_ID, self.provider.id, t("shell.local_api"), settings.base_url)
        state = State(Conversation(new_id(), self.clock.now()), LocalApi(local), settings)
        return Store(state, self.page.on_frame)

    def _build_services(self) -> None:
        http = BrowserHttp()
        api = self.store.cell("local_api", LocalApi)
        diagnosis = Diagnosis(http, self.page)
        self.preferences = Preferences(self.settings, api, BrowserRecords(), self.tasks)
        self.health = HealthWatch(api, self.provider, diagnosis, self.clock, self.page, self._on_connected)
        look_now = self.health.look_now
        self.models = LocalModels(
            api, self.settings, self.notifier.tell, http, diagnosis, self.provider, look_now
        )
        self.uploads = UploadQueue(
            self.store.cell("uploads", Uploads),
            api,
            self.settings,
            self.notifier.tell,
            self.models,
            self.provider,
            BrowserUploader(),
            diagnosis,
            self.clock,
            self.tasks,
        )
        gateway = Gateway(http, diagnosis, PROVIDERS, lambda: (api.value.connection,))
        conversation = self.store.cell("conversation", Conversation)
        self.chat = Chat(conversation, gateway, self.clock, self.tasks, self._on_answered)

    def _build_views(self) -> None:
        """The views that need no settings; the composer waits for them, so that an early Send knows its model."""
        store, start = self.store, self.tasks.start
        confirmation = Confirmation()
        self.navigation = Navigation(store, self.page)
        LocalApiStatus(store)
        ModelChoice(store, lambda ref: self.settings.update(lambda settings: settings.with_model(ref)))
        NoticeList(store, self.notifier.dismiss)
        EmptyChat(store)
        Destination(store)
        ConversationView(store, MessageActions(self._retry, self._copy), Renderer(), start, self.clock)
        DropRegion(self._take, start)
        UploadList(store, UploadActions(self.uploads.cancel, self.uploads.retry, self.uploads.clear))
        ModelsTable(store, self._model_actions(), confirmation, self.clock.now)
        ConnectionList(store)

    def _build_late_views(self) -> None:
        """The views that show what the settings hold."""
        texts = self.settings.value.typed.get(self.provider.id, {})
        self.parameters = ParametersPanel(
            self.provider.parameters, lambda name: texts.get(name, ""), self._keep_parameter
        )
        SettingsForm(self.store, self.preferences.set_base_url, self.preferences.set_upload_limit)
        self.composer = Composer(self.store, self._send, self.chat.stop)
        actions = {
            "new-conversation": self._new_conversation,
            "look-now": self.health.look_now,
            "toggle-parameters": self.parameters.toggle,
        }
        PageActions(actions, self._copy)

    def _model_actions(self) -> ModelActions:
        models, start = self.models, self.tasks.start
        return ModelActions(
            sync=lambda: start(models.sync()),
            clear_cache=lambda: start(models.clear_cache()),
            delete=lambda model: start(models.delete(model)),
            chat_with=self._chat_with,
        )

    def warn(self, problem: Problem) -> None:
        """Show a problem that belongs to no place of the page; its details also go to the console."""
        print(problem, problem.details, sep="\n", file=sys.stderr)
        self.notifier.warn(problem)

    def _on_connected(self) -> None:
        self.tasks.start(self.models.refresh_quietly())
        self.uploads.send_next()

    def _on_answered(self, was_answered: bool) -> None:
        if was_answered:
            self.tasks.start(self.models.refresh_cache())
        else:
            self.health.look_now()

    def _parameters(self) -> dict[str, ParameterValue]:
        try:
            return read_all(self.provider.parameters, self.settings.value.typed.get(self.provider.id, {}))
        except InvalidInput:
            self.parameters.show_invalid()
            raise

    def _send(self, text: str, model: ModelRef) -> None:
        self.chat.send(text, model, self._parameters())

    def _retry(self, message_id: str) -> None:
        model = self.settings.value.model
        if model is None:
            self.warn(Problem.of("chat.no_choice"))
            return
        try:
            self.chat.retry(message_id, model, self._parameters())
        except InvalidInput as error:
            self.warn(error.problem)

    def _keep_parameter(self, name: str, text: str) -> None:
        self.settings.update(lambda settings: settings.with_parameter(self.provider.id, name, text))

    def _chat_with(self, model: str) -> None:
        self.models.choose(model)
        self.navigation.go(Place.CHAT)
        self.composer.focus()

    def _new_conversation(self) -> None:
        self.chat.new_conversation()
        self.navigation.go(Place.CHAT)
        self.composer.focus()

    def _take(self, files: Sequence[BrowserFile], left_out: int) -> None:
        self.navigation.go(Place.MODELS)
        self.uploads.add(files)
        if left_out:
            self.notifier.tell(tn("upload.left_out", left_out))

    def _copy(self, text: str) -> None:
        self.tasks.start(self._write_clipboard(text))

    async def _write_clipboard(self, text: str) -> None:
        await self.page.copy(text)
        self.notifier.tell(t("notice.copied"))


Berth().start()
