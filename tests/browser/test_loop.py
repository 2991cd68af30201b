"""The event loop of the page: what is ready runs in one turn of the browser, and the browser gets its turns too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import new_context
from tests.browser.in_page import InPage
from tests.browser.watch import Watch


@pytest.fixture(scope="module")
def python(chromium: Browser, page_url: str) -> Iterator[InPage]:
    """One interpreter for all tests, with the page's loop."""
    watch = Watch(page_url)
    with new_context(chromium, watch) as context:
        python = InPage(context.new_page(), page_url).open()
        python.run("import asyncio, js, time")
        yield python
    watch.check()


def test_callbacks_run_in_their_order_and_timers_in_theirs(python: InPage) -> None:
    order = python.run(
        """
order = []
loop = asyncio.get_running_loop()
for delay in (0.03, 0.01, 0):
    loop.call_later(delay, order.append, delay)
for name in "abc":
    loop.call_soon(order.append, name)
loop.call_soon(order.append, "never").cancel()
loop.call_later(0.02, order.append, "never").cancel()
await asyncio.sleep(0.1)
order
"""
    )
    assert order == [0, "a", "b", "c", 0.01, 0.03]


def test_many_steps_of_tasks_take_few_turns_of_the_browser(python: InPage) -> None:
    turns = python.run(
        """
turns = 0
loop = asyncio.get_running_loop()
plain = loop.turn
def counted():
    global turns
    turns += 1
    plain()
proxy, loop._on_turn = loop._on_turn, __import__("pyodide").ffi.create_proxy(counted)
async def step():
    for _ in range(20):
        await asyncio.sleep(0)
await asyncio.gather(*(step() for _ in range(5)))
loop._on_turn = proxy
turns
"""
    )
    assert 1 <= turns < 20


def test_a_task_that_is_always_ready_leaves_the_browser_its_turns(python: InPage) -> None:
    seen = python.run(
        """
seen = []
js.setTimeout(__import__("pyodide").ffi.create_once_callable(lambda: seen.append("timer")), 1)
begun = time.monotonic()
while not seen and time.monotonic() - begun < 10:
    await asyncio.sleep(0)
seen
"""
    )
    assert seen == ["timer"]


def test_what_a_callback_raises_is_told_and_the_next_one_runs(python: InPage) -> None:
    told = python.run(
        """
told = []
loop = asyncio.get_running_loop()
loop.set_exception_handler(lambda _, context: told.append(repr(context["exception"])))
def fail():
    raise ValueError("no")
loop.call_soon(fail)
loop.call_soon(told.append, "next")
await asyncio.sleep(0.05)
loop.set_exception_handler(None)
told
"""
    )
    assert told == ["ValueError('no')", "next"]
