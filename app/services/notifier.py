"""Telling the user things: news goes away by itself, problems wait to be dismissed."""

from __future__ import annotations

from app.core.notices import Notices, Undo
from app.core.problems import Problem
from app.core.store import Cell
from app.services.ports import Clock
from app.services.tasks import Tasks

NEWS_SECONDS = 6.0
"""How long news stays: long enough to read two lines twice."""

UNDO_SECONDS = 15.0
"""How long something can be undone: long enough to see that it was a mistake."""


class Notifier:
    """Puts notices on the page."""

    def __init__(self, cell: Cell[Notices], clock: Clock) -> None:
        """Write to `cell`."""
        self._cell = cell
        self._clock = clock
        self._tasks = Tasks(self.warn)

    def tell(self, text: str, undo: Undo | None = None) -> None:
        """Show news for a while; for a longer one when something can be undone."""
        self._cell.update(lambda notices: notices.told(text, undo))
        seconds = NEWS_SECONDS if undo is None else UNDO_SECONDS
        self._tasks.start(self._dismiss_later(self._cell.value.items[-1].id, seconds))

    def warn(self, problem: Problem) -> None:
        """Show a problem until the user dismisses it."""
        self._cell.update(lambda notices: notices.warned(problem))

    def dismiss(self, notice_id: int) -> None:
        """Take a notice away; one that is gone already is fine."""
        self._cell.update(lambda notices: notices.dismissed(notice_id))

    async def _dismiss_later(self, notice_id: int, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self.dismiss(notice_id)
