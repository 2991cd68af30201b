"""The ways that a GGUF file can go: inspect it, run it in this tab, send it to the local API."""

from __future__ import annotations

from collections.abc import Callable

from app.browser import dom
from app.browser.dom import Event
from app.browser.files import chosen
from app.core.inspection import Inspection
from app.core.tab_models import TAB_ID, TabModels
from app.services.house import House
from app.services.inspecting import Inspecting
from app.services.ports import LocalFile, Templates
from app.services.tab_counter import TabCounter
from app.views.inspector import Inspector
from app.views.upload_list import UploadActions


class ModelFileWays:
    """Builds the inspector and its service, and knows where a file goes from it."""

    def __init__(
        self,
        house: House,
        templates: Templates,
        run: Callable[[LocalFile], object],
        upload: Callable[[LocalFile], object],
    ) -> None:
        """`run` brings a file into the engine, `upload` into the queue for the local API."""
        self._house = house
        self._run = run
        cell = house.store.cell("inspection", Inspection)
        self.inspecting = Inspecting(
            cell,
            house.engine.device(),
            templates,
            TabCounter(house.store.cell("tab_models", TabModels), house.engine.loader),
            lambda: house.store.state.conversation.at_hand,
            house.tasks.start,
        )
        Inspector(house.store, self.inspecting, run, upload)
        house.store.subscribe(
            lambda state: state.settings.model is not None and state.settings.model.connection == TAB_ID,
            lambda is_here: dom.show(dom.by_id("xray-open"), is_here),
        )
        chooser = dom.by_id("inspect-file")
        dom.on(chooser, "change", self._choose)

    def open_prompt(self) -> None:
        """Show what the model of this tab reads of the conversation that is open."""
        model = self._house.store.state.settings.model
        if model is not None and model.connection == TAB_ID:
            self._house.tasks.start(self._open_prompt(model.model))

    async def _open_prompt(self, model_id: str) -> None:
        model = await self._house.engine.files.read(model_id)
        self.inspecting.inspect(model.files[0], prompt_first=True)

    def upload_actions(self) -> UploadActions:
        """What can be done with the rows of the uploads."""
        uploads = self._house.uploads
        return UploadActions(
            cancel=uploads.cancel,
            retry=uploads.retry,
            clear=uploads.clear,
            inspect=lambda key: self._with_file(key, self.inspecting.inspect),
            run=lambda key: self._with_file(key, self._run),
        )

    def _with_file(self, upload_id: str, way: Callable[[LocalFile], object]) -> None:
        file = self._house.uploads.file(upload_id)
        if file is not None:
            way(file)

    def _choose(self, event: Event) -> None:
        for file in chosen(event.target)[:1]:
            self.inspecting.inspect(file)
