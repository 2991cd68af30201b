"""Owns the reference server that nobody foresaw: four dialects like no other's, with the real llama.cpp behind them.

Run it as ``python -m tests.servers.odd``. Under ``/odd`` there are

    GET  /crew    the models: {"crew": [{"tag": ...}]}
    POST /feed    server-sent events of an own kind; the last one is <over>
    POST /lines   lines of JSON that bring the whole text so far each time
    PUT  /once    one reply; an error has status 200, as {"fault": {"say": ...}}
    GET  /talk    a WebSocket: one question in, pieces out, and it stays open

The key goes into the header ``X-Odd-Pass``, or into the first message of the socket. Beside its model, ``drill-N-at-R``
says N tokens of Markdown at R a second (0: as fast as it goes).
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from tests.servers import corpus, llama, odd_socket, reference, serve, wire
from tests.servers.backend import Answer, Backend, Chat
from tests.servers.event_stream import Form, event, line
from tests.servers.faults import Faults

MODEL: Final = "tinker-one"
NO_SUCH: Final = "Nobody of that name is on board"
NO_PASS: Final = "Your pass is not valid"
FEED: Final = Form(error=event({"fault": {"say": "The server was told to break off"}}))
LINES: Final = Form(
    "application/x-ndjson", error=line({"fault": {"say": "The server was told to break off"}})
)
_DRILL: Final = re.compile(r"drill-(\d{1,7})-at-(\d{1,7})")

Piece = str | Answer
Turns = list[dict[str, Any]]
Events = Callable[[Iterator[Piece]], Iterator[bytes]]


class Odd:
    """The endpoints of the API."""

    prefix = "/odd"

    def __init__(self, options: argparse.Namespace, faults: Faults) -> None:
        self.backend: Backend = reference.backend(options)
        self.playing = reference.Playing(faults, FEED)
        self._faults = faults
        self._options = options

    def routes(self) -> list[reference.Route]:
        """The endpoints."""
        return [
            ("/crew", "GET", self.crew),
            ("/feed", "POST", self.feed),
            ("/lines", "POST", self.lines),
            ("/once", "PUT", self.once),
            ("/talk", reference.SOCKET, self.talk),
        ]

    def before(self) -> ResponseReturnValue | None:
        """The pass, where a header brings it."""
        if request.method == "OPTIONS" or request.path == "/odd/talk":
            return None
        if self._admits(request.headers.get("X-Odd-Pass", "")):
            return None
        return jsonify(fault={"say": NO_PASS}), 401

    def cors(self, asked: Any, response: Response, only_origin: str | None) -> None:  # noqa: ARG002 - the same for all
        """Any origin, and the headers that are needed."""
        response.headers["Access-Control-Allow-Origin"] = only_origin or "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, X-Odd-Pass"

    def crew(self) -> ResponseReturnValue:
        """The models."""
        return jsonify(crew=[{"tag": MODEL, "rank": "tiny"}])

    def feed(self) -> ResponseReturnValue:
        """Events."""
        self.playing.wait()
        body = request.get_json()
        return self._played(body["mind"], body["turns"], _feed, FEED)

    def lines(self) -> ResponseReturnValue:
        """Lines."""
        self.playing.wait()
        body = request.get_json()
        return self._played(body["mind"], [{"role": "user", "content": body["talk"]}], _lines, LINES)

    def once(self) -> ResponseReturnValue:
        """The whole answer."""
        self.playing.wait()
        body = request.get_json()
        try:
            *pieces, last = self._said(body["mind"], [{"role": "user", "content": body["ask"]}])
        except llama.LlamaError as error:
            return jsonify(fault={"say": str(error)})
        text = "".join(str(piece) for piece in pieces)
        half = len(text) // 2
        said = [{"kind": "words", "words": part} for part in (text[:half], text[half:])]
        return jsonify(out=said, meter=_meter(last))

    def talk(self) -> ResponseReturnValue:
        """The socket."""
        return odd_socket.converse(self.playing.streams, self._faults, self._answered)

    def _answered(self, message: str) -> tuple[str, Iterator[str], float]:
        asked = json.loads(message)
        if not self._admits(str(asked.get("pass", ""))):
            raise odd_socket.Refused(NO_PASS)
        self.playing.wait()
        mind = str(asked["mind"])
        try:
            said = self._said(mind, [{"role": "user", "content": asked["ask"]}])
        except llama.LlamaError as error:
            raise odd_socket.Refused(str(error)) from None
        return mind, _messages(said), _rate(mind)

    def _admits(self, key: str) -> bool:
        return not self._options.key or key in self._options.key

    def _played(self, mind: str, turns: Turns, events: Events, form: Form) -> ResponseReturnValue:
        try:
            said = self._said(mind, turns)
        except llama.LlamaError as error:
            return jsonify(fault={"say": str(error)}), 404
        handler = wire.connection(request)
        return self.playing.streams.play(mind, events(said), _rate(mind), self._faults, handler, form)

    def _said(self, mind: str, turns: Turns) -> Iterator[Piece]:
        """The pieces of an answer, then its figures.

        Raises:
            LlamaError: there is no such model.
        """
        found = _DRILL.fullmatch(mind)
        if found is not None:
            return _drill(int(found[1]))
        if mind != MODEL:
            raise llama.LlamaError(NO_SUCH)
        return self.backend.pieces(self._options.model, Chat(turns))


def _rate(mind: str) -> float:
    found = _DRILL.fullmatch(mind)
    return float(found[2]) if found else 0.0


def _drill(count: int) -> Iterator[Piece]:
    yield from corpus.tokens(count)
    yield Answer("", "stop", 10, count, 1.0)


def _meter(last: Piece) -> dict[str, int]:
    assert isinstance(last, Answer)
    return {"read": last.prompt_tokens, "wrote": last.completion_tokens}


def _feed(said: Iterator[Piece]) -> Iterator[bytes]:
    for piece in said:
        if isinstance(piece, str):
            yield event({"news": [{"bit": piece}]}, "bit")
        else:
            yield event({"news": [], "meter": _meter(piece), "because": piece.finish}, "end")
    yield b"data: <over>\n\n"


def _lines(said: Iterator[Piece]) -> Iterator[bytes]:
    text = ""
    for piece in said:
        if isinstance(piece, str):
            text += piece
            yield line({"so_far": text, "ready": False})
        else:
            yield line({"so_far": text, "ready": True, "meter": _meter(piece)})


def _messages(said: Iterator[Piece]) -> Iterator[str]:
    for piece in said:
        if isinstance(piece, str):
            yield json.dumps({"bit": piece}, indent=1)  # in several lines: a message is no line
        else:
            yield json.dumps({"because": piece.finish, "meter": _meter(piece)})


def main(arguments: list[str] | None = None) -> None:
    """The program."""
    parser = argparse.ArgumentParser(prog="odd", description="An API that nobody foresaw.")
    reference.add_arguments(parser)
    options = parser.parse_args(arguments)
    faults = serve.read_faults(parser, options)
    odd = Odd(options, faults)
    reference.run(odd, odd.playing, faults, options)


if __name__ == "__main__":
    main()
