"""How much memory a browser takes: what all its processes hold together, from /proc."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROC = Path("/proc")
SAMPLE_SECONDS = 0.2

OWN = ("Pss_Anon:", "Pss_Shmem:")
"""What a process has written or shares. The programs' own files in memory are left out: they are divided among
all browsers on the machine, so that a number with them changes whenever some other browser comes or goes."""


def children_of(parent: int) -> set[int]:
    """All processes that descend from this one."""
    parents: dict[int, int] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # The name in parentheses may hold spaces; what follows it does not.
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(fields[1])
    found = {parent}
    while more := {pid for pid, above in parents.items() if above in found} - found:
        found |= more
    return found - {parent}


def memory(pids: set[int]) -> int:
    """The memory of these processes in bytes; pages that they share are counted once."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
                if line.startswith(OWN):
                    total += int(line.split()[1]) * 1024
    return total


class Browser:
    """The processes of one browser that this process started: those that are there now and were not `before`."""

    def __init__(self, before: set[int]) -> None:
        self._before = before

    def memory(self) -> int:
        """Bytes that it takes now."""
        return memory(children_of(os.getpid()) - self._before)

    @contextmanager
    def watched(self) -> Iterator[list[int]]:
        """Measure again and again in the background; the list holds the bytes of each measurement."""
        samples = [self.memory()]
        done = threading.Event()

        def sample() -> None:
            while not done.wait(SAMPLE_SECONDS):
                samples.append(self.memory())

        thread = threading.Thread(target=sample)
        thread.start()
        try:
            yield samples
        finally:
            done.set()
            thread.join()
            samples.append(self.memory())
