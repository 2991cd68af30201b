"""What the user sets about the appearance takes effect: at once, and for the language by loading the page again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from app.core.appearance import Appearance, Theme, choose_language
from app.core.settings import Settings
from app.core.store import Cell
from app.core.text import LANGUAGES, t
from app.services.preferences import Preferences


class AppearancePage(Protocol):
    """The page, as far as its looks and its keys go.

    `language` is what it speaks, `preferred` what the browser asks for, most wanted first. On a Mac shortcuts are
    pressed with Cmd rather than Ctrl.
    """

    language: str
    preferred: tuple[str, ...]
    is_mac: bool

    def show(self, appearance: Appearance) -> None:
        """Apply all but the language; keep it all for the next load."""
        ...

    def opposite_theme(self) -> Theme:
        """Dark when the page is light now, and the other way round."""
        ...

    def reload(self) -> None:
        """Load the page again, keeping what is typed."""
        ...


class Appearances:
    """Changes the appearance."""

    def __init__(
        self,
        cell: Cell[Settings],
        page: AppearancePage,
        preferences: Preferences,
        is_busy: Callable[[], bool],
        tell: Callable[[str], None],
    ) -> None:
        """`is_busy`: whether loading the page again would break something off; `tell` shows news."""
        self._cell = cell
        self._page = page
        self._preferences = preferences
        self._is_busy = is_busy
        self._tell = tell

    def show(self, appearance: Appearance) -> None:
        """Make the page look so; for every change of the settings, whoever made it."""
        self._page.show(appearance)

    def switch_theme(self) -> None:
        """Change between light and dark."""
        self._cell.update(
            lambda settings: settings.with_appearance(
                replace(settings.appearance, theme=self._page.opposite_theme())
            )
        )

    async def change(self, appearance: Appearance) -> None:
        """Keep a new appearance. Another language loads the page again, once it is stored and nothing is under way."""
        self._cell.update(lambda settings: settings.with_appearance(appearance))
        self._page.show(appearance)
        if choose_language(appearance.language, self._page.preferred, LANGUAGES) == self._page.language:
            return
        if self._is_busy():
            self._tell(t("appearance.language.later"))
        elif await self._preferences.save_now():
            self._page.reload()
