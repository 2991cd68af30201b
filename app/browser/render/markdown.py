"""Markdown to nodes that are safe to show: marked parses, DOMPurify sanitises last.

Everything that a model wrote comes into the page through here. What static/js/markdown.mjs offers is wrapped one to
one; texts and HTML cross the border as single strings, tokens stay JavaScript's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyodide.ffi import JsException

from app.browser.ffi import JsValue
from app.browser.modules import load
from app.core.problems import BerthError, Problem

Fragment = JsValue
"""A DocumentFragment of sanitised nodes."""

Definitions = JsValue
"""What links may refer to: names and addresses, as JavaScript keeps them."""

BLOCKS_WITH_ROWS = ("list", "table")
"""The kinds of blocks that have rows."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a list or a table.

    Attributes:
        signature: What concerns all rows: numbering, looseness, alignment, header.
        keys: One a row; rows with the same key look the same.
    """

    signature: str
    keys: tuple[str, ...]


class Blocks:
    """The top-level blocks of a text."""

    def __init__(self, module: JsValue, tokens: JsValue) -> None:
        """Wrap marked's tokens."""
        self._module = module
        self._tokens = tokens
        self.outline: list[tuple[str, str]] = [
            (kind, source) for kind, source in json.loads(module.outline(tokens))
        ]
        """Kind and source of each block, in order; the sources make up the text."""

    def html(self, first: int = 0, end: int | None = None) -> list[str]:
        """HTML of the blocks from `first` to before `end`: one element each, not sanitised; unseen ones give none."""
        tokens = self._tokens.slice(first, len(self.outline) if end is None else end)
        return list(json.loads(self._module.html(tokens)))

    def define(self, definitions: Definitions, count: int) -> None:
        """Add what the first `count` blocks define."""
        self._module.define(definitions, self._tokens, count)

    def rows(self, index: int) -> Rows | None:
        """The rows of the block at `index`; None when it is neither a list nor a table."""
        if self.outline[index][0] not in BLOCKS_WITH_ROWS:
            return None
        signature, keys = json.loads(self._module.rows(self._tokens[index]))
        return Rows(signature, tuple(keys))

    def html_from_row(self, index: int, first: int) -> str:
        """HTML of the list or table at `index` without the rows before `first`; not sanitised."""
        return str(self._module.htmlFromRow(self._tokens[index], first))


class Renderer:
    """Renders Markdown. Its libraries are loaded with the first answer and not at the start."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self._module: JsValue | None = None
        self._waiting: list[Callable[[], object]] = []

    @property
    def is_loaded(self) -> bool:
        """Whether the libraries are there."""
        return self._module is not None

    async def load(self) -> None:
        """Load the libraries; after the first time this is done at once.

        Raises:
            BerthError: they could not be fetched. Texts are shown as they are; the next call tries again.
        """
        if self._module is None:
            try:
                self._module = await load("markdown")
            except JsException as error:
                raise BerthError(Problem.of("prose.not_loaded", details=str(error))) from error
            waiting, self._waiting = self._waiting, []
            for run in waiting:
                run()

    def when_loaded(self, run: Callable[[], object]) -> None:
        """Call `run` as soon as the libraries are loaded by `load`; at once when they are."""
        if self.is_loaded:
            run()
        else:
            self._waiting.append(run)

    def no_definitions(self) -> Definitions:
        """An empty set of definitions."""
        return self._loaded.noDefinitions()

    def blocks(self, text: str, definitions: Definitions) -> Blocks:
        """The top-level blocks of `text`, whose links may also refer to `definitions`."""
        return Blocks(self._loaded, self._loaded.lex(text, definitions))

    def fragment(self, html: Sequence[str]) -> Fragment:
        """HTML, sanitised, as nodes that may stand in the page."""
        return self._loaded.fragment("".join(html))

    def patch(self, parent: JsValue, old: JsValue | None, fresh: JsValue | None) -> None:
        """Make the nodes of `parent` from `old` on equal to `fresh` and those after it; equal ones stay as they are."""
        self._loaded.patch(parent, old, fresh)

    @property
    def _loaded(self) -> JsValue:
        if self._module is None:
            raise RuntimeError("the renderer is not loaded")
        return self._module
