"""Owns the faults that a reference server can be told to have, at start or while it runs.

A fault is a name with a value. On the command line it is written ``NAME`` or ``NAME=VALUE``; the control
route takes JSON. Values are checked when they are set, so that a misspelt fault fails loudly instead of
testing nothing.

Where a value may name an endpoint, it is the Flask endpoint of the server (for the Local LLM API: ``health``,
``models``, ``upload``, ``delete``, ``sync``, ``generate``, ``cache_clear``, ``cache_status``; for OpenAI's:
``models``, ``chat``, ``completions``, ``embeddings``); without one, the fault concerns every endpoint.

A browser remembers a good preflight for five seconds: a fault of CORS that is set after one is first noticed
by the request itself. Tests that count on the preflight set the fault before the page's first upload, or at
the start.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from typing import Final

FaultValue = bool | int | float | str

EVERYWHERE: Final = ""
"""The endpoint part of a targeted fault that concerns every endpoint."""

FLAGS: Final = {
    "no-cors-on-options": "preflights are answered without CORS headers, everything else with them",
    "html-error": "every 4xx and 5xx is an HTML page with the same status",
    "keep-partial": "an upload that fails leaves what arrived in the folder, under its final name",
    "drop-answer": "an upload is stored, then the connection is reset before the answer",
    "generate-stop": "the answer to generate stops in the middle of its body",
    "generate-stall": "generate never answers (until the fault is lifted)",
    "no-stream": "an answer that should be streamed comes whole, as JSON",
    "no-done": "streams end without [DONE]",
    "no-finish": "streams tell no finish reason",
    "stream-crlf": "the lines of streams end in CRLF",
}
INTEGERS: Final = {
    "too-large": "upload limit in bytes; a longer body is read to its end, then gets an HTML 413",
    "too-large-early": "upload limit in bytes; a longer body gets an HTML 413 at once and is never read",
    "disk-full": "bytes that fit on the disk: an upload that needs more fails with a JSON 500",
    "upload-stop": "the connection is reset after this many bytes of an upload",
    "upload-stall": "reading stops after this many bytes of an upload (until the fault is lifted)",
    "stream-cut": "the connection is reset after this many events of a stream",
    "stream-end": "a stream ends well after this many events, but before the answer does",
    "stream-stall": "nothing comes after this many events of a stream (until the fault is lifted)",
    "stream-malformed": "after this many events of a stream comes one that is not JSON",
    "stream-error": "after this many events of a stream comes an error, and nothing else",
    "stream-split": "streams are sent in pieces of this many bytes",
}
NUMBERS: Final = {
    "upload-rate": "bytes per second at which uploads are read",
    "store-delay": "seconds between the last byte of an upload and its answer",
    "generate-delay": "seconds that generate waits before it starts",
    "retry-after": "seconds in the Retry-After header of a 429 or 503, which pages may read",
}
TARGETS: Final = {
    "no-cors": "no CORS headers at all [ENDPOINT]",
    "refuse": "the connection is reset without an answer [ENDPOINT]",
}
TEXTS: Final = {
    "cors-origin": "CORS headers name this origin only, whoever asks",
    "redirect": "a 302 to this URL for everything but preflights (without a value: /login)",
    "status": "[ENDPOINT:]CODE answers with this status and a JSON error",
    "garbage": "[ENDPOINT:]KIND answers 200 with nonsense: html, text, shape, truncated, empty or huge",
}
DEFAULT_TEXTS: Final = {"redirect": "/login"}
GARBAGE_KINDS: Final = ("html", "text", "shape", "truncated", "empty", "huge")

DESCRIPTIONS: Final[Mapping[str, str]] = FLAGS | INTEGERS | NUMBERS | TARGETS | TEXTS


class FaultError(ValueError):
    """A fault that does not exist, or a value that it cannot have."""


def check(name: str, value: object) -> FaultValue:
    """The value of fault `name`, in its own type; `FaultError` when there is no such fault or value."""
    if name in FLAGS and value is True:
        return True
    if name in TARGETS and (value is True or isinstance(value, str)):
        return EVERYWHERE if value is True else str(value)
    if name in DEFAULT_TEXTS and value is True:
        return DEFAULT_TEXTS[name]
    try:
        if name in INTEGERS and isinstance(value, (int, str)) and value is not True:
            return int(value)
        if name in NUMBERS and isinstance(value, (int, float, str)) and value is not True:
            return float(value)
    except ValueError as error:
        raise FaultError(f"fault {name} needs a number, not {value!r}") from error
    if name in TEXTS and isinstance(value, str) and value:
        return _check_text(name, value)
    if name not in DESCRIPTIONS:
        raise FaultError(f"there is no fault {name!r}; there are: {', '.join(sorted(DESCRIPTIONS))}")
    raise FaultError(f"fault {name} cannot have the value {value!r}")


def _check_text(name: str, value: str) -> str:
    wanted = value.rpartition(":")[2]
    if name == "status" and not wanted.isdigit():
        raise FaultError(f"fault status needs [ENDPOINT:]CODE, not {value!r}")
    if name == "garbage" and wanted not in GARBAGE_KINDS:
        raise FaultError(f"fault garbage needs [ENDPOINT:]KIND of {', '.join(GARBAGE_KINDS)}, not {value!r}")
    return value


def parse(arguments: Iterable[str]) -> dict[str, FaultValue]:
    """Faults written as ``NAME`` or ``NAME=VALUE``."""
    found: dict[str, FaultValue] = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        found[name] = check(name, value if equals else True)
    return found


class Faults:
    """The faults that a server has now. Safe to read and to change from any thread."""

    def __init__(self, initial: Mapping[str, FaultValue] | None = None) -> None:
        self._values: dict[str, FaultValue] = dict(initial or {})
        self._changed = threading.Condition()

    def replace(self, values: Mapping[str, object]) -> None:
        """Have exactly these faults from now on; whoever is held by a lifted fault goes on."""
        checked = {
            name: check(name, value)
            for name, value in values.items()
            if value is not None and value is not False
        }
        with self._changed:
            self._values = checked
            self._changed.notify_all()

    def all(self) -> dict[str, FaultValue]:
        """A copy of every fault and its value."""
        with self._changed:
            return dict(self._values)

    def flag(self, name: str) -> bool:
        """Whether the flag `name` is set."""
        return name in self.all()

    def integer(self, name: str) -> int | None:
        """The value of an integer fault, `None` when it is not set."""
        value = self.all().get(name)
        return None if value is None else int(value)

    def number(self, name: str) -> float | None:
        """The value of a fault in seconds or bytes per second, `None` when it is not set."""
        value = self.all().get(name)
        return None if value is None else float(value)

    def text(self, name: str) -> str | None:
        """The value of a text fault that takes no endpoint, `None` when it is not set."""
        value = self.all().get(name)
        return None if value is None else str(value)

    def concerns(self, name: str, endpoint: str | None) -> bool:
        """Whether the targeted fault `name` is set for this endpoint."""
        value = self.all().get(name)
        return value is not None and value in (EVERYWHERE, endpoint)

    def targeted(self, name: str, endpoint: str | None) -> str | None:
        """The value of a fault written ``[ENDPOINT:]VALUE``, when it concerns this endpoint."""
        value = self.all().get(name)
        if value is None:
            return None
        target, _, wanted = str(value).rpartition(":")
        return wanted if target in (EVERYWHERE, endpoint) else None

    def hold_while(self, name: str, seconds: float | None = None) -> None:
        """Block while fault `name` is set, at most for `seconds`."""
        until = None if seconds is None else time.monotonic() + seconds
        with self._changed:
            while name in self._values:
                left = None if until is None else until - time.monotonic()
                if left is not None and left <= 0:
                    return
                self._changed.wait(left)

    def delay(self, name: str, at_most: float | None = None) -> None:
        """Wait as long as the fault `name` says (seconds), or until it is lifted."""
        seconds = self.number(name)
        if seconds is not None:
            self.hold_while(name, seconds if at_most is None else min(seconds, at_most))
