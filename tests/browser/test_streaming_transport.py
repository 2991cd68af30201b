"""Streams over the browser's fetch, from a real server: how they arrive, how they end, and what they cost Python."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import new_context
from tests.browser.in_page import START, InPage
from tests.browser.watch import Watch
from tests.servers import corpus
from tests.servers.process import ServerProcess, running

TOOLS = """
import asyncio, gc, json, time
from app.browser.http import BrowserHttp
from app.core.http import HttpFailure, HttpRequest

def question(url, model):
    return HttpRequest.post_json(f"{url}/chat/completions", {"model": model, "messages": [], "stream": True})

async def read(url, model, **limits):
    'Reads a whole stream: its chunks with their times, and how it ended.'
    chunks, times, end = [], [], "whole"
    try:
        async with BrowserHttp().stream(question(url, model), **limits) as stream:
            began = time.monotonic()
            async for chunk in stream.chunks():
                chunks.append(chunk)
                times.append(time.monotonic() - began)
    except HttpFailure as failure:
        end = failure.kind
    text = b"".join(chunks).decode()
    kinds = sorted({type(chunk).__name__ for chunk in chunks})
    return {"count": len(chunks), "times": times, "text": text, "end": end, "kinds": kinds}
"""


@pytest.fixture(scope="module")
def reference() -> Iterator[ServerProcess]:
    """The reference server, without a model loaded."""
    with running("tests.servers.openai") as server:
        yield server


@pytest.fixture
def server(reference: ServerProcess) -> ServerProcess:
    """The reference server without faults."""
    reference.set_faults({})
    return reference


@pytest.fixture(scope="module")
def python(chromium: Browser, page_url: str, reference: ServerProcess) -> Iterator[InPage]:
    """One interpreter for all tests, with what reads a stream in it: none of them leaves anything there."""
    watch = Watch(page_url)
    watch.allow_host(reference.base_url)
    watch.expect_error("favicon.ico")
    with new_context(chromium, watch) as context:
        python = InPage(context.new_page(), page_url)
        # A page that the server really sent: what a test makes up counts as one of the internet, from where Chromium
        # does not let requests through to this machine.
        python.page.goto(f"{page_url}static/icons/favicon.svg")
        # The browser asks for it by itself, but not each time.
        python.page.evaluate("async () => { await fetch('/favicon.ico'); }")
        python.page.evaluate(START, page_url)
        python.run(TOOLS)
        yield python
    watch.check()


def stream(python: InPage, server: ServerProcess, model: str, limits: str = "") -> dict[str, Any]:
    """What the page gets of a stream."""
    read: dict[str, Any] = python.run(f"await read({server.base_url!r}, {model!r}, {limits})")
    return read


def content(text: str) -> str:
    """What the model said in a stream."""
    events = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    return "".join(event["choices"][0]["delta"].get("content", "") for event in events if event["choices"])


def test_every_byte_arrives_as_python_bytes(python: InPage, server: ServerProcess) -> None:
    read = stream(python, server, "markdown-3000-at-0")
    assert (read["end"], read["kinds"]) == ("whole", ["bytes"])
    assert content(read["text"]) == "".join(corpus.tokens(3000))


def test_the_first_bytes_come_at_once(python: InPage, server: ServerProcess) -> None:
    read = stream(python, server, "markdown-3-at-2")
    assert read["times"][0] < 0.2
    assert len(read["times"]) >= 4


def test_python_is_woken_about_ten_times_a_second(python: InPage, server: ServerProcess) -> None:
    read = stream(python, server, "markdown-400-at-200")
    assert read["end"] == "whole"
    assert 10 <= read["count"] <= 30
    gaps = [later - earlier for earlier, later in pairwise(read["times"])]
    assert sorted(gaps)[len(gaps) // 2] >= 0.09


@pytest.mark.parametrize("leave", ["cancel", "break"])
def test_leaving_ends_the_request_at_the_server(python: InPage, server: ServerProcess, leave: str) -> None:
    model = f"markdown-{8000 if leave == 'cancel' else 8001}-at-20"
    python.run(
        f"""
        async def begin():
            async with BrowserHttp().stream(question({server.base_url!r}, {model!r})) as stream:
                async for chunk in stream.chunks():
                    if {leave!r} == "break":
                        break
        task = asyncio.ensure_future(begin())
        await asyncio.sleep(0.5)
        task.cancel()
        """.replace("\n        ", "\n")
    )
    asked = time.monotonic()
    server.wait_until(lambda: server.streams()[-1]["ended"] == "gone")
    print(f"the server knew after {time.monotonic() - asked:.2f} s")
    assert server.streams()[-1]["model"] == model


def test_a_request_that_is_cancelled_before_its_reply_ends_too(python: InPage, server: ServerProcess) -> None:
    with server.faulty(generate_delay=30):
        outcome = python.run(
            f"""
async def begin():
    async with BrowserHttp().stream(question({server.base_url!r}, "markdown-9-at-0")):
        pass
task = asyncio.ensure_future(begin())
await asyncio.sleep(0.3)
task.cancel()
try:
    await task
except asyncio.CancelledError:
    outcome = "cancelled"
outcome
"""
        )
    assert outcome == "cancelled"


def test_a_stream_that_is_reset_is_cut_and_what_came_is_kept(python: InPage, server: ServerProcess) -> None:
    with server.faulty(stream_cut=10):
        read = stream(python, server, "markdown-100-at-100")
    assert read["end"] == "cut"
    assert content(read["text"]) == "".join(corpus.tokens(9))


def test_silence_after_some_events_is_a_timeout(python: InPage, server: ServerProcess) -> None:
    with server.faulty(stream_stall=5):
        read = stream(python, server, "markdown-100-at-100", "idle=0.5")
        server.wait_until(lambda: server.streams()[-1]["ended"] == "gone", seconds=0.5)
    assert read["end"] == "timeout"
    assert content(read["text"]) == "".join(corpus.tokens(4))


def test_silence_before_the_reply_is_a_timeout(python: InPage, server: ServerProcess) -> None:
    with server.faulty(generate_delay=30):
        read = stream(python, server, "markdown-5-at-0", "first_byte=0.4")
    assert (read["end"], read["count"]) == ("timeout", 0)


def test_a_slow_stream_is_no_timeout(python: InPage, server: ServerProcess) -> None:
    assert stream(python, server, "markdown-4-at-2", "first_byte=0.4, idle=0.8")["end"] == "whole"


def test_a_server_that_is_not_there_rejects(python: InPage, server: ServerProcess) -> None:
    with server.faulty(refuse=True):
        assert stream(python, server, "markdown-5-at-0")["end"] == "rejected"


def test_a_reply_that_is_no_stream_is_read_as_a_whole(python: InPage, server: ServerProcess) -> None:
    with server.faulty(status="chat:429", retry_after=7):
        status, retry, body = python.run(
            f"""
async with BrowserHttp().stream(question({server.base_url!r}, "markdown-5-at-0")) as stream:
    reply = await stream.read()
(stream.status, stream.headers.get("retry-after"), reply.json())
"""
        )
    assert (status, retry) == (429, "7")
    assert body == {"error": "The server was told to answer 429"}


def test_a_reader_that_is_slow_loses_nothing_and_is_not_flooded(
    python: InPage, server: ServerProcess
) -> None:
    sizes = python.run(
        f"""
sizes = []
async with BrowserHttp().stream(question({server.base_url!r}, "markdown-20000-at-0")) as stream:
    async for chunk in stream.chunks():
        sizes.append(len(chunk))
        await asyncio.sleep(0.3)
sizes
"""
    )
    assert max(sizes) < 1.2 * 2**20
    assert sum(sizes) > 3_000_000


def test_a_stream_leaves_nothing_behind_in_the_border_of_the_languages(
    python: InPage, server: ServerProcess
) -> None:
    kept = python.run(
        f"""
import weakref
from app.browser import http
streams = []
class Watched(http.BrowserStream):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        streams.append(weakref.ref(self))
plain, http.BrowserStream = http.BrowserStream, Watched
for model in ("markdown-100-at-400", "markdown-8000-at-400"):
    async with BrowserHttp().stream(question({server.base_url!r}, model)) as stream:
        async for chunk in stream.chunks():
            if "8000" in model:
                break
http.BrowserStream = plain
del stream, chunk
await asyncio.sleep(0.2)
gc.collect()
[reference() is not None for reference in streams]
"""
    )
    assert kept == [False, False]


def test_timers_that_sleep_as_in_a_hidden_tab_hold_nothing_up(python: InPage, server: ServerProcess) -> None:
    python.page.evaluate(
        """() => {
          globalThis.promptly = setTimeout;
          const asleep = (ms) => (ms >= 10 ? Math.ceil(ms / 1000) * 1000 : ms);
          globalThis.setTimeout = (run, ms, ...rest) => promptly(run, asleep(ms), ...rest);
        }"""
    )
    try:
        read = stream(python, server, "markdown-200-at-100")
    finally:
        python.page.evaluate("() => { globalThis.setTimeout = promptly; }")
    assert read["end"] == "whole"
    # Did anything wait for such a timer, the two seconds of this stream would be two or three pieces.
    assert read["count"] > 5
