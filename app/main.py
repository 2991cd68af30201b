"""Composition root: builds adapters, services and views, and ties them together."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from app.browser.appearance import BrowserAppearance
from app.browser.clock import BrowserClock
from app.browser.files import BrowserFile
from app.browser.http import BrowserHttp
from app.browser.locks import BrowserLocks
from app.browser.page import BrowserPage
from app.browser.records import BrowserRecords
from app.browser.render import Renderer
from app.browser.storage_status import LocalCanary
from app.browser.tabs import BrowserTabs
from app.browser.upload import BrowserUploader
from app.core.connections import LOCAL_API_ID, ModelRef
from app.core.notices import Undo
from app.core.parameters import read_all
from app.core.problems import InvalidInput, Problem
from app.core.state import Place, State
from app.core.text import t, tn, use_language
from app.core.trimming import Trimmed, fit
from app.providers.base import Capability, Provider
from app.providers.registry import PROVIDERS
from app.services.archive import HeadingChange
from app.services.chat import Asked
from app.services.house import House, World
from app.views.attachment_bar import AttachmentBar
from app.views.composer import Composer
from app.views.confirmation import Confirmation
from app.views.connections import ConnectionList
from app.views.conversation import ConversationView, MessageActions
from app.views.conversation_list import ConversationList, LibraryActions
from app.views.destination import Destination
from app.views.drop_region import DropRegion
from app.views.empty_chat import EmptyChat
from app.views.everyone import Everyone
from app.views.gauge import Gauge
from app.views.local_api_status import LocalApiStatus
from app.views.model_choice import ModelChoice
from app.views.models_table import ModelActions, ModelsTable
from app.views.navigation import Navigation
from app.views.notices import NoticeList
from app.views.page_actions import PageActions
from app.views.page_commands import Deeds
from app.views.parameters_panel import ParametersPanel
from app.views.settings_form import SettingsForm
from app.views.upload_list import UploadActions, UploadList


class Berth:
    """The application in the page."""

    def __init__(self) -> None:
        """Build it; nothing runs yet, and the page is as index.html painted it."""
        self.page = BrowserPage()
        self.looks = BrowserAppearance()
        use_language(self.looks.language)
        self.house = House(_world(self.page), PROVIDERS, self.page.on_frame, _log)
        self.chat = self.house.chat
        self.start_task = self.house.tasks.start
        self._build_views()

    async def start(self) -> None:
        """Begin to work; the composer is handed over last, so that an early Send knows its model."""
        await self.house.start()
        self._build_late_views()
        self.page.on_leaving(self.house.answers.flush)
        self.page.set_state("ready")
        self.page.mark("app-ready")

    def _build_views(self) -> None:
        house, store, start = self.house, self.house.store, self.start_task
        confirmation = Confirmation()
        LocalApiStatus(store)
        ModelChoice(store, self._choose)
        NoticeList(store, house.notifier.dismiss)
        EmptyChat(store)
        Destination(store)
        actions = MessageActions(self._regenerate, self._resume, self._edit, self.chat.step, self._copy)
        ConversationView(store, actions, house.answers.live, Renderer(), start, house.clock)
        DropRegion(self._take, start)
        UploadList(store, UploadActions(house.uploads.cancel, house.uploads.retry, house.uploads.clear))
        ModelsTable(store, self._model_actions(), confirmation, house.clock.now)
        ConnectionList(store)
        library = LibraryActions(
            more=lambda: start(house.library.more()),
            search=house.search.start,
            search_more=house.search.more,
            load_search=lambda: start(house.search.load()),
            change=lambda key, change: start(self._change(key, change)),
            duplicate=lambda key: start(self._duplicate(key)),
            delete=lambda key: start(self._delete(key)),
        )
        ConversationList(store, library, house.clock.now)

    def _build_late_views(self) -> None:
        """The views that show what the settings hold, and those that act on all the others."""
        store = self.house.store
        self.parameters = ParametersPanel(store, self._provider, self._keep_parameter, self._keep_system)
        SettingsForm(store, self.house.preferences.set_base_url, self.house.preferences.set_upload_limit)
        self.composer = Composer(store, self._send, self.chat.stop, self._new_conversation)
        AttachmentBar(store, lambda files: self._take(files, 0), self.house.attaching.remove)
        Gauge(store, self._measure)
        self.chat.begin(store.state.settings.model, store.state.settings.typed)
        last = store.state.settings.conversation
        if last and not self.page.fragment():
            self.page.replace_fragment(f"#/{Place.CHAT}/{last}")
        self.navigation = Navigation(store, self.page, self._show_conversation)
        actions = {
            "new-conversation": self._new_conversation,
            "look-now": self.house.health.look_now,
            "toggle-parameters": self.parameters.toggle,
        }
        PageActions(actions, self._copy)
        Everyone(self.house, self.looks, self._deeds(), self.navigation.go)

    def _deeds(self) -> Deeds:
        models = self._model_actions()
        return Deeds(
            new_conversation=self._new_conversation,
            regenerate=self._regenerate,
            stop=self.chat.stop,
            copy=self._copy,
            toggle_parameters=self.parameters.toggle,
            sync=models.sync,
            clear_cache=models.clear_cache,
        )

    def _model_actions(self) -> ModelActions:
        models, start = self.house.models, self.start_task
        return ModelActions(
            sync=lambda: start(models.sync()),
            clear_cache=lambda: start(models.clear_cache()),
            delete=lambda model: start(models.delete(model)),
            chat_with=self._chat_with,
        )

    def _choose(self, model: ModelRef) -> None:
        self.house.settings.update(lambda settings: settings.with_model(model))

    def _asked(self, model: ModelRef | None) -> Asked:
        """The model that is to answer, with the parameters of the conversation."""
        if model is None:
            raise InvalidInput(Problem.of("chat.no_choice"))
        _, provider = self.house.gateway.find(model)
        typed = self.house.store.state.conversation.typed.get(provider.id, {})
        try:
            return Asked(model, read_all(provider.parameters, typed))
        except InvalidInput:
            self.parameters.show_invalid()
            raise

    def _measure(self, state: State) -> tuple[Trimmed, int | None]:
        """What the model would read of the conversation, and how much it can."""
        conversation, provider = state.conversation, self._provider(state)
        is_read = provider.reads_history and conversation.head is not None
        messages = conversation.prompt(conversation.head or "") if is_read else ()
        return fit(messages, None), None

    def _send(self, text: str, model: ModelRef) -> None:
        asked, draft = self._asked(model), self.house.store.state.draft
        provider = self.house.gateway.find(model)[1]
        if draft.has_images and Capability.SEE not in provider.capabilities:
            raise InvalidInput(Problem.of("attachment.no_images", provider=provider.label))
        self.chat.ask(text, [asked], draft.attachments)
        self.house.attaching.clear()
        conversation_id = self.house.store.state.conversation.id
        self.navigation.name_conversation(conversation_id)
        self._remember(conversation_id)

    def _regenerate(self, message_id: str) -> None:
        self._try(lambda asked: self.chat.regenerate(message_id, asked))

    def _resume(self, message_id: str) -> None:
        self._try(lambda asked: self.chat.resume(message_id, asked))

    def _edit(self, message_id: str, text: str) -> None:
        self._try(lambda asked: self.chat.edit(message_id, text, asked))

    def _try(self, ask: Callable[[Asked], None]) -> None:
        try:
            ask(self._asked(self.house.settings.value.model))
        except InvalidInput as error:
            self.house.warn(error.problem)

    def _provider(self, state: State) -> Provider:
        """The provider of the chosen model; that of the local API while there is none."""
        model = state.settings.model
        try:
            return self.house.local if model is None else self.house.gateway.find(model)[1]
        except InvalidInput:
            return self.house.local

    def _keep_system(self, text: str) -> None:
        self.chat.change(lambda heading: heading.with_system(text))

    def _keep_parameter(self, provider: str, name: str, text: str) -> None:
        """Keep it with the conversation, and as what the next one begins with."""
        self.chat.change(lambda heading: heading.with_parameter(provider, name, text))
        self.house.settings.update(lambda settings: settings.with_parameter(provider, name, text))

    def _chat_with(self, model: str) -> None:
        self._choose(ModelRef(LOCAL_API_ID, model))
        self.navigation.go(Place.CHAT)
        self.composer.focus()

    def _new_conversation(self) -> None:
        self.navigation.go(Place.CHAT)
        self._show_conversation("")
        self.composer.focus()

    def _show_conversation(self, conversation_id: str) -> None:
        """Show the conversation that the address names; a new one when it names none."""
        self._remember(conversation_id)
        conversation = self.house.store.state.conversation
        if conversation_id == conversation.id:
            return
        if conversation_id:
            self.start_task(self._open(conversation_id))
        elif conversation.messages:
            settings = self.house.settings.value
            self.chat.begin(settings.model, settings.typed)

    def _remember(self, conversation_id: str) -> None:
        self.house.settings.update(lambda settings: settings.with_conversation(conversation_id))

    async def _open(self, conversation_id: str) -> None:
        try:
            await self.chat.open(conversation_id)
        except InvalidInput:
            self._remember("")
            raise
        model = self.house.store.state.conversation.model
        if model is not None:
            self._choose(model)

    async def _change(self, conversation_id: str, change: HeadingChange) -> None:
        await self.house.library.change(conversation_id, change)

    async def _duplicate(self, conversation_id: str) -> None:
        copy = await self.house.library.duplicate(conversation_id)
        self.navigation.go_to_conversation(copy.id)

    async def _delete(self, conversation_id: str) -> None:
        deleted = await self.house.library.delete(conversation_id)
        if deleted is not None:
            text = t("library.deleted", title=deleted.title or t("library.untitled"))
            undo = Undo(t("library.undo"), lambda: self.start_task(self.house.library.undo(deleted)))
            self.house.notifier.tell(text, undo)

    def _take(self, files: Sequence[BrowserFile], left_out: int) -> None:
        models = [file for file in files if file.name.lower().endswith(".gguf")]
        others = [file for file in files if file not in models]
        if others and self.house.store.state.place is Place.CHAT:
            self.house.attaching.add(others)
            others = []
        if models or others:
            self.navigation.go(Place.MODELS)
            self.house.uploads.add([*models, *others])
        if left_out:
            self.house.notifier.tell(tn("upload.left_out", left_out))

    def _copy(self, text: str) -> None:
        self.start_task(self._write_clipboard(text))

    async def _write_clipboard(self, text: str) -> None:
        await self.page.copy(text)
        self.house.notifier.tell(t("notice.copied"))


def _world(page: BrowserPage) -> World:
    return World(
        http=BrowserHttp(),
        uploader=BrowserUploader(),
        clock=BrowserClock(),
        page=page,
        locks=BrowserLocks(),
        tabs=BrowserTabs(),
        canary=LocalCanary(),
        database=BrowserRecords,
    )


def _log(problem: Problem) -> None:
    """Put a problem that is shown as a notice on the console too, with its details."""
    print(problem, problem.details, sep="\n", file=sys.stderr)


berth = Berth()
berth.start_task(berth.start())
