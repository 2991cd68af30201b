"""Everything on the page about prompts and presets, wired: library, slash menu, preset bar, palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from app.browser import dom, focus
from app.core.notices import Undo
from app.core.palette import PaletteSource
from app.core.presets import Preset
from app.core.prompts import Prompt
from app.core.shelf import Named
from app.core.state import State
from app.core.text import t
from app.providers.base import Provider
from app.services.house import House
from app.services.shelf import ShelfKeeper
from app.views.naming import NameDialog
from app.views.presets_bar import PresetBar
from app.views.prompts_fill import FillDialog
from app.views.prompts_form import PromptForm
from app.views.prompts_panel import PromptsPanel
from app.views.shelf_sources import ShelfSource
from app.views.slash_menu import SlashMenu

T = TypeVar("T", bound=Named)


class Shelving:
    """Builds these views."""

    def __init__(
        self,
        house: House,
        naming: NameDialog,
        provider: Callable[[State], Provider],
        show_chat: Callable[[], object],
    ) -> None:
        """`provider` is that of the chosen model; `show_chat` goes to the chat."""
        self._house = house
        self._show_chat = show_chat
        self._start = house.tasks.start
        store, shelves = house.store, house.shelves
        self._fill = FillDialog()
        self.form = PromptForm(shelves.prompts, self._start)
        self.panel = PromptsPanel(store, self.form, lambda key: self._delete(shelves.prompts, key))
        self.slash = SlashMenu(store, lambda prompt: self._insert(prompt, replacing_all=True), self.form.add)
        self.presets = PresetBar(
            store,
            shelves.presets,
            provider,
            house.chat.change,
            naming,
            self._start,
            house.notifier.tell,
            lambda key: self._delete(shelves.presets, key),
        )

    @property
    def sources(self) -> Sequence[PaletteSource]:
        """Prompts and presets, to be found in the palette."""
        shelves = self._house.shelves
        return (
            ShelfSource(
                "prompts.title",
                "notebook-text",
                lambda: shelves.prompts.shelf,
                lambda prompt: f"/{prompt.name}",
                lambda prompt: prompt.first_line,
                self._use,
            ),
            ShelfSource(
                "presets.title",
                "bookmark",
                lambda: shelves.presets.shelf,
                lambda preset: preset.name,
                lambda preset: preset.system,
                self._apply,
            ),
        )

    def _use(self, prompt: Prompt) -> None:
        self._show_chat()
        self._insert(prompt, replacing_all=False)

    def _apply(self, preset: Preset) -> None:
        self._show_chat()
        self.presets.apply(preset.id)

    def _insert(self, prompt: Prompt, *, replacing_all: bool) -> None:
        field = dom.by_id("message")
        self._fill.ask(prompt, lambda text: focus.write_into(field, text, replacing_all=replacing_all))

    def _delete(self, keeper: ShelfKeeper[T], key: str) -> None:
        self._start(self._delete_from(keeper, key))

    async def _delete_from(self, keeper: ShelfKeeper[T], key: str) -> None:
        deleted = await keeper.delete(key)
        if deleted is not None:
            undo = Undo(t("library.undo"), lambda: self._start(keeper.restore(deleted)))
            self._house.notifier.tell(t("library.deleted", title=deleted.name), undo)
