"""Models in the tab: the views of everything that belongs to them, tied to the engine's services."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.browser import dom
from app.core.problems import BerthError, InvalidFile
from app.core.tab_models import Source, model_name
from app.core.text import t
from app.services.house import House
from app.services.ports import LocalFile
from app.views.address_dialog import AddressDialog
from app.views.confirmation import Confirmation
from app.views.engine_form import EngineForm
from app.views.naming import NameDialog
from app.views.problem import show_problem
from app.views.tab_engine import EngineLine
from app.views.tab_keeping import KeepingList
from app.views.tab_models import TabModelActions, TabModelsTable


class TabPlace:
    """Builds these views."""

    def __init__(
        self,
        house: House,
        confirmation: Confirmation,
        naming: NameDialog,
        show_chat: Callable[[], object],
        inspect: Callable[[LocalFile], object],
    ) -> None:
        """`show_chat` goes to the conversation that is open; `inspect` shows what is in a file."""
        store, self._room, self._start = house.store, house.engine, house.tasks.start
        self._show_chat = show_chat
        self._store = store
        self._inspect = inspect
        keeper = self._room.keeper
        address = AddressDialog(keeper.download)
        actions = TabModelActions(
            chat_with=self.chat_with,
            keep=self._room.keep_dropped,
            rename=lambda key, label: naming.ask(
                t("tab.rename.title"), label, lambda name: keeper.rename(key, name)
            ),
            delete=lambda key: self._start(self._room.delete(key)),
            remove=self._room.remove,
            run=self.run,
            inspect=lambda key: self._start(self._inspect_model(key)),
            add_address=address.open,
        )
        TabModelsTable(store, actions, confirmation)
        KeepingList(store, keeper.resume, keeper.stop, lambda key: self._start(self._room.delete(key)))
        EngineLine(store, lambda: self._start(self._room.loader.unload()))
        EngineForm(store, house.settings, self._room.device)

    def chat_with(self, model_id: str) -> None:
        """Choose a model of the tab, and go to the chat."""
        self._room.choose(model_id)
        self._show_chat()

    def try_demo(self) -> None:
        """Choose the demo model, and go to the chat."""
        self._room.try_demo()
        self._show_chat()

    def run(self, files: Sequence[LocalFile]) -> None:
        """Take files as models of the tab, choose the first, and go to the chat. One that is kept here is not taken."""
        known = self._store.state.tab_models.get(model_name(files[0].name))
        if len(files) == 1 and known and known.source is Source.KEPT and known.size == files[0].size:
            self.chat_with(known.id)
        else:
            self._start(self._run_files(files))

    async def _inspect_model(self, model_id: str) -> None:
        try:
            model = await self._room.files.read(model_id)
        except BerthError as error:
            show_problem(dom.by_id("tab-models-problem"), error.problem)
        else:
            self._inspect(model.files[0])

    async def _run_files(self, files: Sequence[LocalFile]) -> None:
        problem = dom.by_id("tab-models-problem")
        try:
            await self._room.run(files)
        except InvalidFile as error:
            show_problem(problem, error.problem)
        else:
            show_problem(problem, None)
            self._show_chat()
