"""Trying a custom connection: what came stands beside what was read, and no key in either."""

from __future__ import annotations

import asyncio
import json

import pytest

from app.core.connections import Connection
from app.core.http import HttpFailure
from app.core.problems import InvalidInput
from app.providers.custom_dialect import OPTION, CustomDialect
from app.services.diagnosis import Diagnosis
from app.services.trials import LENGTH, Trial, Trials
from tests.services.fakes import Fails, FakeApi, FakeHttp, FakePage, reply
from tests.services.test_gateway import PlayingHttp
from tests.services.virtual_time import in_virtual_time

KEY = "a-key-without-any-form-0123"
FEED = CustomDialect(stream="sse", answer="bit", finish="why", error="fault")
LINES = CustomDialect(stream="ndjson", answer="bit", finish="why")
TALK = CustomDialect(stream="websocket", headers=(), answer="bit", finish="why")
ONCE = CustomDialect(answer="out")


def connection(dialect: CustomDialect) -> Connection:
    options = {OPTION: json.loads(json.dumps(dialect.to_record()))}
    return Connection("x", "custom", "Odd", "https://api.example", KEY, options)


async def ask(http: FakeHttp, dialect: CustomDialect) -> Trial:
    return await Trials(http, Diagnosis(http, FakePage())).ask(connection(dialect), "m", "Hello?")


def event(text: str) -> bytes:
    return f"data: {text}\n\n".encode()


@in_virtual_time
async def test_a_stream_is_read_to_its_end_and_shown_as_it_came() -> None:
    http = PlayingHttp(event('{"bit": "Hel"}'), event('{"bit": "lo"}') + event('{"why": "stop"}'))
    trial = await ask(http, FEED)
    assert (trial.status, trial.media_type, trial.reading.is_whole) == (200, "text/event-stream", True)
    assert trial.reading.reply is not None
    assert trial.reading.reply.text == "Hello"
    assert trial.reading.raw.startswith('data: {"bit": "Hel"}')
    assert http.open == 0


@in_virtual_time
async def test_a_socket_is_left_when_the_answer_is_over() -> None:
    http = PlayingHttp(event('{"bit": "Hi"}'), event('{"why": "stop"}'), 1000.0)
    trial = await ask(http, TALK)
    assert asyncio.get_running_loop().time() < 1
    assert trial.reading.raw == '{"bit": "Hi"}\n{"why": "stop"}'


@in_virtual_time
async def test_an_end_that_nothing_tells_is_noticed() -> None:
    trial = await ask(PlayingHttp(event('{"bit": "Hi"}')), FEED)
    assert not trial.reading.is_whole
    assert trial.reading.reply is not None
    assert trial.reading.reply.text == "Hi"


@in_virtual_time
async def test_what_came_before_a_cut_is_shown() -> None:
    http = PlayingHttp(event('{"bit": "Hi"}'), HttpFailure("cut", "POST /v1/chat/completions", 10))
    assert "Hi" in (await ask(http, FEED)).reading.raw


@in_virtual_time
async def test_an_error_within_a_stream_stands_beside_what_came() -> None:
    reading = (
        await ask(PlayingHttp(event('{"bit": "Hi"}'), event(f'{{"fault": "no {KEY}"}}')), FEED)
    ).reading
    assert reading.reply is not None
    assert reading.reply.text == "Hi"
    assert reading.problem is not None
    assert KEY not in f"{reading.problem}{reading.problem.details}{reading.raw}"


@in_virtual_time
async def test_a_whole_reply_is_read_and_shown() -> None:
    http = PlayingHttp(b'{"out": "Hello"}', headers={"content-type": "application/json"})
    reading = (await ask(http, ONCE)).reading
    assert (reading.raw, reading.is_whole) == ('{"out": "Hello"}', True)


@in_virtual_time
async def test_lines_under_a_plain_media_type_are_read() -> None:
    lines = b'{"bit": "Hel"}\n{"bit": "lo", "why": "stop"}\n'
    reading = (await ask(PlayingHttp(lines, headers={"content-type": "text/plain"}), LINES)).reading
    assert reading.reply is not None
    assert (reading.reply.text, reading.is_whole) == ("Hello", True)


@in_virtual_time
async def test_an_endless_reply_is_given_up() -> None:
    http = PlayingHttp(*[b"x" * 2**16] * 50, headers={"content-type": "application/json"})
    await ask(http, ONCE)
    assert http.played.chunks_read == LENGTH // 2**16 + 1


@in_virtual_time
async def test_a_server_that_is_not_there_is_diagnosed() -> None:
    http = FakeHttp(FakeApi())
    http.go_down(Fails("rejected"))
    trial = await ask(http, FEED)
    assert trial.status == 0
    assert trial.reading.problem is not None
    assert "not reachable" in trial.reading.problem.what


@in_virtual_time
async def test_a_request_that_cannot_be_built_is_not_sent() -> None:
    http = FakeHttp(FakeApi())
    http.script("POST /v1/chat/completions", reply({}))
    with pytest.raises(InvalidInput):
        await Trials(http, Diagnosis(http, FakePage())).ask(connection(ONCE), "m", " ")
    assert http.requests == []
