"""What the device offers to a model in the tab, and how many of its cores a model uses."""

from __future__ import annotations

from dataclasses import dataclass

WORTH_THREADS = 64 * 2**20
"""Bytes of a model below which threads wait for each other longer than they work, above all on a busy machine."""

MOST_THREADS = 8
"""Threads beyond which the memory is the limit, not the processor."""


@dataclass(frozen=True, slots=True)
class Device:
    """Processor cores, whether the page may use several threads, whether there is a GPU, and the memory.

    `memory` is in bytes, at least so many, and None where the browser keeps it secret.
    """

    cores: int = 1
    has_threads: bool = False
    has_gpu: bool = False
    memory: int | None = None

    def threads_for(self, size: int, wanted: int = 0) -> int:
        """The number of threads for a model of `size` bytes; `wanted` is 0 for as many as help.

        A page that is not isolated has one.
        """
        if not self.has_threads:
            return 1
        if wanted:
            return min(wanted, self.cores)
        if size < WORTH_THREADS:
            return 1
        real = max(2, self.cores // 2)  # browsers count two for each core that has two threads of its own
        return max(1, min(real, self.cores, MOST_THREADS))
