"""The actions that buttons all over the page share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.browser import dom
from app.browser.dom import Event


class PageActions:
    """One listener for actions that need no key, and one that copies the snippet beside a Copy button."""

    def __init__(self, actions: Mapping[str, Callable[[], object]], copy: Callable[[str], object]) -> None:
        """`actions` by the name in `data-action`; `copy` puts a text on the clipboard."""
        self._copy = copy
        dom.on_action(dom.body(), {name: _without_key(run) for name, run in actions.items()})
        dom.on(dom.body(), "click", self._on_click)

    def _on_click(self, event: Event) -> None:
        snippet = dom.closest(event.target, ".snippet")
        if snippet is not None and dom.closest(event.target, '[data-action="copy-snippet"]') is not None:
            self._copy(str(snippet.querySelector("code").textContent))


def _without_key(run: Callable[[], object]) -> Callable[[str], object]:
    return lambda _key: run()
