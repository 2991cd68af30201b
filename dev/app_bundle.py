"""app.zip: the Python of the page in one file, compiled; never older than the sources."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from dev import pyscript_library
from dev.compiling import compile_zip
from dev.paths import ROOT, VENDOR
from dev.problem import Problem

APP_PREFIX = "/home/pyodide/"
"""Where the page unpacks the app."""


APP_ZIP = VENDOR / "app" / "app.zip"

SourceState = tuple[tuple[str, int, int], ...]
"""Path, size and time of every source: changes whenever a source does."""


def app_sources() -> list[Path]:
    """Return the Python files of the app."""
    return sorted((ROOT / "app").rglob("*.py"))


def _state() -> SourceState:
    statuses = ((path, path.stat()) for path in app_sources())
    return tuple((str(path), status.st_size, status.st_mtime_ns) for path, status in statuses)


def source_zip(more: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """Return a zip of the app's sources as they are on disk now.

    Args:
        more: Further files by their name in the zip.
    """
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in app_sources()}
    files |= {name: text.encode() for name, text in more.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as output:
        for name, data in files.items():
            output.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def build_app(folder: Path) -> None:
    """Write the compiled app.zip; PyScript's own library is in it, which would be compiled at each start.

    Raises:
        Problem: A source does not compile, or Node.js is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.zip"
    library = {
        pyscript_library.CACHE.format(module=name.removesuffix(".py")): code
        for name, code in pyscript_library.sources().items()
    }
    sources.write_bytes(source_zip(library))
    compile_zip(sources, folder / "app.zip", APP_PREFIX)
    sources.unlink()


class AppBundle:
    """Hands out app.zip while the sources change under it.

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

    def _compile(self, state: SourceState) -> None:
        try:
            self._recompile()
            compiled_for = state if _state() == state else None
        except Problem:
            compiled_for = None  # the page itself shows what is wrong with the sources
        with self._lock:
            self._compiled_for = compiled_for
            self._compiling = False
