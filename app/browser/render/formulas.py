"""Formulas. KaTeX is loaded with the first one; until then, and when it fails, the source is shown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from functools import partial

import js
from pyodide.ffi import JsException

from app.browser.dom import Element
from app.browser.ffi import JsValue
from app.browser.modules import load
from app.browser.render.idle import IdleQueue

SELECTOR = ".math"

AT_ONCE = 0.015
"""Seconds of setting formulas in one go; the rest follows in idle time."""


class Formulas:
    """Sets the formulas of all answers."""

    def __init__(self, idle: IdleQueue) -> None:
        """Nothing is loaded yet."""
        self._idle = idle
        self._module: JsValue | None = None
        self._loading: asyncio.Task[None] | None = None

    def typeset(self, elements: Iterable[Element]) -> None:
        """Replace the source in these elements by the formula."""
        if self._module is None:
            if self._loading is None:
                self._loading = asyncio.ensure_future(self._load())
            return
        until = time.perf_counter() + AT_ONCE
        for element in elements:
            if time.perf_counter() < until:
                self._module.typeset(element)
            else:
                self._idle.add(partial(self._typeset, element))

    async def _load(self) -> None:
        try:
            self._module = await load("formulas")
        except JsException as error:
            print(f"Formulas stay as they were written: {error}")
            self._loading = None
            return
        self.typeset(
            element for element in js.document.querySelectorAll(SELECTOR) if not element.childElementCount
        )

    def _typeset(self, element: Element) -> None:
        if self._module is not None and element.isConnected:
            self._module.typeset(element)
