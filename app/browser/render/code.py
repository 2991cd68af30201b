"""Code blocks: a label, a button that copies, and colours once the block is complete."""

from __future__ import annotations

import asyncio

from pyodide.ffi import JsException

from app.browser import dom
from app.browser.dom import Element
from app.browser.ffi import JsValue, settled
from app.browser.modules import load
from app.browser.render import languages
from app.browser.render.idle import IdleQueue
from app.core.text import t

LONGEST = 50_000
"""Characters up to which a block gets colours (over 1,000 lines): more would hold the page up for 50 ms."""

_CLASS = "language-"


def frame(pre: Element) -> None:
    """Put a code block into its frame, with its language and the button."""
    word = _word(pre.querySelector("code"))
    copy = dom.button(
        t("prose.copy"), "copy-code", class_="btn ghost small push", aria_label=t("prose.copy_code")
    )
    header = dom.create("header", dom.create("span", languages.label(word) or t("prose.code")), copy)
    block = dom.create("div", header, class_="code")
    pre.replaceWith(block)
    pre.tabIndex = 0
    block.append(pre)


def text_beside(button: Element) -> str:
    """The code of the block that a button stands in, without the line end that closes every block."""
    return str(button.closest(".code").querySelector("code").textContent).removesuffix("\n")


def _word(code: Element) -> str:
    return dom.attribute(code, "class").removeprefix(_CLASS)


class Highlighter:
    """Colours code in idle time. Its library and each language are loaded on first use."""

    def __init__(self, idle: IdleQueue) -> None:
        """Nothing is loaded yet."""
        self._idle = idle
        self._module: JsValue | None = None
        self._loaded: set[str] = set()
        self._loading: dict[str, asyncio.Task[None]] = {}
        self._waiting: dict[str, list[Element]] = {}

    def colour(self, element: Element) -> None:
        """Colour the code blocks in an element that will not change any more.

        What is in no known language, very long, or fails stays plain.
        """
        for code in element.querySelectorAll(f'pre > code[class^="{_CLASS}"]'):
            name = languages.highlighter_name(_word(code))
            if name is not None and len(str(code.textContent)) <= LONGEST:
                self._add(name, code)

    def _add(self, name: str, code: Element) -> None:
        if name in self._loaded:
            self._idle.add(lambda: self._colour(name, code))
            return
        self._waiting.setdefault(name, []).append(code)
        if name not in self._loading:
            self._loading[name] = asyncio.ensure_future(self._load(name))

    async def _load(self, name: str) -> None:
        try:
            self._module = self._module or await load("highlight")
            await settled(self._module.load(*languages.modules(name)))
            self._loaded.add(name)
        except JsException as error:
            print(f"Code stays without colours: {error}")
        finally:
            del self._loading[name]
            for code in self._waiting.pop(name, []):
                if name in self._loaded:
                    self._add(name, code)

    def _colour(self, name: str, code: Element) -> None:
        if self._module is not None and code.isConnected:
            self._module.highlight(code, name)
