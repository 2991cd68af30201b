"""The tasks of the page: each has an owner, and none of them fails in silence."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

from app.core.problems import BerthError, Problem


class Tasks:
    """Starts coroutines, keeps them alive, and reports what they raise.

    The event loop holds tasks only weakly, so a task without an owner may vanish midway.
    """

    def __init__(self, report: Callable[[Problem], None]) -> None:
        """`report` is told about every exception that a task did not handle itself."""
        self._report = report
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` beside everything else. Cancelling the task that is returned stops it."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, BerthError):
            self._report(error.problem)
        elif error is not None:
            details = "".join(traceback.format_exception(error))
            self._report(Problem.of("unexpected", details=details))
