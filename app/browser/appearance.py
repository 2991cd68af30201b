"""The root element's theme, text size, motion and language, and what the browser says about them."""

from __future__ import annotations

import json

import js
from pyodide.ffi import JsException

from app.core.appearance import Appearance, Theme

COPY = "berth.appearance"
"""Where localStorage holds the copy that static/js/appearance.js reads before the first paint."""


class BrowserAppearance:
    """Puts an `Appearance` on the page."""

    def __init__(self) -> None:
        """Read what does not change until the next load."""
        self._root = js.document.documentElement
        self.language: str = str(self._root.lang)
        self.preferred: tuple[str, ...] = tuple(str(tag) for tag in js.navigator.languages)
        self.is_mac: bool = str(js.navigator.platform).startswith(("Mac", "iP"))

    def show(self, appearance: Appearance) -> None:
        """Apply all but the language, which the next load brings, and keep the copy for that load."""
        self._root.dataset.theme = appearance.theme.value
        self._root.dataset.textSize = appearance.text_size.value
        self._root.dataset.motion = appearance.motion.value
        try:
            js.localStorage.setItem(COPY, json.dumps(appearance.to_record()))
        except JsException:
            return  # without storage the page looks right all the same, until it is loaded again

    def opposite_theme(self) -> Theme:
        """Dark when the page is light now, whoever decided that, and the other way round."""
        theme = str(self._root.dataset.theme)
        if theme == Theme.SYSTEM:
            theme = Theme.DARK if js.matchMedia("(prefers-color-scheme: dark)").matches else Theme.LIGHT
        return Theme.LIGHT if theme == Theme.DARK else Theme.DARK

    def reload(self) -> None:
        """Load the page again; static/js/boot.mjs keeps what is typed."""
        js.document.dispatchEvent(js.Event.new("berth:reload"))
