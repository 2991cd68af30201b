"""What carries a request: the address decides, and a socket is asked for nothing but whether it opens."""

from __future__ import annotations

from app.core.http import HttpRequest
from app.services.transports import Transports
from tests.services.fakes import FakeApi, FakeHttp
from tests.services.test_gateway import PlayingHttp
from tests.services.virtual_time import in_virtual_time

TALK = HttpRequest("GET", "wss://api.example/talk", body=b"{}")


@in_virtual_time
async def test_a_websockets_address_goes_to_the_sockets_and_all_else_to_http() -> None:
    http, socket = PlayingHttp(b"a"), PlayingHttp(b"b")
    transports = Transports(http, socket)
    for request in (TALK, HttpRequest.get("https://api.example/models")):
        async with transports.stream(request, 1, 2):
            pass
    assert [one.url for one in socket.requests] == ["wss://api.example/talk"]
    assert [one.url for one in http.requests] == ["https://api.example/models"]
    assert http.limits == socket.limits == [(1, 2)]


@in_virtual_time
async def test_a_socket_is_knocked_at_without_a_message_and_left_at_once() -> None:
    socket = PlayingHttp(1000.0, b"never")
    reply = await Transports(FakeHttp(FakeApi()), socket).send(TALK, 5)
    assert (reply.status, reply.body, socket.open) == (200, b"", 0)
    assert [one.body for one in socket.requests] == [None]


@in_virtual_time
async def test_what_only_http_can_tell_is_asked_there() -> None:
    http = FakeHttp(FakeApi())
    transports = Transports(http, PlayingHttp())
    http.something_answers = http.is_redirected = True
    assert await transports.answers("https://api.example")
    assert await transports.redirects("https://api.example")
