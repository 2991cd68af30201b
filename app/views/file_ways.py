"""The ways between texts and the user's files, for the views that have something to export or to import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.browser.files import BrowserFile
from app.services.ports import FileSink, TextFile


@dataclass(frozen=True, slots=True)
class FileWays:
    """How texts become files of the user's, and files texts."""

    sink: Callable[[], FileSink]
    read: Callable[[BrowserFile], TextFile]
