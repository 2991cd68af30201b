"""What the page itself puts into answers, beside the sanitised nodes: frames, labels, buttons, formulas, colours."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import js
from pyodide.ffi import create_once_callable

from app.browser import dom
from app.browser.dom import Element
from app.browser.ffi import Listeners
from app.browser.render import code
from app.browser.render.code import Highlighter
from app.browser.render.formulas import SELECTOR as FORMULA
from app.browser.render.formulas import Formulas
from app.browser.render.idle import IdleQueue
from app.browser.render.images import Images
from app.browser.render.markdown import Fragment
from app.core.text import t

SETTLED = "settled"
"""The class of a message whose blocks were laid out: the browser may skip those out of sight (prose.css)."""


class Furnishing:
    """Furnishes the answers in one place of the page and does what their buttons say."""

    def __init__(
        self,
        log: Element,
        copy: Callable[[str], object],
        start: Callable[[Coroutine[Any, Any, None]], object],
        on_change: Callable[[], object] = lambda: None,
    ) -> None:
        """`log` holds all the answers; `copy` puts a text on the clipboard; `start` runs a coroutine.

        `on_change` is called when something in answers that are shown already got another height: formulas that were
        set later, an image that was loaded.
        """
        idle = IdleQueue()
        self._idle = idle
        self._copy = copy
        self._start = start
        self._highlighter = Highlighter(idle)
        self._formulas = Formulas(idle, on_change)
        self._images = Images(on_change)
        self._listeners = Listeners()
        self._listeners.on(log, "click", self._click)

    def furnish(self, fragment: Fragment) -> None:
        """Furnish nodes that are not in the page yet. The same nodes always get the same furniture."""
        formulas = []
        for element in fragment.querySelectorAll(f"pre, table, input, a.image, {FORMULA}"):
            match element.tagName:
                case "PRE":
                    code.frame(element)
                case "TABLE":
                    _frame_table(element)
                case "INPUT":
                    element.ariaLabel = t("prose.done" if element.checked else "prose.to_do")
                case "A":
                    self._images.place(element)
                case _:
                    formulas.append(element)
        if formulas:
            self._formulas.typeset(formulas)

    def complete(self, element: Element) -> None:
        """Add what is worth its price only once: `element` is in the page and will not change any more."""
        self._highlighter.colour(element)

    def settle(self, container: Element) -> None:
        """Let the browser skip what is out of sight in a message, once all of it was laid out."""

        def mark() -> None:
            if container.offsetHeight:  # not while its place of the page is hidden
                container.classList.add(SETTLED)

        after_frame = create_once_callable(lambda _: self._idle.add(mark))
        js.requestAnimationFrame(after_frame)

    def close(self) -> None:
        """Stop listening."""
        self._listeners.close()

    def _click(self, event: dom.Event) -> None:
        button = dom.closest(event.target, "button[data-action]")
        if button is None:
            return
        match button.dataset.action:
            case "copy-code":
                self._copy(code.text_beside(button))
            case "load-image":
                self._start(self._images.load(button))


def _frame_table(table: Element) -> None:
    """Let a table that is too wide scroll by itself, with the keyboard too."""
    scroller = dom.create("div", class_="table", role="group", aria_label=t("prose.table"), tabindex=0)
    table.replaceWith(scroller)
    scroller.append(table)
