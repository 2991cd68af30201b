"""Owns how a reference server streams events: at a rate, with faults, and with a record of each stream."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from flask import Response

from tests.servers import wire
from tests.servers.faults import Faults

MALFORMED: Final = b'data: {"choices": [{"delta": {"content": "lo\n\n'
ERROR: Final = {"error": {"message": "The server was told to break off", "type": "server_error", "code": 500}}
DONE: Final = b"data: [DONE]\n\n"
EVENTS: Final = "text/event-stream"
_LOOKS_PER_SECOND: Final = 50
_ARRIVAL: Final = 0.1
"""Seconds before a reset, which would take with it what has not yet arrived."""


def line(value: object) -> bytes:
    """A line with this JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def event(value: object, name: str = "") -> bytes:
    """A server-sent event with this JSON."""
    return (f"event: {name}\n".encode() if name else b"") + b"data: " + line(value) + b"\n"


@dataclass(frozen=True)
class Form:
    """How a dialect streams: its media type, its error within a stream, and an event that is none."""

    media_type: str = EVENTS
    error: bytes = event(ERROR)
    malformed: bytes = MALFORMED


OPENAI: Final = Form()


@dataclass
class Stream:
    """One streamed answer. `ended` is empty while it goes on, then "done", "cut" or "gone": the client left."""

    model: str
    sent: int = 0
    ended: str = ""
    seconds: float = 0.0


class ClientGoneError(Exception):
    """The client has closed the connection."""


@dataclass
class Streams:
    """The streamed answers of a server, oldest first."""

    _all: list[Stream] = field(default_factory=list)

    def as_json(self) -> list[dict[str, Any]]:
        """All of them, as they stand now."""
        return [asdict(stream) for stream in list(self._all)]

    def begin(self, model: str) -> Stream:
        """A new entry of the record."""
        stream = Stream(model)
        self._all.append(stream)
        return stream

    def play(
        self,
        model: str,
        events: Iterable[bytes],
        rate: float,
        faults: Faults,
        handler: wire.Handler,
        form: Form = OPENAI,
    ) -> Response:
        """Send events, `rate` of them a second (0: as they come), with the faults of streams."""
        stream = self.begin(model)
        response = Response(
            _in_pieces(
                self._sending(stream, _faulty(events, faults, handler, form), rate, faults, handler), faults
            ),
            mimetype=form.media_type,
        )
        response.headers["Cache-Control"] = "no-cache"
        return response

    def _sending(
        self, stream: Stream, events: Iterable[bytes], rate: float, faults: Faults, handler: wire.Handler
    ) -> Iterator[bytes]:
        with recorded(stream):
            began = time.monotonic()
            for one in events:
                if rate:
                    _wait_until(began + stream.sent / rate, handler)
                stream.sent += 1
                yield one.replace(b"\n", b"\r\n") if faults.flag("stream-crlf") else one


@contextmanager
def recorded(stream: Stream) -> Iterator[None]:
    """Note how a stream ends when the block does."""
    began = time.monotonic()
    try:
        yield
        stream.ended = "done"
    except (GeneratorExit, ClientGoneError):
        stream.ended = "gone"
        raise
    except wire.ConnectionDropped:
        stream.ended = "cut"
        raise
    finally:
        stream.seconds = time.monotonic() - began


def _faulty(events: Iterable[bytes], faults: Faults, handler: wire.Handler, form: Form) -> Iterator[bytes]:
    for number, one in enumerate(events):
        if number == faults.integer("stream-cut"):
            time.sleep(_ARRIVAL)
            raise wire.ConnectionDropped
        if number == faults.integer("stream-end"):
            return
        if number == faults.integer("stream-error"):
            yield form.error
            return
        if number == faults.integer("stream-malformed"):
            yield form.malformed
        while number == faults.integer("stream-stall"):
            _wait_until(time.monotonic() + 1 / _LOOKS_PER_SECOND, handler)
        if one == DONE and faults.flag("no-done"):
            continue
        yield _without_finish(one) if faults.flag("no-finish") else one


def _without_finish(one: bytes) -> bytes:
    if b'"finish_reason"' not in one:
        return one
    value = json.loads(one.removeprefix(b"data: "))
    for choice in value["choices"]:
        choice["finish_reason"] = None
    return event(value)


def _in_pieces(events: Iterator[bytes], faults: Faults) -> Iterator[bytes]:
    size = faults.integer("stream-split")
    if not size:
        yield from events
        return
    rest = b""
    for one in events:
        rest += one
        while len(rest) >= size:
            yield rest[:size]
            rest = rest[size:]
    yield rest


def _wait_until(moment: float, handler: wire.Handler) -> None:
    """Wait, but no longer than the client does."""
    while True:
        if wire.is_gone(handler):
            raise ClientGoneError
        left = moment - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, 1 / _LOOKS_PER_SECOND))
