"""The progress of a transfer: how fast it is, how long it will take, and whether it has stalled."""

from __future__ import annotations

import math

SMOOTHING_SECONDS = 2.0
"""The time constant of the moving average: what is older counts for about a third."""

STALL_SECONDS = 30.0
"""So long without a byte, and a transfer has stalled; its speed before says nothing any more."""

_EVIDENCE_SECONDS = 1.0
"""Before that, a rate says more about buffers than about the line."""

_GRACE_SECONDS = 1.0
"""Progress events come about ten times a second; so long without one, and the rate begins to fall."""


class Meter:
    """Measures a transfer of `total` bytes. All times are seconds of one clock, best a monotonic one.

    `bytes` is the number of bytes that have moved so far.
    """

    __slots__ = ("_average", "_counted", "_measured", "_progress", "_sampled", "_weight", "bytes", "total")

    def __init__(self, total: int, now: float) -> None:
        """Begin at the time `now`."""
        self.total = total
        self.bytes = 0
        self._progress = now
        self._restart(now)

    def _restart(self, now: float) -> None:
        self._sampled = now
        self._counted = self.bytes
        self._average = 0.0
        self._weight = 0.0
        self._measured = 0.0

    def moved(self, now: float, count: int) -> None:
        """Note that `count` bytes have moved in all. A count or a clock that runs backward stands still."""
        if count > self.bytes:
            self.bytes = count
            self._progress = max(now, self._progress)
        elapsed = now - self._sampled
        if elapsed >= STALL_SECONDS:
            self._restart(now)
        elif elapsed > 0:
            gain = -math.expm1(-elapsed / SMOOTHING_SECONDS)
            self._average += (self.bytes - self._counted) * (gain / elapsed) - self._average * gain
            self._weight += (1 - self._weight) * gain
            self._measured += elapsed
            self._sampled = now
            self._counted = self.bytes

    def rate(self, now: float) -> float | None:
        """Bytes per second, smoothed; falling while nothing moves; None while it cannot be told."""
        if self._measured < _EVIDENCE_SECONDS:
            return None
        silence = max(now - self._sampled - _GRACE_SECONDS, 0.0)
        keep = math.exp(-silence / SMOOTHING_SECONDS)
        return self._average * keep / (self._weight * keep + 1 - keep)

    def seconds_left(self, now: float) -> float | None:
        """Seconds until all is moved at the present rate; None while that cannot be told."""
        left = self.total - self.bytes
        if left <= 0:
            return 0.0
        rate = self.rate(now)
        return left / rate if rate is not None and rate >= 1 else None

    def is_stalled(self, now: float) -> bool:
        """Whether no byte has moved for `STALL_SECONDS`, though not all have."""
        return self.bytes < self.total and now - self._progress >= STALL_SECONDS
