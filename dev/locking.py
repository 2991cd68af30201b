"""One preparation at a time, also when two commands are started in the same checkout."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":  # there, commands started at the same time are on their own
    import fcntl

_threads = threading.Lock()


@contextmanager
def exclusive(path: Path, when_waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a lock between threads and between processes.

    Args:
        path: The lock file; it stays behind, empty.
        when_waiting: Called once when another process holds the lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _threads, path.open("w") as stream:
        if sys.platform != "win32":
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                when_waiting()
                fcntl.flock(stream, fcntl.LOCK_EX)
        yield
