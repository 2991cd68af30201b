"""The ledger: a line for every request, whoever sent it and however it ended, and never a word of its contents."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.core.connections import Connection
from app.core.conversations import Conversation
from app.core.http import HttpFailure, HttpRequest
from app.core.ledger import CAPACITY, Ledger, Line
from app.core.local_api import LocalApi
from app.core.state import State
from app.core.store import Store
from app.services.ledger import LedgerBook, LedgerHttp
from tests.services.fakes import HANGS, Fails, FakeApi, FakeClock, FakeHttp, reply
from tests.services.virtual_time import in_virtual_time, settled

SECRET = "a-secret-in-the-query"
URL = f"http://me@api.example.org:8443/v1/models?q={SECRET}#{SECRET}"
LINE = Line(1, 0.0, "api.example.org", "Mine", "GET", "/v1/models", end="done", status=200)


class Desk:
    """A sender with its ledger."""

    def __init__(self) -> None:
        local = LocalApi(Connection("local", "local-llm-api", "Local API", "http://127.0.0.1:5000"))
        self.store = Store(State(Conversation("c", 0.0), local), lambda run: run())
        self.fake = FakeHttp(FakeApi())
        book = LedgerBook(self.store.cell("ledger", Ledger), FakeClock(), lambda _url: "Mine")
        self.http = LedgerHttp(self.fake, book)

    @property
    def line(self) -> Line:
        """The last line."""
        return self.store.state.ledger.lines[-1]


@in_virtual_time
async def test_a_request_is_listed_with_its_sizes_and_status() -> None:
    desk = Desk()
    desk.fake.script(f"POST {URL}", reply({"text": SECRET}, 201))
    request = HttpRequest.post_json(URL, {"question": SECRET})
    await desk.http.send(request)
    line = desk.line
    assert (line.host, line.path, line.connection, line.method) == (
        "api.example.org:8443",
        "/v1/models",
        "Mine",
        "POST",
    )
    assert (line.status, line.end, line.sent, line.received) == (201, "done", len(request.body or b""), 33)
    assert SECRET not in str(desk.store.state.ledger)


@in_virtual_time
async def test_a_stream_is_counted_as_it_comes() -> None:
    desk = Desk()
    desk.fake.script(f"GET {URL}", reply({"text": "x" * 100}))
    async with desk.http.stream(HttpRequest.get(URL)) as stream:
        assert (desk.line.end, desk.line.status) == ("", 0)
        read = b"".join([chunk async for chunk in stream.chunks()])
    assert (desk.line.received, desk.line.status, desk.line.end) == (len(read), 200, "done")


@pytest.mark.parametrize("kind", ["rejected", "timeout", "cut"])
def test_a_failure_is_listed_as_what_it_was(kind: str) -> None:
    @in_virtual_time
    async def check() -> None:
        desk = Desk()
        desk.fake.go_down(Fails(kind))  # type: ignore[arg-type]
        with pytest.raises(HttpFailure):
            await desk.http.send(HttpRequest.get(URL))
        assert (desk.line.end, desk.line.status) == (kind, 0)

    check()


@in_virtual_time
async def test_a_request_that_was_stopped_is_listed_as_stopped() -> None:
    desk = Desk()
    desk.fake.go_down(HANGS)
    sending = asyncio.ensure_future(desk.http.send(HttpRequest.get(URL)))
    await settled()
    assert desk.line.end == ""
    sending.cancel()
    await settled()
    assert desk.line.end == "cancelled"


@in_virtual_time
async def test_the_looks_that_find_out_what_is_wrong_are_listed_too() -> None:
    desk = Desk()
    await desk.http.answers(URL)
    await desk.http.redirects(URL)
    assert (desk.store.state.ledger.count, desk.line.end) == (2, "rejected")
    desk.fake.something_answers = True
    await desk.http.answers(URL)
    assert desk.line.end == "opaque"


def ledger_of(*ends: str) -> Ledger:
    """A ledger after requests that differ in how they ended."""
    ledger = Ledger()
    for number, end in enumerate(ends):
        line = replace(LINE, id=number, at=float(number), end="")
        ledger = ledger.began(line).ended(replace(line, end=end))
    return ledger


def test_looks_at_what_is_not_there_stay_few_lines() -> None:
    ledger = ledger_of(*["rejected", "opaque", "cut"] * 50)
    assert [(line.end, line.count, line.at) for line in ledger.lines] == [
        ("rejected", 50, 147.0),
        ("opaque", 50, 148.0),
        ("cut", 50, 149.0),
    ]
    assert ledger.count == 150


def test_it_forgets_the_oldest_and_says_how_many() -> None:
    ledger = ledger_of(*(f"e{number}" for number in range(CAPACITY + 5)))
    assert (len(ledger.lines), ledger.forgotten, ledger.count) == (CAPACITY, 5, CAPACITY + 5)
    assert ledger.lines[-1].end == f"e{CAPACITY + 4}"
