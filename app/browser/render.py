"""Markdown to HTML that is safe to show: marked parses, DOMPurify sanitises last. The only maker of `SafeHtml`."""

from __future__ import annotations

from app.browser.ffi import JsValue
from app.browser.modules import load


class SafeHtml:
    """Sanitised HTML: a TrustedHTML of the browser, which nothing but this module hands out."""

    __slots__ = ("trusted",)

    def __init__(self, trusted: JsValue) -> None:
        """Wrap what DOMPurify returned."""
        self.trusted = trusted


class Renderer:
    """Renders Markdown. Its libraries are loaded with the first answer and not at the start."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self._module: JsValue | None = None

    async def load(self) -> None:
        """Load the libraries; after the first time this is done at once."""
        if self._module is None:
            self._module = await load("markdown")

    def markdown(self, text: str) -> SafeHtml:
        """`text` as HTML. Raw HTML in it is shown as text.

        Raises:
            RuntimeError: `load` was not awaited before.
        """
        if self._module is None:
            raise RuntimeError("the renderer is not loaded")
        return SafeHtml(self._module.render(text))
