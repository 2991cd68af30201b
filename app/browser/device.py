"""What the device offers, as far as the browser tells."""

from __future__ import annotations

import js

from app.core.fit import GIB, Device
from app.core.tab_fit import WORTH_THREADS, threads_for


def read_device() -> Device:
    """The device's memory, where the browser tells it, and the threads that the engine would use on it."""
    memory = getattr(js.navigator, "deviceMemory", None)  # Chromium alone has it, rounded down
    cores = int(getattr(js.navigator, "hardwareConcurrency", 1) or 1)
    threads = threads_for(cores, bool(js.crossOriginIsolated), WORTH_THREADS, 0)
    return Device(None if memory is None else int(memory * GIB), threads)
