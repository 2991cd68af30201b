"""When a request that was refused is worth another attempt, and after how long."""

from __future__ import annotations

import asyncio
import math

from app.core.http import HttpReply
from app.providers.extract.limits import reset_time
from app.services.desk import Waiting

LATER = frozenset({429, 503})
"""The statuses that say: this request was not worked on, and may be welcome later."""

LONGEST = 60
"""Seconds that are waited at most; who is asked to wait longer decides that for themselves."""


def seconds_to_wait(reply: HttpReply, now: float) -> int | None:
    """The whole seconds after which the API wants to be asked again; None when it does not say, or too many.

    Without a word from the API nothing is repeated: a used-up quota has the same status as a moment of haste.
    """
    if reply.status not in LATER:
        return None
    until = reset_time(reply, now)
    if until is None or until - now > LONGEST:
        return None
    return max(math.ceil(until - now), 1)


async def count_down(waiting: Waiting, seconds: int) -> None:
    """Wait so many seconds, and show how many are left."""
    for left in range(seconds, 0, -1):
        waiting.show(left)
        await asyncio.sleep(1)
    waiting.end()
