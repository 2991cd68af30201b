"""The gateway is the same over fetch and over a WebSocket: how an answer comes, ends, is stopped and is counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.contexts import new_context
from tests.browser.in_page import START, InPage
from tests.browser.odd_dialects import DIALECTS
from tests.browser.watch import Watch
from tests.servers import corpus
from tests.servers.process import ServerProcess, running

KEY = "odd-pass-9f2c71"
PARIS = "The capital of France is Paris."

TOOLS = """
import asyncio, json
from app.browser.clock import BrowserClock
from app.browser.http import BrowserHttp
from app.browser.page import BrowserPage
from app.browser.socket import BrowserSocket
from app.core.connections import Connection, ModelRef
from app.core.deltas import FinishDelta, TextDelta, UsageDelta
from app.core.ledger import Ledger
from app.core.messages import PromptMessage, Role
from app.core.problems import BerthError
from app.core.store import Store
from app.providers.registry import PROVIDERS
from app.services.diagnosis import Diagnosis
from app.services.gateway import Gateway, Limits
from app.services.ledger import LedgerBook, LedgerHttp
from app.services.transports import Transports
from dataclasses import dataclass, field

@dataclass(frozen=True)
class Kept:
    ledger: Ledger = field(default_factory=Ledger)

store = Store(Kept(), lambda run: run())
http = LedgerHttp(Transports(BrowserHttp(), BrowserSocket()),
                  LedgerBook(store.cell("ledger", Ledger), BrowserClock(), lambda url: ""))
QUESTION = (PromptMessage(Role.USER, "What is the capital of France?"),)

def ask(connection, model, **limits):
    limits = Limits(**{"first_byte": None, "idle": None, **limits})
    gateway = Gateway(http, Diagnosis(http, BrowserPage()), PROVIDERS, lambda: (connection,), limits)
    return gateway.answer(ModelRef(connection.id, model), QUESTION, {})

async def tell(connection, model, **limits):
    'All that comes of an answer, and what is said at its end.'
    deltas, problem, batches = [], "", 0
    try:
        async for batch in ask(connection, model, **limits):
            batches += 1
            deltas += batch
    except BerthError as error:
        problem = f"{error.problem} {error.problem.details}"
    usage = [one.usage for one in deltas if isinstance(one, UsageDelta)]
    return {
        "text": "".join(one.text for one in deltas if isinstance(one, TextDelta)),
        "finish": [one.reason for one in deltas if isinstance(one, FinishDelta)],
        "tokens": usage and [usage[-1].prompt_tokens, usage[-1].completion_tokens],
        "problem": problem,
        "batches": batches,
    }
"""

over_each = pytest.mark.parametrize("carrier", ["feed", "lines", "talk"], ids=["events", "lines", "socket"])


@pytest.fixture(scope="module")
def odd() -> Iterator[ServerProcess]:
    with running("tests.servers.odd", "--threads", "1", "--key", KEY) as server:
        yield server


@pytest.fixture
def server(odd: ServerProcess) -> ServerProcess:
    """The reference server without faults."""
    odd.set_faults({})
    odd.forget_requests()
    return odd


@pytest.fixture(scope="module")
def python(chromium: Browser, page_url: str, odd: ServerProcess) -> Iterator[InPage]:
    """One interpreter for all tests, with a gateway over the real transports in it."""
    watch = Watch(page_url)
    watch.allow_host(odd.base_url)
    for expected in ("favicon.ico", "401", "404", "ERR_CONNECTION_RESET", "WebSocket connection to"):
        watch.expect_error(expected)
    with new_context(chromium, watch) as context:
        python = InPage(context.new_page(), page_url)
        python.page.goto(f"{page_url}static/icons/favicon.svg")
        # The browser asks for it by itself, but not each time.
        python.page.evaluate("async () => { await fetch('/favicon.ico'); }")
        python.page.evaluate(START, page_url)
        python.run(TOOLS)
        yield python
    watch.check()


def connection(server: ServerProcess, carrier: str, key: str = KEY, base_url: str = "") -> str:
    """The code for a connection."""
    record = json.dumps(DIALECTS[carrier].to_record())
    options = f"{{'dialect': json.loads({record!r})}}"
    address = base_url or server.base_url
    return f"Connection('x', 'custom', 'Odd', {address!r}, {key!r}, {options})"


def tell(
    python: InPage,
    server: ServerProcess,
    carrier: str,
    model: str = "tinker-one",
    limits: str = "",
    **other: str,
) -> dict[str, Any]:
    told: dict[str, Any] = python.run(
        f"await tell({connection(server, carrier, **other)}, {model!r}, {limits})"
    )
    return told


@over_each
def test_an_answer_comes_whole_with_its_figures(python: InPage, server: ServerProcess, carrier: str) -> None:
    told = tell(python, server, carrier)
    assert (told["text"], told["finish"], told["problem"]) == (PARIS, ["stop"], "")
    assert told["tokens"] == [18, 8]


@over_each
def test_a_long_answer_comes_in_pieces(python: InPage, server: ServerProcess, carrier: str) -> None:
    told = tell(python, server, carrier, "drill-200-at-200")
    assert told["text"] == "".join(corpus.tokens(200))
    assert 5 <= told["batches"] <= 60


@over_each
def test_stopping_ends_it_at_the_server(python: InPage, server: ServerProcess, carrier: str) -> None:
    text = python.run(
        f"""
texts = []
async def read():
    async for batch in ask({connection(server, carrier)}, "drill-8000-at-50"):
        texts.extend(one.text for one in batch if isinstance(one, TextDelta))
task = asyncio.ensure_future(read())
while not texts:
    await asyncio.sleep(0.02)
task.cancel()
"".join(texts)
"""
    )
    server.wait_until(lambda: server.streams()[-1]["ended"] == "gone")
    assert "".join(corpus.tokens(8000)).startswith(text)


@over_each
def test_a_stream_that_breaks_is_cut_and_what_came_is_kept(
    python: InPage, server: ServerProcess, carrier: str
) -> None:
    with server.faulty(stream_cut=9):
        told = tell(python, server, carrier, "drill-100-at-100")
    assert told["text"] == "".join(corpus.tokens(9))
    assert "broke off" in told["problem"]
    assert told["finish"] == []


@over_each
def test_a_stream_that_ends_too_early_is_noticed(python: InPage, server: ServerProcess, carrier: str) -> None:
    with server.faulty(stream_end=9):
        told = tell(python, server, carrier, "drill-100-at-100")
    assert told["text"] == "".join(corpus.tokens(9))
    assert (told["finish"], bool(told["problem"])) == ([], True)


@over_each
def test_an_error_within_a_stream_is_told(python: InPage, server: ServerProcess, carrier: str) -> None:
    with server.faulty(stream_error=9):
        told = tell(python, server, carrier, "drill-100-at-100")
    assert told["text"] == "".join(corpus.tokens(9))
    assert "The server was told to break off" in told["problem"]


@over_each
def test_silence_within_an_answer_ends_it(python: InPage, server: ServerProcess, carrier: str) -> None:
    with server.faulty(stream_stall=5):
        told = tell(python, server, carrier, "drill-100-at-100", "idle=0.5")
        server.wait_until(lambda: server.streams()[-1]["ended"] == "gone")
    assert told["text"] == "".join(corpus.tokens(5))
    assert "stopped coming" in told["problem"]


@over_each
def test_silence_before_an_answer_ends_it(python: InPage, server: ServerProcess, carrier: str) -> None:
    with server.faulty(generate_delay=20):
        told = tell(python, server, carrier, "tinker-one", "first_byte_here=0.5")
    assert (told["text"], told["batches"]) == ("", 0)
    assert "did not answer in time" in told["problem"]


@over_each
def test_a_refused_key_is_told_in_the_servers_words(
    python: InPage, server: ServerProcess, carrier: str
) -> None:
    told = tell(python, server, carrier, key="wrong-pass")
    assert "Your pass is not valid" in told["problem"]
    assert "wrong-pass" not in told["problem"]


@over_each
def test_a_model_that_is_not_there_is_told(python: InPage, server: ServerProcess, carrier: str) -> None:
    assert "Nobody of that name" in tell(python, server, carrier, "nobody")["problem"]


@over_each
def test_a_server_that_is_not_there_is_unreachable(
    python: InPage, server: ServerProcess, carrier: str
) -> None:
    with server.faulty(refuse=True):
        told = tell(python, server, carrier)
    assert "not reachable" in told["problem"]


def test_a_server_that_opens_no_socket_is_no_server_that_is_down(
    python: InPage, server: ServerProcess
) -> None:
    told = tell(python, server, "talk", base_url=f"{server.root_url}/elsewhere")
    assert "does not open a WebSocket at /elsewhere/talk" in told["problem"]


@over_each
def test_each_request_is_in_the_ledger_with_its_bytes(
    python: InPage, server: ServerProcess, carrier: str
) -> None:
    tell(python, server, carrier)
    line = python.run(
        "line = store.state.ledger.lines[-1]\n"
        "[line.host, line.path, line.status, line.end, line.sent > 50, line.received > 100]"
    )
    host = server.root_url.partition("//")[2]
    assert line == [host, f"/odd/{carrier}", 200, "done", True, True]
