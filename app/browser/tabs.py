"""The `Tabs` port over a BroadcastChannel."""

from __future__ import annotations

from collections.abc import Callable

import js

from app.browser.ffi import JsValue, Listeners, js_object
from app.browser.records import NAME


class BrowserTabs:
    """The other tabs of this page. A message holds no content, only what to read again."""

    def __init__(self, name: str = NAME) -> None:
        """Tabs hear each other when they use the same `name`."""
        self._channel = js.BroadcastChannel.new(name)
        self._listeners = Listeners()

    def announce(self, kind: str, key: str) -> None:
        """See `Tabs.announce`."""
        self._channel.postMessage(js_object({"kind": kind, "id": key}))

    def listen(self, run: Callable[[str, str], None]) -> None:
        """See `Tabs.listen`."""

        def heard(event: JsValue) -> None:
            run(str(event.data.kind), str(event.data.id))

        self._listeners.on(self._channel, "message", heard)
