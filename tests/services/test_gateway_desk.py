"""The gateway at its desk: keys for one request, waits that are seen and can be ended, and figures that are counted."""

from __future__ import annotations

import asyncio

import pytest

from app.core.connections import ModelRef
from app.core.deltas import TextDelta
from app.core.http import HttpReply
from app.core.local_api import Health
from app.core.messages import PromptMessage, Role
from app.core.problems import ApiError, BerthError, InvalidInput, NetworkError
from app.core.saved_connections import Limits
from app.core.typed_connection import TypedConnection
from app.providers.ollama_queue import AUTH
from tests.services.docked import API, KEY, Browser, Tab, at_rest
from tests.services.fakes import HANGS, Slow, reply
from tests.services.virtual_time import in_virtual_time, settled

CHAT = f"POST {API}/chat/completions"
QUESTION = (PromptMessage(Role.USER, "What is the capital of France?"),)
PARIS = "Paris."
USAGE = {"prompt_tokens": 18, "completion_tokens": 8}
ANSWER = reply({"choices": [{"message": {"content": PARIS}, "finish_reason": "stop"}], "usage": USAGE})


def later(seconds: str = "3", status: int = 429) -> HttpReply:
    """A refusal for the moment."""
    headers = {"content-type": "application/json", "retry-after": seconds}
    return HttpReply(status, headers, b'{"error": {"message": "slow down"}}')


async def tab(**more: object) -> Tab:
    """A tab with one connection."""
    made = await Browser().tab()
    await made.add(**more)  # type: ignore[arg-type]
    made.http.requests.clear()
    return made


async def ask(made: Tab, connection_id: str = "c1") -> str:
    """The answer of its model."""
    said = ""
    async for batch in made.gateway.answer(ModelRef(connection_id, "a"), QUESTION, {}):
        said += "".join(delta.text for delta in batch if isinstance(delta, TextDelta))
    return said


@in_virtual_time
async def test_the_key_is_fetched_for_the_request() -> None:
    made = await tab()
    made.http.script(CHAT, ANSWER)
    assert await ask(made) == PARIS
    assert made.keys_sent() == [f"Bearer {KEY}"]
    assert all(connection.key == "" for connection in made.connecting.book.enabled())


@pytest.mark.parametrize("status", [429, 503])
def test_an_api_that_asks_to_wait_is_asked_again_after_that(status: int) -> None:
    @in_virtual_time
    async def check() -> None:
        made = await tab()
        made.http.script(CHAT, later(status=status), later("2", status), ANSWER)
        began = made.clock.monotonic()
        assert await ask(made) == PARIS
        assert made.http.asked(CHAT) == 3
        assert round(made.clock.monotonic() - began) == 5

    check()


@in_virtual_time
async def test_the_wait_is_counted_down_where_it_can_be_seen() -> None:
    made = await tab()
    made.http.script(CHAT, later("3"), ANSWER)
    asking = asyncio.ensure_future(ask(made))
    seen = []
    while not asking.done():
        await asyncio.sleep(0.5)
        seen += [wait.seconds for wait in made.connections.waits]
    assert list(dict.fromkeys(seen)) == [3, 2, 1]
    assert made.connections.waits == ()


@in_virtual_time
async def test_a_wait_that_is_ended_sends_nothing_more() -> None:
    made = await tab()
    made.http.script(CHAT, later("30"), ANSWER)
    asking = asyncio.ensure_future(ask(made))
    await asyncio.sleep(2)
    assert len(made.connections.waits) == 1
    asking.cancel()
    await asyncio.sleep(60)
    assert made.connections.waits == ()
    assert made.http.asked(CHAT) == 1


@pytest.mark.parametrize("refusal", [later("61"), reply({"error": "x"}, 429), reply({"error": "x"}, 500)])
def test_what_is_not_worth_waiting_for_is_said_at_once(refusal: HttpReply) -> None:
    @in_virtual_time
    async def check() -> None:
        made = await tab()
        made.http.script(CHAT, refusal)
        with pytest.raises(ApiError) as caught:
            await ask(made)
        assert caught.value.status == refusal.status
        assert made.http.asked(CHAT) == 1

    check()


@in_virtual_time
async def test_it_gives_up_after_three_attempts() -> None:
    made = await tab()
    made.http.script(CHAT, later("1"))
    with pytest.raises(ApiError):
        await ask(made)
    assert made.http.asked(CHAT) == 3


@in_virtual_time
async def test_requests_beyond_the_limit_wait_for_their_turn() -> None:
    made = await tab(limits=Limits(parallel=1))
    made.http.script(CHAT, Slow(10, ANSWER))
    both = [asyncio.ensure_future(ask(made)) for _ in range(2)]
    await asyncio.sleep(5)
    assert made.http.asked(CHAT) == 1
    assert [wait.seconds for wait in made.connections.waits] == [None]
    assert await asyncio.gather(*both) == [PARIS, PARIS]
    assert made.connections.waits == ()


@in_virtual_time
async def test_a_silent_connection_is_given_up_after_its_own_limit() -> None:
    made = await tab(limits=Limits(first_byte=7))
    made.http.script(CHAT, HANGS)
    began = made.clock.monotonic()
    with pytest.raises(BerthError):
        await ask(made)
    assert 7 <= made.clock.monotonic() - began < 30


@in_virtual_time
async def test_figures_and_limits_are_counted_for_the_connection() -> None:
    made = await tab()
    headers = {**ANSWER.headers, "x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59"}
    made.http.script(CHAT, HttpReply(200, headers, ANSWER.body))
    await ask(made)
    item = made.item()
    assert (item.today.requests, item.today.tokens_in, item.today.tokens_out) == (1, 18, 8)
    assert item.limits is not None
    assert item.limits.requests is not None
    assert (item.limits.requests.remaining, item.limits.requests.limit) == (59, 60)


@in_virtual_time
async def test_of_several_figures_in_one_piece_the_last_ones_count() -> None:
    made = await tab()
    first, last = (
        '{"prompt_tokens": 18, "completion_tokens": 1}',
        '{"prompt_tokens": 18, "completion_tokens": 8}',
    )
    events = "".join(
        f'data: {{"choices": [{{"delta": {{"content": "x"}}, "finish_reason": "stop"}}], "usage": {usage}}}\n\n'
        for usage in (first, last)
    )
    body = f"{events}data: [DONE]\n\n".encode()
    made.http.script(CHAT, HttpReply(200, {"content-type": "text/event-stream"}, body))
    await ask(made)
    assert made.item().today.tokens_out == 8


@in_virtual_time
async def test_a_connection_that_is_switched_off_is_not_asked() -> None:
    made = await tab()
    await made.connecting.book.enable("c1", False)
    with pytest.raises(InvalidInput):
        await ask(made)
    assert made.http.requests == []


@in_virtual_time
async def test_a_key_in_another_form_is_tried_once_and_remembered() -> None:
    made = await Browser().tab()
    refused = reply({"success": False, "error": "Unauthorized", "message": "Invalid Bearer token"}, 401)
    answered = reply({"success": True, "response": PARIS, "done": True})
    made.http.script(f"POST {API}/generate", refused, answered)
    await made.connecting.save(TypedConnection("ollama-queue", "Queue", API, KEY))
    assert await ask(made) == PARIS
    await at_rest()
    sent = [request.headers for request in made.http.requests if request.method == "POST"]
    assert [one.get("X-API-Key") or one.get("Authorization") for one in sent] == [KEY, f"Bearer {KEY}"]
    assert (await made.browser.records("connections"))["c1"]["options"] == {AUTH: "bearer"}
    await settled()


@pytest.mark.parametrize(
    ("refusal", "health", "said"),
    [
        (reply({"error": {"message": "Invalid API Key"}}, 401), Health.KEY, "does not accept the key"),
        (reply({"error": {"message": "Insufficient balance"}}, 402), Health.LIMITED, "used up"),
        (
            reply({"error": {"message": "The model `a` does not exist", "code": "model_not_found"}}, 404),
            Health.CONNECTED,
            "does not have this model",
        ),
    ],
    ids=["key", "quota", "model"],
)
def test_what_a_refusal_tells_about_the_connection_is_shown_there(
    refusal: HttpReply, health: Health, said: str
) -> None:
    @in_virtual_time
    async def check() -> None:
        made = await tab()
        made.http.script(CHAT, refusal, ANSWER)
        with pytest.raises(ApiError):
            await ask(made)
        assert made.item().health is health
        assert said in str(made.item().problem)
        await ask(made)
        assert (made.item().health, made.item().problem) == (Health.CONNECTED, None)

    check()


@in_virtual_time
async def test_a_refusal_of_one_request_says_nothing_about_the_connection() -> None:
    made = await tab()
    made.http.script(CHAT, reply({"error": {"message": "temperature must be below 2"}}, 400))
    with pytest.raises(ApiError):
        await ask(made)
    assert (made.item().health, made.item().problem) == (Health.CONNECTED, None)


@in_virtual_time
async def test_a_server_that_is_gone_is_shown_as_gone() -> None:
    made = await tab()
    made.http.go_down()
    with pytest.raises(NetworkError):
        await ask(made)
    await at_rest()
    assert made.item().health is Health.UNREACHABLE


QUEUED = reply({"success": True, "message": "Request queued", "request_id": "r1", "queue_position": 2})
SAID = {"success": True, "response": PARIS, "done": True}


def state(length: int, **more: object) -> HttpReply:
    return reply({"success": True, "queue_length": length, "is_processing": length > 0, **more})


async def queue(*looks: HttpReply, then: HttpReply) -> Tab:
    """A tab with a queue that puts the first request off."""
    made = await Browser().tab()
    made.http.script(f"GET {API}/status", *looks)
    made.http.script(f"POST {API}/generate", QUEUED, then)
    await made.connecting.save(TypedConnection("ollama-queue", "Queue", API, KEY))
    return made


@in_virtual_time
async def test_a_queued_request_is_asked_again_once_when_the_queue_is_empty() -> None:
    made = await queue(state(0), state(2), state(1), state(0), then=reply(SAID))
    asking = asyncio.ensure_future(ask(made))
    await asyncio.sleep(3)
    assert [wait.seconds for wait in made.connections.waits] == [None]
    assert await asking == PARIS
    assert made.http.asked(f"POST {API}/generate") == 2
    assert made.connections.waits == ()


@in_virtual_time
async def test_an_answer_that_the_queue_tells_is_read() -> None:
    made = await queue(state(0), state(1), state(0, results={"r1": SAID}), then=reply(SAID))
    assert await ask(made) == PARIS
    assert made.http.asked(f"POST {API}/generate") == 1


@in_virtual_time
async def test_a_request_that_is_queued_twice_is_not_sent_a_third_time() -> None:
    made = await queue(state(0), then=QUEUED)
    with pytest.raises(ApiError) as caught:
        await ask(made)
    assert "was put in the queue" in caught.value.problem.what
    assert made.http.asked(f"POST {API}/generate") == 2


@in_virtual_time
async def test_stop_ends_the_wait_for_a_queue() -> None:
    made = await queue(state(3), then=reply(SAID))
    asking = asyncio.ensure_future(ask(made))
    await asyncio.sleep(3)
    asking.cancel()
    await asyncio.sleep(60)
    assert made.http.asked(f"POST {API}/generate") == 1
    assert made.connections.waits == ()
