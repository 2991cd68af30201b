"""Watching the local API: its state on the page is true to the server within five seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.core.local_api import Health, LocalApi
from app.core.store import Cell
from app.providers.base import Provider
from app.services.diagnosis import Diagnosis
from app.services.ports import Clock, Page

INTERVAL = 2.0
"""Seconds between two looks; together with the timeout of one look it stays under five."""


class HealthWatch:
    """Asks for the API's health again and again while the tab is visible, and at once when something failed."""

    def __init__(
        self,
        cell: Cell[LocalApi],
        provider: Provider,
        diagnosis: Diagnosis,
        clock: Clock,
        page: Page,
        on_connected: Callable[[], None],
    ) -> None:
        """`on_connected` runs each time the API is found connected after it was not."""
        self._cell = cell
        self._provider = provider
        self._diagnosis = diagnosis
        self._clock = clock
        self._page = page
        self._on_connected = on_connected
        self._wake = asyncio.Event()
        page.on_visible(self.look_now)

    def look_now(self) -> None:
        """Look at once instead of when the interval is over."""
        self._wake.set()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            if self._page.is_visible():
                await self.look()
            await self._pause()

    async def look(self) -> None:
        """Look once and write down what was found."""
        connection = self._cell.value.connection
        finding = await self._diagnosis.examine(self._provider, connection)
        if self._cell.value.connection != connection:
            self._wake.set()  # the address was changed meanwhile: this finding is about another place
            return
        was_connected = self._cell.value.is_connected
        self._cell.update(lambda api: api.found(finding.health, finding.problem))
        if finding.health is Health.CONNECTED and not was_connected:
            self._on_connected()

    async def _pause(self) -> None:
        sleeping = asyncio.ensure_future(self._clock.sleep(INTERVAL))
        waking = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            waking.cancel()
            self._wake.clear()
