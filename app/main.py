"""Composition root: builds adapters, services and views, and ties them together."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from app.browser.appearance import BrowserAppearance
from app.browser.clock import BrowserClock
from app.browser.crypto import BrowserCrypto
from app.browser.engine import BrowserEngine
from app.browser.files import BrowserFile
from app.browser.http import BrowserHttp
from app.browser.locks import BrowserLocks
from app.browser.model_store import BrowserModelStore
from app.browser.page import BrowserPage
from app.browser.presence import BrowserPresence
from app.browser.records import BrowserRecords
from app.browser.render import Renderer
from app.browser.socket import BrowserSocket
from app.browser.storage_status import BrowserStorageStatus, LocalCanary
from app.browser.tabs import BrowserTabs
from app.browser.templates import BrowserTemplates
from app.browser.text_files import BrowserTextFile, BrowserTextSink
from app.browser.upload import BrowserUploader
from app.core.connections import LOCAL_API_ID, ModelRef
from app.core.problems import Problem
from app.core.state import Place
from app.core.text import t, tn, use_language
from app.providers.registry import PROVIDERS
from app.services.house import House, World
from app.services.ports import LocalFile
from app.views.attachment_bar import AttachmentBar
from app.views.composer import Composer
from app.views.confirmation import Confirmation
from app.views.connections_place import ConnectionsPlace
from app.views.conversation import ConversationView, MessageActions
from app.views.conversation_list import ConversationList, LibraryActions
from app.views.conversing import Conversing
from app.views.data_panel import DataPanel
from app.views.destination import Destination
from app.views.drop_region import DropRegion
from app.views.empty_chat import EmptyChat
from app.views.everyone import Everyone
from app.views.file_ways import FileWays
from app.views.gauge import Gauge
from app.views.local_api_status import LocalApiStatus
from app.views.model_choice import ModelChoice
from app.views.model_file_ways import ModelFileWays
from app.views.models_table import ModelActions, ModelsTable
from app.views.naming import NameDialog
from app.views.navigation import Navigation
from app.views.notices import NoticeList
from app.views.page_actions import PageActions
from app.views.page_commands import Deeds
from app.views.parameters_panel import ParametersPanel
from app.views.rivals import Rivals
from app.views.settings_form import SettingsForm
from app.views.shelving import Shelving
from app.views.tab_place import TabPlace
from app.views.upload_list import UploadList


class Berth:
    """The application in the page."""

    def __init__(self) -> None:
        """Build it; nothing runs yet, and the page is as index.html painted it."""
        self.page = BrowserPage()
        self.looks = BrowserAppearance()
        use_language(self.looks.language)
        self.house = House(_world(self.page), PROVIDERS, self.page.on_frame, _log)
        self.start_task = self.house.tasks.start
        self.conversing = Conversing(self.house)
        self._build_views()

    async def start(self) -> None:
        """Begin to work; the composer is handed over last, so that an early Send knows its model."""
        await self.house.start()
        self._build_late_views()
        self.page.on_leaving(self.house.answers.flush)
        self.page.on_leaving(self.house.preferences.save_soon)
        self.page.set_state("ready")
        self.page.mark("app-ready")

    def _build_views(self) -> None:
        house, store, start = self.house, self.house.store, self.start_task
        confirmation, self.naming = Confirmation(), NameDialog(start)
        LocalApiStatus(store)
        ModelChoice(store, self.conversing.choose, house.connecting.checks.refresh_stale)
        Rivals(store, self.conversing.set_rivals)
        NoticeList(store, house.notifier.dismiss)
        self.ways = ways = ModelFileWays(
            house, BrowserTemplates(), lambda file: tab.run([file]), lambda file: self._upload([file])
        )
        tab = TabPlace(house, confirmation, self.naming, self.conversing.show_chat, ways.inspecting.inspect)
        EmptyChat(store, tab.try_demo)
        Destination(store, house.gateway.find)
        actions = MessageActions(
            self.conversing.regenerate,
            self.conversing.resume,
            self.conversing.edit,
            house.chat.step,
            house.chat.compare,
            house.chat.keep,
            house.chat.stop_one,
            self._copy,
        )
        self.conversation = ConversationView(
            store, actions, house.answers.live, Renderer(), start, house.clock
        )
        DropRegion(self._take, start)
        UploadList(store, ways.upload_actions())
        ModelsTable(store, self._model_actions(), confirmation, house.clock.now)
        files = FileWays(BrowserTextSink, lambda file: BrowserTextFile(file.js_file))
        ConnectionsPlace(house, self.page.origin, confirmation, files)
        data = DataPanel(
            store,
            house.exchange,
            house.connecting.carrier,
            house.library,
            BrowserStorageStatus(),
            files,
            house.clock,
            start,
            house.notifier.tell,
        )
        library = LibraryActions(
            more=lambda: start(house.library.more()),
            search=house.search.start,
            search_more=house.search.more,
            load_search=lambda: start(house.search.load()),
            change=lambda key, change: start(self.conversing.change(key, change)),
            duplicate=lambda key: start(self.conversing.duplicate(key)),
            delete=lambda key: start(self.conversing.delete(key)),
            export=lambda key, form: start(data.export_one(key, form)),
        )
        ConversationList(store, library, self.naming, house.clock.now)

    def _build_late_views(self) -> None:
        """The views that show what the settings hold, and those that act on all the others."""
        store = self.house.store
        conversing = self.conversing
        parameters = ParametersPanel(
            store, conversing.provider, conversing.keep_parameter, conversing.keep_system
        )
        SettingsForm(store, self.house.preferences.set_base_url, self.house.preferences.set_upload_limit)
        shelving = Shelving(self.house, self.naming, conversing.provider, conversing.show_chat)
        composer = Composer(
            store, conversing.send, self.house.chat.stop, conversing.begin, shelving.slash.takes
        )
        AttachmentBar(store, lambda files: self._take(files, 0), self.house.attaching.remove)
        Gauge(store, conversing.measure, self.conversation.leave_out)
        settings = store.state.settings
        self.house.chat.begin(settings.model, settings.typed)
        if settings.conversation and not self.page.fragment():
            self.page.replace_fragment(f"#/{Place.CHAT}/{settings.conversation}")
        self.navigation = Navigation(store, self.page, conversing.show)
        conversing.furnish(self.navigation, composer, parameters)
        actions = {
            "new-conversation": conversing.begin,
            "look-now": self.house.health.look_now,
            "xray-open": self.ways.open_prompt,
            "toggle-parameters": parameters.toggle,
        }
        PageActions(actions, self._copy)
        deeds = self._deeds(parameters, shelving)
        Everyone(self.house, self.looks, deeds, self.navigation.go, shelving.sources)

    def _deeds(self, parameters: ParametersPanel, shelving: Shelving) -> Deeds:
        models = self._model_actions()
        return Deeds(
            new_conversation=self.conversing.begin,
            regenerate=self.conversing.regenerate,
            stop=self.house.chat.stop,
            copy=self._copy,
            toggle_parameters=parameters.toggle,
            sync=models.sync,
            clear_cache=models.clear_cache,
            find_prompt=shelving.panel.focus,
            new_prompt=shelving.form.add,
            save_preset=shelving.presets.save,
        )

    def _model_actions(self) -> ModelActions:
        models, start = self.house.models, self.start_task
        return ModelActions(
            sync=lambda: start(models.sync()),
            clear_cache=lambda: start(models.clear_cache()),
            delete=lambda model: start(models.delete(model)),
            chat_with=self._chat_with,
        )

    def _chat_with(self, model: str) -> None:
        self.conversing.choose(ModelRef(LOCAL_API_ID, model))
        self.conversing.show_chat()

    def _take(self, files: Sequence[BrowserFile], left_out: int) -> None:
        models = [file for file in files if file.name.lower().endswith(".gguf")]
        others = [file for file in files if file not in models]
        if others and self.house.store.state.place is Place.CHAT:
            self.house.attaching.add(others)
            others = []
        if models or others:
            self._upload([*models, *others])
        if left_out:
            self.house.notifier.tell(tn("upload.left_out", left_out))

    def _upload(self, files: Sequence[LocalFile]) -> None:
        self.navigation.go(Place.MODELS)
        self.house.uploads.add(files)

    def _copy(self, text: str) -> None:
        self.start_task(self._write_clipboard(text))

    async def _write_clipboard(self, text: str) -> None:
        await self.page.copy(text)
        self.house.notifier.tell(t("notice.copied"))


def _world(page: BrowserPage) -> World:
    return World(
        http=BrowserHttp(),
        socket=BrowserSocket(),
        uploader=BrowserUploader(),
        clock=BrowserClock(),
        page=page,
        locks=BrowserLocks(),
        tabs=BrowserTabs(),
        canary=LocalCanary(),
        crypto=BrowserCrypto(),
        presence=BrowserPresence(),
        database=BrowserRecords,
        engine=BrowserEngine(),
        model_store=BrowserModelStore(),
        storage_status=BrowserStorageStatus(),
    )


def _log(problem: Problem) -> None:
    """Put a problem that is shown as a notice on the console too, with its details."""
    print(problem, problem.details, sep="\n", file=sys.stderr)
