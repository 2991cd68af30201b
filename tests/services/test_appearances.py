"""The appearance: it holds at once; another language only when it is stored and nothing is under way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from app.core.appearance import Appearance, TextSize, Theme
from app.core.problems import Problem
from app.core.settings import Settings
from app.services.appearances import Appearances
from tests.services.virtual_time import in_virtual_time
from tests.services.world import World

GERMAN = Appearance(language="de")


@dataclass
class FakePage:
    """The page as it looks, and how often it was loaded again."""

    language: str = "en"
    preferred: tuple[str, ...] = ("en-US",)
    is_mac: bool = False
    shown: list[Appearance] = field(default_factory=list)
    loads: int = 0
    is_dark: bool = False

    def show(self, appearance: Appearance) -> None:
        self.shown.append(appearance)

    def opposite_theme(self) -> Theme:
        return Theme.LIGHT if self.is_dark else Theme.DARK

    def reload(self) -> None:
        self.loads += 1


@dataclass
class Desk:
    """The service with everything around it."""

    page: FakePage = field(default_factory=FakePage)
    world: World = field(default_factory=World)
    told: list[str] = field(default_factory=list)
    is_busy: bool = False

    async def start(self) -> Desk:
        await self.world.preferences.load()
        self.service = Appearances(
            self.world.store.cell("settings", Settings),
            self.page,
            self.world.preferences,
            lambda: self.is_busy,
            self.told.append,
        )
        return self

    @property
    def appearance(self) -> Appearance:
        return self.world.store.state.settings.appearance

    def stored(self) -> str:
        return str(self.world.records.records.get(("settings", "settings"), ""))


@in_virtual_time
async def test_a_theme_shows_at_once_and_needs_no_load() -> None:
    desk = await Desk().start()
    await desk.service.change(Appearance(theme=Theme.DARK))
    assert desk.page.shown == [Appearance(theme=Theme.DARK)]
    assert desk.appearance.theme is Theme.DARK
    assert desk.page.loads == 0


@in_virtual_time
async def test_another_language_is_stored_and_then_loaded() -> None:
    desk = await Desk().start()
    await desk.service.change(GERMAN)
    assert desk.page.loads == 1
    assert '"language": "de"' in desk.stored()


@pytest.mark.parametrize("language", ["", "en", "tlh"])
def test_what_is_spoken_already_needs_no_load(language: str) -> None:
    @in_virtual_time
    async def test() -> None:
        desk = await Desk().start()
        await desk.service.change(Appearance(language=language))
        assert desk.page.loads == 0

    test()


@in_virtual_time
async def test_following_the_browser_again_loads_its_language() -> None:
    desk = await Desk(FakePage(language="de", preferred=("en-GB", "de"))).start()
    await desk.service.change(Appearance(language=""))
    assert desk.page.loads == 1


@in_virtual_time
async def test_while_something_is_under_way_nothing_is_broken_off() -> None:
    desk = await Desk(is_busy=True).start()
    await desk.service.change(GERMAN)
    assert desk.page.loads == 0
    assert desk.appearance == GERMAN
    assert "under way" in desk.told[0]


@in_virtual_time
async def test_what_cannot_be_stored_is_not_loaded() -> None:
    """The page would come back in the old language, and nobody would know why."""
    desk = await Desk().start()
    desk.world.records.is_broken = True
    await desk.service.change(GERMAN)
    assert desk.page.loads == 0
    assert [type(problem) for problem in desk.world.reported] == [Problem]


@in_virtual_time
async def test_switching_the_theme_keeps_the_rest() -> None:
    desk = await Desk(FakePage(is_dark=True)).start()
    large = Appearance(text_size=TextSize.LARGE)
    await desk.service.change(large)
    desk.service.switch_theme()
    assert desk.appearance == replace(large, theme=Theme.LIGHT)
