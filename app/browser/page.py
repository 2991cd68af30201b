"""The tab: its address, whether it is seen, its frames, and what the browser allows it."""

from __future__ import annotations

from collections.abc import Callable

import js
from pyodide.ffi import JsException, create_once_callable

from app.browser.ffi import Listeners, js_object, settled
from app.browser.loop import run_ready
from app.core.problems import InvalidInput, Problem

LOOPBACK = ("loopback-network", "local-network-access")
NETWORK = ("local-network", "local-network-access")
"""Names of the permissions for requests to this device and to the local network: since Chromium 145, and before."""


class BrowserPage:
    """The `Page` port, and the few things of the tab that only `main` needs."""

    def __init__(self) -> None:
        """Read the origin once; it never changes."""
        self.origin: str = js.location.origin
        self._listeners = Listeners()

    def is_visible(self) -> bool:
        """See `Page.is_visible`."""
        return bool(js.document.visibilityState == "visible")

    def is_online(self) -> bool:
        """See `Page.is_online`."""
        return bool(js.navigator.onLine)

    def on_visible(self, run: Callable[[], None]) -> None:
        """See `Page.on_visible`."""
        self._listeners.on(js.document, "visibilitychange", lambda _: run() if self.is_visible() else None)

    def on_leaving(self, run: Callable[[], None]) -> None:
        """Call `run` when the tab is hidden, frozen or closed: the last chance to write something down.

        What it starts goes as far as it can at once: a page that is left has no later.
        """

        def leave() -> None:
            run()
            run_ready()

        self._listeners.on(js.document, "visibilitychange", lambda _: None if self.is_visible() else leave())
        self._listeners.on(js.document, "freeze", lambda _: leave())
        self._listeners.on(js.window, "pagehide", lambda _: leave())

    async def loopback_permission(self) -> str:
        """See `Page.loopback_permission`."""
        return await _permission(LOOPBACK)

    async def network_permission(self) -> str:
        """See `Page.network_permission`."""
        return await _permission(NETWORK)

    def on_frame(self, run: Callable[[], None]) -> None:
        """Call `run` once: on the next animation frame, or soon after in a hidden tab, which paints none."""
        if self.is_visible():
            js.requestAnimationFrame(create_once_callable(lambda _time: run()))
        else:
            js.setTimeout(create_once_callable(run), 250)

    def fragment(self) -> str:
        """The address's fragment, with its #."""
        return str(js.location.hash)

    def set_fragment(self, fragment: str) -> None:
        """Go to another fragment, which the Back button leaves again."""
        js.location.hash = fragment

    def replace_fragment(self, fragment: str) -> None:
        """Change the fragment without a step in the history, and without telling `on_fragment`."""
        js.history.replaceState(None, "", fragment)

    def on_fragment(self, run: Callable[[], None]) -> None:
        """Call `run` whenever the fragment has changed."""
        self._listeners.on(js.window, "hashchange", lambda _: run())

    async def copy(self, text: str) -> None:
        """Put `text` on the clipboard.

        Raises:
            InvalidInput: the browser does not allow it.
        """
        try:
            await settled(js.navigator.clipboard.writeText(text))
        except JsException as error:
            raise InvalidInput(Problem.of("clipboard.denied")) from error

    def set_state(self, state: str) -> None:
        """Tell styles, tests and the boot script how far the start is: "ready"."""
        js.document.documentElement.dataset.state = state

    def mark(self, name: str) -> None:
        """See `Page.mark`."""
        js.performance.mark(name)


async def _permission(names: tuple[str, ...]) -> str:
    """The state of the first of these permissions that the browser knows; empty when it knows none."""
    for name in names:
        try:
            status = await settled(js.navigator.permissions.query(js_object({"name": name})))
        except JsException:
            continue
        return str(status.state)
    return ""
