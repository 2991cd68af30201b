"""What may stand around the events of a stream changes nothing in any dialect, wherever the network cuts it.

The recordings of OpenAI's dialect hold such things themselves: see openai_streams.py.
"""

from __future__ import annotations

from itertools import cycle

import pytest

from app.core.deltas import Delta, joined
from app.providers.base import StreamDecoder
from tests.providers.dialect_streams import CUSTOM_TEXT, NDJSON, RECORDINGS, Recording

BOM = "\ufeff"
ENDS = ("\r\n", "\n", "\r")

every_recording = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda one: one.name)


def play(decoder: StreamDecoder, *pieces: bytes) -> list[Delta]:
    deltas = [delta for piece in pieces for delta in decoder.feed(piece)]
    return joined([*deltas, *decoder.finish()])


def is_lines(recording: Recording) -> bool:
    return recording.media_type == NDJSON


def noisy(recording: Recording) -> bytes:
    """The stream with a byte order mark, comments, other fields, data in several lines, and line ends of all kinds."""
    ends = cycle(ENDS)
    lines = recording.body.decode().rstrip("\n").split("\n")
    written = []
    for line in lines:
        # A CR before an LF would be one line end with it: what follows a CR here never begins with one.
        written += [one + next(ends) for one in _around(line, recording)]
    text = BOM + "".join(written)
    return text.rstrip("\r\n").encode() if is_lines(recording) else f"{text}{next(ends)}".encode()


def _around(line: str, recording: Recording) -> list[str]:
    if is_lines(recording):
        return [line, " "]
    if not line.startswith("data: {") or recording is CUSTOM_TEXT:
        return [line]
    return [": alive", "id: 7", "retry: 10", "data: {", f"data:{line[7:]}"]


@every_recording
def test_noise_changes_nothing_wherever_it_is_cut(recording: Recording) -> None:
    body, plain = noisy(recording), play(recording.decoder(), recording.body)
    for cut in range(len(body) + 1):
        decoder = recording.decoder()
        assert play(decoder, body[:cut], body[cut:]) == plain
        assert (decoder.error, decoder.skipped) == (None, 0)


@every_recording
def test_signs_of_life_between_events_are_no_events(recording: Recording) -> None:
    decoder = recording.decoder()
    body = recording.body if is_lines(recording) else recording.body.replace(b"\n\n", b"\n\n: alive\n\n\n")
    pieces = (body[at : at + 1] for at in range(len(body)))
    assert play(decoder, *pieces) == play(recording.decoder(), recording.body)
    assert (decoder.error, decoder.skipped) == (None, 0)
