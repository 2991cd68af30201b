"""The tab: time, visibility, other tabs, and locks between them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Clock(Protocol):
    """Time."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back, for durations."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Page(Protocol):
    """The tab itself."""

    origin: str
    """This page's origin, which servers have to allow."""

    def is_visible(self) -> bool:
        """Whether the user can see the tab."""
        ...

    def is_online(self) -> bool:
        """Whether the device has a network at all."""
        ...

    def on_visible(self, run: Callable[[], None]) -> None:
        """Call `run` whenever the tab becomes visible."""
        ...

    def mark(self, name: str) -> None:
        """Set a performance mark: what measures the page reads them."""
        ...

    async def loopback_permission(self) -> str:
        """The browser's permission for requests to this device: "granted", "denied", "prompt", or "" when unknown."""
        ...

    async def network_permission(self) -> str:
        """The same for requests to other devices on the local network."""
        ...


class Presence(Protocol):
    """Whether somebody sits at the page."""

    def idle_seconds(self) -> float:
        """Seconds since the user last pressed a key or clicked in this tab."""
        ...

    def hidden_seconds(self) -> float:
        """Seconds for which the tab has been hidden; 0 while it is visible."""
        ...


class Locks(Protocol):
    """Locks between the tabs of this page. The browser frees those of a tab that dies."""

    def hold(self, name: str) -> AbstractAsyncContextManager[bool]:
        """Hold a lock for the length of a block; False when another tab, or another block, holds it."""
        ...


class Tabs(Protocol):
    """Tells the other tabs of this page what changed, and hears it from them. They read the new value themselves."""

    def announce(self, kind: str, key: str) -> None:
        """Something of that kind ("conversation", "settings", …) was changed or deleted here."""
        ...

    def listen(self, run: Callable[[str, str], None]) -> None:
        """Call `run(kind, key)` for everything that other tabs announce."""
        ...
