"""Runs coroutines in virtual time: hours pass in milliseconds, in the same order each time.

The event loop's clock stands still while anything can run, and jumps to the next timer when nothing can. So
`await asyncio.sleep(30)` in a test lets thirty seconds pass for everything else, timeouts included.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec

P = ParamSpec("P")

_kept: list[object] = []

LONGEST_TEST = 10_000.0
"""Virtual seconds after which a test waits for something that never comes."""


class _Selector(selectors.DefaultSelector):
    """Waits for nothing: what the loop would have waited is added to the virtual time."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or self.now > LONGEST_TEST:
            raise RuntimeError("the test waits for something that never comes")
        self.now += timeout
        ready: list[tuple[selectors.SelectorKey, int]] = super().select(0)
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop that starts at the time 0 and never waits. It also remembers what callbacks raised."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)
        self.failures: list[BaseException] = []
        self.set_exception_handler(self._remember)

    def time(self) -> float:
        return self._virtual.now

    def _remember(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.failures.append(context.get("exception") or RuntimeError(context["message"]))


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Makes an async test a plain one. What was still running at its end is cancelled."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            runner.run(to_the_end(test(*args, **kwargs)))
            loop = runner.get_loop()
        assert isinstance(loop, VirtualTimeLoop)
        if loop.failures:
            raise loop.failures[0]

    return run


async def to_the_end(test: Coroutine[Any, Any, None]) -> None:
    """Runs a test, and cancels what it left running before anything is collected as garbage."""
    try:
        await test
    finally:
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await settled()
        _kept.clear()


def keep(thing: object) -> None:
    """Holds `thing` until its tasks were cancelled."""
    _kept.append(thing)


async def settled() -> None:
    """Returns when nothing can go on without time passing."""
    await asyncio.sleep(1e-6)
