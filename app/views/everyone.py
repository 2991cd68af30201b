"""What makes the page one for everyone: appearance, language, announcements, and the keyboard's way to everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.core.palette import PaletteSource
from app.core.state import Place
from app.services.appearances import AppearancePage, Appearances
from app.services.house import House
from app.views.announcements import Announcements
from app.views.appearance_form import AppearanceForm
from app.views.arrival import Arrival
from app.views.keyboard import Keyboard
from app.views.keyboard_form import KeyboardForm
from app.views.page_commands import Deeds, PageCommands


class Everyone:
    """Builds these views and their service. Build it last: when the settings are there and a place is shown."""

    def __init__(
        self,
        house: House,
        page: AppearancePage,
        deeds: Deeds,
        go: Callable[[Place], None],
        sources: Sequence[PaletteSource] = (),
    ) -> None:
        """`go` begins to go to a place; `sources` come after the commands in the palette."""
        store, settings, start = house.store, house.settings, house.tasks.start
        looks = Appearances(settings, page, house.preferences, lambda: _is_busy(house), house.notifier.tell)
        store.subscribe(lambda state: state.settings.appearance, looks.show)
        AppearanceForm(store, lambda appearance: start(looks.change(appearance)))
        KeyboardForm(store, lambda is_on: settings.update(lambda old: old.with_single_keys(is_on)))
        Announcements(store, house.answers.live)
        commands = PageCommands(store, deeds, looks.switch_theme, Arrival(store, go))
        Keyboard(commands.table(), sources, lambda: settings.value.single_keys, is_mac=page.is_mac)


def _is_busy(house: House) -> bool:
    """Whether loading the page again would break something off."""
    state = house.store.state
    return state.conversation.is_answering or not all(upload.has_ended for upload in state.uploads.items)
