"""The settings of theme, text size, motion and language. They take effect at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from app.browser import dom
from app.browser.dom import Event
from app.core.appearance import Appearance, Motion, TextSize, Theme
from app.core.state import State
from app.core.store import Store
from app.core.text import LANGUAGES, t
from app.views.choice import Choice


class AppearanceForm:
    """Shows the appearance, and tells what the user makes of it."""

    def __init__(self, store: Store[State], change: Callable[[Appearance], object]) -> None:
        """`change` takes the whole new appearance."""
        self._store = store
        self._change = change
        self._theme = Choice(
            "theme",
            t("appearance.theme"),
            {theme.value: t(f"appearance.theme.{theme}") for theme in Theme},
            lambda value: self._set(theme=Theme(value)),
        )
        self._text_size = Choice(
            "text-size",
            t("appearance.text_size"),
            {size.value: t(f"appearance.text_size.{size}") for size in TextSize},
            lambda value: self._set(text_size=TextSize(value)),
        )
        self._motion = Choice(
            "motion",
            t("appearance.motion"),
            {motion.value: t(f"appearance.motion.{motion}") for motion in Motion},
            lambda value: self._set(motion=Motion(value)),
        )
        self._language = _language_select()
        dom.on(self._language, "change", self._on_language)
        dom.on(dom.by_id("settings-appearance"), "submit", lambda event: event.preventDefault())
        label = dom.create("span", t("appearance.language"), class_="label")
        note = dom.create(
            "span", t("appearance.language.help"), class_="help small quiet", id="language-help"
        )
        field = dom.create("div", dom.create("label", label, self._language), note, class_="field")
        choices = (self._theme.element, self._text_size.element, self._motion.element)
        dom.by_id("settings-appearance-fields").append(*choices, field)
        store.subscribe(lambda state: state.settings.appearance, self._show)

    def _show(self, appearance: Appearance) -> None:
        self._theme.show(appearance.theme)
        self._text_size.show(appearance.text_size)
        self._motion.show(appearance.motion)
        self._language.value = appearance.language if appearance.language in LANGUAGES else ""

    def _set(self, **changes: StrEnum) -> None:
        self._change(replace(self._store.state.settings.appearance, **changes))  # type: ignore[arg-type]

    def _on_language(self, _event: Event) -> None:
        appearance = self._store.state.settings.appearance
        self._change(replace(appearance, language=str(self._language.value)))


def _language_select() -> dom.Element:
    """Each language is named in its own words, so that everybody finds theirs."""
    options = [dom.create("option", name, value=code, lang=code) for code, name in LANGUAGES.items()]
    system = dom.create("option", t("appearance.language.system"), value="")
    return dom.create(
        "select", system, *options, name="language", autocomplete="off", aria_describedby="language-help"
    )
