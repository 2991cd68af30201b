"""What several tabs of the page share, for tests of one tab alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class FakeLocks:
    """The `Locks` port: those held here."""

    def __init__(self) -> None:
        self.held: set[str] = set()

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:
        if name in self.held:
            yield False
            return
        self.held.add(name)
        try:
            yield True
        finally:
            self.held.discard(name)


class FakeTabs:
    """The `Tabs` port: nobody else is there, unless a test speaks for them."""

    def __init__(self) -> None:
        self.announced: list[tuple[str, str]] = []
        self._run: list[Callable[[str, str], None]] = []

    def announce(self, kind: str, key: str) -> None:
        self.announced.append((kind, key))

    def listen(self, run: Callable[[str, str], None]) -> None:
        self._run.append(run)

    def hear(self, kind: str, key: str) -> None:
        """Another tab announces something."""
        for run in self._run:
            run(kind, key)
