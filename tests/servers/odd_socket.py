"""Owns WebSockets of a reference server: one message in, messages out, and the faults of streams."""

from __future__ import annotations

import contextlib
import socket as sockets
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Response, request
from simple_websocket import ConnectionClosed, Server

from tests.servers import wire
from tests.servers.event_stream import ClientGoneError, Streams, recorded
from tests.servers.faults import Faults

POLICY: Final = 1008
"""The code of a socket that is closed because of what came through it."""

_LOOKS_PER_SECOND: Final = 50
_PATIENCE: Final = 5.0

Messages = Iterable[str]


class Refused(Exception):
    """The socket is closed with the text as its reason."""


class _Hijacked(Response):
    """No answer: the connection was a WebSocket's and is over."""

    def __call__(self, *_: Any) -> Any:
        raise ConnectionError


def converse(
    streams: Streams, faults: Faults, answer: Callable[[str], tuple[str, Messages, float]]
) -> Response:
    """Open the socket of the current request, and send what `answer` gives for its first message.

    `answer` gives the model, the messages, and how many of them are sent a second (0: as they come). After the last one
    the socket stays open until the client closes it.
    """
    handler = wire.connection(request)
    socket = Server.accept(request.environ)
    try:
        asked = socket.receive()
        try:
            model, messages, rate = answer(str(asked))
        except Refused as refusal:
            _close(socket, POLICY, str(refusal))
        else:
            stream = streams.begin(model)
            with recorded(stream):
                began = time.monotonic()
                for number, message in enumerate(messages):
                    if _breaks_off(number, socket, faults, handler):
                        break
                    _wait_until(began + number / rate if rate else 0.0, socket)
                    socket.send(message)
                    stream.sent += 1
                else:
                    _stay(socket)
    except (ConnectionClosed, ClientGoneError):
        pass
    except wire.ConnectionDropped:
        pass  # what follows is all that a client sees: a reset would have to wait for the thread that reads
    finally:
        with contextlib.suppress(OSError):
            handler.connection.shutdown(sockets.SHUT_RDWR)
    return _Hijacked(status=101)


def _breaks_off(number: int, socket: Server, faults: Faults, handler: wire.Handler) -> bool:
    """Let the faults of streams work before a message; whether it is the end."""
    if number == faults.integer("stream-cut"):
        raise wire.ConnectionDropped
    if number == faults.integer("stream-error"):
        _close(socket, POLICY, "The server was told to break off")
        return True
    if number == faults.integer("stream-end"):
        _close(socket)
        return True
    while number == faults.integer("stream-stall"):
        _wait_until(time.monotonic() + 1 / _LOOKS_PER_SECOND, socket)
    return False


def _close(socket: Server, code: int | None = None, reason: str = "") -> None:
    """Close it, and wait for the client's word: what goes down before that may never arrive."""
    socket.close(code, reason)
    socket.thread.join(_PATIENCE)


def _stay(socket: Server) -> None:
    while socket.connected:
        time.sleep(1 / _LOOKS_PER_SECOND)


def _wait_until(moment: float, socket: Server) -> None:
    """Wait, but no longer than the client does."""
    while True:
        if not socket.connected:
            raise ClientGoneError
        left = moment - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, 1 / _LOOKS_PER_SECOND))
