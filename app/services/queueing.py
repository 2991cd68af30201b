"""Waiting for the answer to a request that a server has put into its queue."""

from __future__ import annotations

import asyncio

from app.core.connections import Connection
from app.core.deltas import Reply
from app.core.problems import ApiError, Problem
from app.providers.abilities import QueuePlace, Queues
from app.services.desk import Waiting
from app.services.ports import Http

FIRST_PAUSE = 2.0
LONGEST_PAUSE = 10.0
"""Seconds between two looks at the queue: at first, and when it takes long."""

PATIENCE = 900.0
"""Seconds after which a queue is given up that does not become empty."""

STATUS_TIMEOUT = 15.0
"""Seconds that a look at the queue may take."""


async def answer_of(
    http: Http, provider: Queues, connection: Connection, place: QueuePlace, waiting: Waiting
) -> Reply | None:
    """The answer of a request that was queued at `place`; None when it was worked on and cannot be read.

    Raises:
        ApiError: the queue reports an error, or does not become empty.
        HttpFailure: the server is gone.
    """
    waited, pause = 0.0, FIRST_PAUSE
    waiting.show(None)
    try:
        while waited < PATIENCE:
            await asyncio.sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, LONGEST_PAUSE)
            state = provider.queue(
                await http.send(provider.queue_request(connection), timeout=STATUS_TIMEOUT)
            )
            answer = (state.answers or {}).get(place.request)
            if answer is not None or state.is_idle:
                return answer
    finally:
        waiting.end()
    raise ApiError(
        Problem.of("queue.queued", position=place.position or "?", length=place.length or "?"), 200
    )
