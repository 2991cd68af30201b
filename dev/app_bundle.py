"""Hands out app.zip, compiled, and the hash of the sources: neither is ever older than they are."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable

from dev.app_sources import app_digest, app_sources, source_zip
from dev.paths import VENDOR
from dev.problem import Problem

APP_ZIP = VENDOR / "app" / "app.zip"
DIGEST = VENDOR / "app" / "sources.sha256"
"""The hash of the sources, by which the page knows whether the memory snapshot belongs to them."""

SourceState = tuple[tuple[str, int, int], ...]
"""Path, size and time of every source: changes whenever a source does."""


def _state() -> SourceState:
    statuses = ((path, path.stat()) for path in app_sources())
    return tuple((str(path), status.st_size, status.st_mtime_ns) for path, status in statuses)


class AppBundle:
    """Hands out app.zip and the hash of the sources while these change under it.

    The compiled zip on disk is used as long as it belongs to the sources. When they change, the next request
    gets a zip of the sources at once, and `recompile` makes the compiled one in the background.

    Args:
        recompile: Brings the compiled app.zip up to date; blocks; may raise Problem.
    """

    def __init__(self, recompile: Callable[[], None]) -> None:
        self._recompile = recompile
        self._lock = threading.Lock()
        self._compiled_for: SourceState | None = _state()
        self._compiling = False

    def tag(self) -> str:
        """Return a name for the sources as they are now; another state has another name."""
        return hashlib.sha256(repr(_state()).encode()).hexdigest()[:32]

    def current(self) -> bytes:
        """Return an app.zip that belongs to the sources as they are now."""
        state = _state()
        with self._lock:
            if state == self._compiled_for:
                return APP_ZIP.read_bytes()
            if not self._compiling:
                self._compiling = True
                threading.Thread(target=self._compile, args=(state,), daemon=True).start()
        return source_zip()

    def digest(self) -> bytes:
        """Return the hash of the sources as they are now."""
        return DIGEST.read_bytes() if _state() == self._compiled_for else app_digest().encode()

    def _compile(self, state: SourceState) -> None:
        try:
            self._recompile()
            compiled_for = state if _state() == state else None
        except Problem:
            compiled_for = None  # the page itself shows what is wrong with the sources
        with self._lock:
            self._compiled_for = compiled_for
            self._compiling = False
