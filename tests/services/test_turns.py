"""Turns and patience: who is next at a connection with a limit, and which refusals are worth another attempt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from app.core.http import HttpReply
from app.services.patience import seconds_to_wait
from app.services.turns import Turns
from tests.services.virtual_time import in_virtual_time, settled

NOW = 1_700_000_000.0


class Queue:
    """Requests that run until they are told to end."""

    def __init__(self, limit: int | None) -> None:
        self.turns = Turns()
        self.limit = limit
        self.running: list[str] = []
        self.waited: list[str] = []

    def join(self, name: str, at: str = "c") -> asyncio.Task[None]:
        return asyncio.ensure_future(self._run(name, at))

    async def _run(self, name: str, at: str) -> None:
        async with self.turns.turn(at, self.limit, lambda: self.waited.append(name)):
            self.running.append(name)
            try:
                await asyncio.sleep(1e6)
            finally:
                self.running.remove(name)


@in_virtual_time
async def test_no_more_run_than_are_allowed_and_the_first_is_next() -> None:
    queue = Queue(2)
    tasks = [queue.join(name) for name in "abcd"]
    await settled()
    assert (queue.running, queue.waited) == (["a", "b"], ["c", "d"])
    tasks[0].cancel()
    await settled()
    assert queue.running == ["b", "c"]


@in_virtual_time
async def test_who_gives_up_while_waiting_takes_no_place() -> None:
    queue = Queue(1)
    tasks = [queue.join(name) for name in "abc"]
    await settled()
    tasks[1].cancel()
    tasks[0].cancel()
    await settled()
    assert queue.running == ["c"]


@in_virtual_time
async def test_a_place_that_is_given_in_the_moment_of_giving_up_goes_on() -> None:
    queue = Queue(1)
    tasks = [queue.join(name) for name in "abc"]
    await settled()
    tasks[0].cancel()
    await asyncio.sleep(0)
    tasks[1].cancel()
    await settled()
    assert queue.running == ["c"]


@in_virtual_time
async def test_connections_do_not_wait_for_each_other() -> None:
    queue = Queue(1)
    queue.join("a", "one")
    queue.join("b", "other")
    await settled()
    assert queue.running == ["a", "b"]


@in_virtual_time
async def test_without_a_limit_nobody_waits() -> None:
    queue = Queue(None)
    for name in "abc":
        queue.join(name)
    await settled()
    assert queue.running == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"retry-after": "7"}, 7),
        (503, {"retry-after": "0.2"}, 1),
        (429, {"retry-after": "Tue, 14 Nov 2023 22:13:30 GMT"}, 10),
        (429, {"retry-after": "61"}, None),
        (429, {}, None),
        (503, {}, None),
        (500, {"retry-after": "7"}, None),
        (401, {"retry-after": "7"}, None),
        (200, {"retry-after": "7"}, None),
    ],
)
def test_only_what_says_later_is_asked_again_and_only_when_it_says_when(
    status: int, headers: Mapping[str, str], seconds: int | None
) -> None:
    assert seconds_to_wait(HttpReply(status, headers, b"{}"), NOW) == seconds
