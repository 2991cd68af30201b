"""The `Clock` port."""

from __future__ import annotations

import asyncio
import time


class BrowserClock:
    """The browser's time, which Python's own modules read in the page."""

    def now(self) -> float:
        """See `Clock.now`."""
        return time.time()

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See `Clock.sleep`."""
        await asyncio.sleep(seconds)
