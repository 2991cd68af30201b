"""Formulas. KaTeX is loaded with the first one; until then, and when it fails, the source is shown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable

import js
from pyodide.ffi import JsException

from app.browser.dom import Element
from app.browser.ffi import JsValue
from app.browser.modules import load
from app.browser.render.idle import IdleQueue

SELECTOR = ".math"

AT_ONCE = 0.04
"""Seconds of setting formulas in one go, about fifty of them; the rest follows in idle time."""


class Formulas:
    """Sets the formulas of all answers."""

    def __init__(self, idle: IdleQueue, on_change: Callable[[], object]) -> None:
        """Nothing is loaded yet. `on_change` is called when formulas were set in answers that are shown already."""
        self._idle = idle
        self._on_change = on_change
        self._module: JsValue | None = None
        self._loading: asyncio.Task[None] | None = None

    def typeset(self, elements: Iterable[Element]) -> None:
        """Replace the source in these elements by the formula."""
        if self._module is None:
            if self._loading is None:
                self._loading = asyncio.ensure_future(self._load())
            return
        until = time.perf_counter() + AT_ONCE
        done = [self._module.typeset(element, time.perf_counter() < until) for element in elements]
        if not all(done):
            self._idle.add(self._typeset_rest)

    def _typeset_rest(self) -> None:
        """Set what still stands as source in the page.

        It is looked for anew, because a rendering may have moved what was left into other elements.
        """
        found = js.document.querySelectorAll(SELECTOR)
        self.typeset(element for element in found if not element.childElementCount)
        self._on_change()

    async def _load(self) -> None:
        try:
            self._module = await load("formulas")
        except JsException as error:
            print(f"Formulas stay as they were written: {error}")
            self._loading = None
            return
        self._typeset_rest()
