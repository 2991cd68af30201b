"""The streams of the dialects beside OpenAI's: whole, cut anywhere, damaged, and with errors in them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.deltas import Delta, FinishDelta, ReasoningDelta, TextDelta, joined
from app.providers.anthropic import Anthropic
from app.providers.base import StreamDecoder
from app.providers.gemini import Gemini
from app.providers.ollama import Ollama
from app.providers.streams import LINE_LIMIT
from tests.providers.asking import calm
from tests.providers.dialect_streams import (
    ANTHROPIC_THINKING,
    CUSTOM_CUMULATIVE,
    CUSTOM_SOCKET,
    CUSTOM_TEXT,
    GEMINI,
    GEMINI_CALL,
    LLAMA_MESSAGES,
    NDJSON,
    OLLAMA,
    OLLAMA_OLD,
    RECORDINGS,
    SSE,
    Recording,
    events,
    lines,
)

HALF_A_MARK = "<thi"
"""What a stream says that breaks off within the mark before its thoughts."""

of_json = pytest.mark.parametrize(
    "recording", [one for one in RECORDINGS if one is not CUSTOM_TEXT], ids=lambda one: one.name
)
every_recording = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda one: one.name)


def play(decoder: StreamDecoder, *pieces: bytes) -> list[Delta]:
    deltas = [delta for piece in pieces for delta in decoder.feed(piece)]
    return joined([*deltas, *decoder.finish()])


def texts(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas if isinstance(delta, TextDelta | ReasoningDelta))


@every_recording
def test_a_stream_says_what_it_says(recording: Recording) -> None:
    decoder = recording.decoder()
    assert play(decoder, recording.body) == list(recording.deltas)
    assert (decoder.error, decoder.skipped) == (None, 0)


@every_recording
def test_a_stream_cut_at_every_byte_says_the_same(recording: Recording) -> None:
    body = recording.body
    for cut in range(len(body) + 1):
        assert play(recording.decoder(), body[:cut], body[cut:]) == list(recording.deltas)


@every_recording
def test_a_stream_that_comes_byte_by_byte_says_the_same(recording: Recording) -> None:
    pieces = (recording.body[place : place + 1] for place in range(len(recording.body)))
    assert play(recording.decoder(), *pieces) == list(recording.deltas)


@every_recording
def test_line_ends_of_any_kind_are_read(recording: Recording) -> None:
    for end in (b"\r\n", b"\r"):
        assert play(recording.decoder(), recording.body.replace(b"\n", end)) == list(recording.deltas)


@of_json
def test_a_stream_that_breaks_off_keeps_what_came_and_is_not_complete(recording: Recording) -> None:
    whole = texts(list(recording.deltas))
    for end in range(len(recording.body) - 1):
        deltas = play(recording.decoder(), recording.body[:end])
        assert whole.startswith(texts(deltas)) or texts(deltas) == HALF_A_MARK
        is_complete = any(isinstance(delta, FinishDelta) for delta in deltas)
        assert not is_complete or texts(deltas) == whole or recording is CUSTOM_CUMULATIVE


@calm
@given(st.sampled_from(RECORDINGS), st.lists(st.integers(0, 2000), max_size=8))
def test_a_stream_in_any_pieces_says_the_same(recording: Recording, places: list[int]) -> None:
    cuts = sorted({0, len(recording.body), *(place % (len(recording.body) + 1) for place in places)})
    pieces = [recording.body[start:end] for start, end in pairwise(cuts)]
    assert play(recording.decoder(), *pieces) == list(recording.deltas)


@calm
@given(st.sampled_from(RECORDINGS), st.lists(st.binary(max_size=60), max_size=6), st.integers(0, 400))
def test_no_bytes_break_a_decoder(recording: Recording, junk: list[bytes], start: int) -> None:
    decoder = recording.decoder()
    play(decoder, recording.body[:start], *junk)
    assert decoder.error is None or decoder.error.problem.what


@pytest.mark.parametrize("recording", [LLAMA_MESSAGES, ANTHROPIC_THINKING, OLLAMA, CUSTOM_SOCKET])
def test_what_follows_the_end_is_not_read(recording: Recording) -> None:
    decoder = recording.decoder()
    decoder.feed(recording.body)
    assert decoder.done
    assert decoder.feed(recording.body) == []


@pytest.mark.parametrize("recording", [GEMINI, GEMINI_CALL])
def test_gemini_has_no_mark_of_its_end_and_is_complete_without(recording: Recording) -> None:
    decoder = recording.decoder()
    assert any(isinstance(delta, FinishDelta) for delta in decoder.feed(recording.body))
    assert not decoder.done


@of_json
def test_an_event_that_is_damaged_is_skipped_and_counted(recording: Recording) -> None:
    middle = recording.body.index(b"\n", len(recording.body) // 2)
    end = recording.body.index(b"\n\n", middle) + 2 if recording.media_type == SSE else middle + 1
    broken = b'data: {"broken\n\n' if recording.media_type == SSE else b'{"broken\n'
    decoder = recording.decoder()
    deltas = play(decoder, recording.body[:end], broken, recording.body[end:])
    assert deltas == list(recording.deltas)
    assert decoder.skipped == (0 if decoder.done and end == len(recording.body) else 1)


@every_recording
def test_a_piece_without_end_is_refused(recording: Recording) -> None:
    decoder = recording.decoder()
    head = b"data: " if recording.media_type == SSE else b""
    decoder.feed(head + b"x" * (LINE_LIMIT + 1))
    assert decoder.error is not None
    assert "8 MB" in decoder.error.problem.what


@pytest.mark.parametrize("provider", [Anthropic(), Gemini(), Ollama()], ids=lambda one: one.id)
def test_what_is_no_such_stream_is_an_error_that_quotes_it(provider: Anthropic | Gemini | Ollama) -> None:
    decoder = provider.decoder(NDJSON if isinstance(provider, Ollama) else SSE)
    assert decoder is not None
    play(decoder, b"data: <html>Sign in</html>\n\n")
    assert decoder.error is not None
    assert "Sign in" in decoder.error.problem.details


@pytest.mark.parametrize("provider", [Anthropic(), Gemini(), Ollama()], ids=lambda one: one.id)
def test_json_is_read_as_a_whole(provider: Anthropic | Gemini | Ollama) -> None:
    assert provider.decoder("application/json") is None
    assert provider.decoder("text/html") is None


def test_an_error_within_anthropics_stream_keeps_what_came() -> None:
    decoder = Anthropic().decoder(SSE)
    assert decoder is not None
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    half = LLAMA_MESSAGES.body.index(b"event: content_block_stop")
    deltas = play(decoder, LLAMA_MESSAGES.body[:half], events(error))
    assert texts(deltas) == "The capital of France is Paris."
    assert decoder.error is not None
    assert (decoder.error.status, decoder.error.problem.what) == (529, "The API is overloaded (HTTP 529).")


def test_an_error_within_geminis_stream_has_its_status() -> None:
    decoder = Gemini().decoder(SSE)
    assert decoder is not None
    play(
        decoder,
        events({"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}),
    )
    assert decoder.error is not None
    assert decoder.error.status == 503


def test_a_prompt_that_gemini_blocks_is_an_error() -> None:
    decoder = Gemini().decoder(SSE)
    assert decoder is not None
    play(
        decoder,
        events({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 4}}),
    )
    assert decoder.error is not None
    assert "refused to answer" in decoder.error.problem.what


def test_an_error_within_ollamas_stream_keeps_what_came() -> None:
    decoder = OLLAMA_OLD.decoder()
    line = {"message": {"content": "so far"}, "done": False}
    deltas = play(decoder, lines(line, {"error": "llama runner process has terminated: exit status 2"}))
    assert texts(deltas) == "so far"
    assert decoder.error is not None
    assert "could not run the model" in decoder.error.problem.what
