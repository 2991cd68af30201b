"""The `Presence` port: keys and pointers in this tab, and whether it is seen."""

from __future__ import annotations

import time

import js

from app.browser.ffi import Listeners

EVENTS = ("keydown", "pointerdown")
"""Rare ones only: each of them wakes Python."""


class BrowserPresence:
    """Goes by the clock on the wall, so that the hours of a machine that sleeps count as well."""

    def __init__(self) -> None:
        """The user is there now."""
        self._active = time.time()
        self._hidden_since: float | None = None
        self._listeners = Listeners()
        for event in EVENTS:
            self._listeners.on(js.document, event, self._on_activity)
        self._listeners.on(js.document, "visibilitychange", self._on_visibility)

    def idle_seconds(self) -> float:
        """See `Presence.idle_seconds`."""
        return time.time() - self._active

    def hidden_seconds(self) -> float:
        """See `Presence.hidden_seconds`."""
        return 0.0 if self._hidden_since is None else time.time() - self._hidden_since

    def _on_activity(self, _event: object) -> None:
        self._active = time.time()

    def _on_visibility(self, _event: object) -> None:
        if js.document.visibilityState == "visible":
            self._hidden_since = None
        elif self._hidden_since is None:
            self._hidden_since = time.time()
