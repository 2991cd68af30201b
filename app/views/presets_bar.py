"""Presets, on top of the parameters: choose one, and keep what is set as one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from app.browser import dom
from app.core.conversations import Conversation, Heading
from app.core.notices import Undo
from app.core.presets import Preset
from app.core.shelf import Shelf
from app.core.state import State
from app.core.store import Store
from app.core.text import t
from app.providers.base import Provider
from app.services.archive import HeadingChange
from app.services.shelf import ShelfKeeper
from app.views.menu import Menu
from app.views.naming import NameDialog

NONE = Preset("", "")
"""Laid over a conversation it leaves nothing set."""


class PresetBar:
    """A select with all presets, and a menu for the one that is chosen.

    A conversation does not know its preset. The one shown is that which was chosen for it last, or else one that says
    just what is set.
    """

    def __init__(
        self,
        store: Store[State],
        presets: ShelfKeeper[Preset],
        provider: Callable[[State], Provider],
        change: Callable[[HeadingChange], object],
        naming: NameDialog,
        start: Callable[[Coroutine[Any, Any, None]], object],
        tell: Callable[[str, Undo | None], object],
        delete: Callable[[str], object],
    ) -> None:
        """`change` changes the heading of the conversation; `tell` shows news and a way back; `delete` takes an id."""
        self._store = store
        self._presets = presets
        self._provider = provider
        self._change = change
        self._naming = naming
        self._start = start
        self._tell = tell
        self._chosen: dict[str, str] = {}
        self._select = dom.by_id("preset")
        self._menu = Menu(
            "preset-menu",
            {
                "save-preset": self.save,
                "update-preset": self._update,
                "rename-preset": self._rename,
                "delete-preset": lambda: delete(self._current.id),
            },
        )
        self._button = dom.by_id("preset-actions")
        dom.on(self._select, "change", lambda _: self.apply(str(self._select.value)))
        dom.on(self._button, "click", lambda _: self._open_menu())
        store.subscribe(lambda state: (state.presets, state.conversation, provider(state)), self._show)

    def apply(self, preset_id: str) -> None:
        """Lay a preset over the conversation; no preset leaves nothing set. What was set by hand can be undone."""
        preset = self._presets.shelf.get(preset_id) or NONE
        before, provider, known = self._here()
        is_kept = any(one.fits(before, provider, known) for one in (NONE, *self._presets.shelf.items))
        self._chosen[before.id] = preset.id
        self._change(lambda heading: preset.over(heading, provider, known))
        if not is_kept:
            name = preset.name or t("presets.none")
            back = NONE.taken_from(before, provider, known)
            undo = Undo(t("library.undo"), lambda: self._lay(before.id, back))
            self._tell(t("presets.applied", name=name), undo)

    def save(self) -> None:
        """Keep what is set under a name; under that of another preset it takes its place."""
        self._naming.ask(t("presets.save"), "", self._save)

    async def _save(self, name: str) -> None:
        namesake = self._presets.shelf.named(name)
        heading, provider, known = self._here()
        saved = (namesake or Preset("", name)).taken_from(heading, provider, known)
        await self._store_preset(saved, namesake)

    def _update(self) -> None:
        self._start(self._store_preset(self._current.taken_from(*self._here()), self._current))

    async def _store_preset(self, preset: Preset, before: Preset | None) -> None:
        saved = await self._presets.save(preset)
        self._chosen[self._store.state.conversation.id] = saved.id
        self._show_state()
        if before is None:
            self._tell(t("presets.saved", name=saved.name), None)
        else:
            undo = Undo(t("library.undo"), lambda: self._start(self._presets.restore(before)))
            self._tell(t("presets.updated", name=saved.name), undo)

    def _rename(self) -> None:
        preset = self._current

        async def keep(name: str) -> None:
            now = self._presets.shelf.get(preset.id) or preset
            await self._presets.save(Preset(now.id, name, now.system, now.typed, now.rev))

        self._naming.ask(t("presets.rename"), preset.name, keep)

    def _lay(self, conversation_id: str, preset: Preset) -> None:
        """Undo, if the user is still in that conversation: nothing else is changed by surprise."""
        now, provider, known = self._here()
        if now.id == conversation_id:
            self._chosen.pop(conversation_id, None)
            self._change(lambda heading: preset.over(heading, provider, known))

    def _here(self) -> tuple[Heading, str, frozenset[str]]:
        state = self._store.state
        provider = self._provider(state)
        return state.conversation.heading, provider.id, frozenset(one.name for one in provider.parameters)

    @property
    def _current(self) -> Preset:
        """The preset that is shown."""
        here = self._here()
        chosen = self._presets.shelf.get(self._chosen.get(here[0].id, ""))
        if chosen is not None:
            return chosen
        return next((one for one in self._presets.shelf.items if one.fits(*here)), NONE)

    def _show(self, _: tuple[Shelf[Preset], Conversation, Provider]) -> None:
        self._show_state()

    def _show_state(self) -> None:
        current, here = self._current, self._here()
        options = [dom.create("option", t("presets.none"), value="")]
        for preset in self._presets.shelf.items:
            is_changed = preset is current and not preset.fits(*here)
            name = t("presets.changed", name=preset.name) if is_changed else preset.name
            options.append(dom.create("option", name, value=preset.id))
        dom.replace_children(self._select, *options)
        self._select.value = current.id

    def _open_menu(self) -> None:
        current = self._current
        is_changed = bool(current.id) and not current.fits(*self._here())
        update = dom.by_id("preset-update")
        dom.set_text(update, t("presets.update", name=current.name))
        dom.show(update, is_changed)
        for name in ("preset-rename", "preset-delete"):
            dom.show(dom.by_id(name), bool(current.id))
        self._menu.open(self._button)
