"""Reading an answer while it arrives: from the chunks of a reply to batches of deltas, and how such a reply can end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from app.core import formats
from app.core.deltas import Delta, FinishDelta, ReasoningDelta, TextDelta
from app.core.http import HttpFailure
from app.core.problems import NetworkError, Problem
from app.providers.base import StreamDecoder
from app.services.ports import HttpStream

Batch = Sequence[Delta]
"""What one chunk of a reply brought; never empty."""

ANSWER_LIMIT = 16 * 2**20
"""Characters of one answer that are taken: a model that repeats itself for ever must not fill the memory."""


async def batches(stream: HttpStream, decoder: StreamDecoder, name: str) -> AsyncGenerator[Batch, None]:
    """The deltas of a reply of the connection `name`, in one batch for each chunk that brings some.

    Everything that came is given out before an error is raised. A reply is whole when it says so; what happens to the
    connection after that does not matter.

    Raises:
        ApiError: the stream reports an error.
        NetworkError: the stream ended before the answer did, or the answer is too long.
        HttpFailure: it failed before anything came.
    """
    failure: HttpFailure | None = None
    is_finished = False
    length = 0
    try:
        async for chunk in stream.chunks():
            if batch := decoder.feed(chunk):
                yield batch
                is_finished = is_finished or _finishes(batch)
                length += _length(batch)
            if decoder.done or decoder.error or length > ANSWER_LIMIT:
                break
    except HttpFailure as error:
        failure = error
    if batch := decoder.finish():
        yield batch
        is_finished = is_finished or _finishes(batch)
    if decoder.error:
        raise decoder.error
    if is_finished:
        return
    if length > ANSWER_LIMIT:
        raise NetworkError(Problem.of("stream.too_long", size=formats.size(ANSWER_LIMIT)))
    if failure is not None and not failure.moved:
        raise failure
    raise NetworkError(Problem.of(f"stream.{_ending(failure)}", name=name))


def _ending(failure: HttpFailure | None) -> str:
    if failure is None:
        return "unfinished"
    return "stalled" if failure.kind == "timeout" else "cut"


def _finishes(batch: Batch) -> bool:
    return any(isinstance(delta, FinishDelta) for delta in batch)


def _length(batch: Batch) -> int:
    return sum(len(delta.text) for delta in batch if isinstance(delta, TextDelta | ReasoningDelta))
