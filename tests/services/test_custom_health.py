"""How a custom connection is: without a list there is little to ask, and nothing is made of what that cannot tell."""

from __future__ import annotations

import json

import pytest

from app.core.connections import Connection
from app.core.local_api import Health
from app.providers.custom_dialect import OPTION, CustomDialect
from app.providers.registry import provider_for
from app.services.diagnosis import Diagnosis
from app.services.examiner import Examined, Examiner
from tests.services.fakes import Fails, FakeApi, FakeHttp, FakePage, page, reply
from tests.services.virtual_time import in_virtual_time

BASE = "https://api.example/base"
PLAIN = CustomDialect()
LISTED = CustomDialect(list_path="/list")
TALK = CustomDialect(stream="websocket", headers=(), path="/talk")


async def examined(http: FakeHttp, dialect: CustomDialect) -> Examined:
    options = {OPTION: json.loads(json.dumps(dialect.to_record()))}
    examiner = Examiner(http, Diagnosis(http, FakePage()), provider_for)
    return await examiner.examine(Connection("x", "custom", "Odd", BASE, "the-key", options))


@pytest.mark.parametrize("status", [200, 401, 403, 404, 405, 429])
def test_without_a_list_any_answer_will_do(status: int) -> None:
    @in_virtual_time
    async def run() -> None:
        http = FakeHttp(FakeApi())
        http.script(f"GET {BASE}", page(status))
        assert await examined(http, PLAIN) == Examined(Health.CONNECTED)
        assert [request.headers for request in http.requests] == [{}]

    run()


@in_virtual_time
async def test_with_a_list_a_refused_key_is_told() -> None:
    http = FakeHttp(FakeApi())
    http.script(f"GET {BASE}/list", reply({"error": "no"}, 401))
    assert (await examined(http, LISTED)).health is Health.KEY


@in_virtual_time
async def test_a_list_is_read() -> None:
    http = FakeHttp(FakeApi())
    http.script(f"GET {BASE}/list", reply({"data": [{"id": "a"}]}))
    models = (await examined(http, LISTED)).models
    assert models is not None
    assert [model.id for model in models] == ["a"]


@in_virtual_time
async def test_a_socket_that_opens_is_connected() -> None:
    http = FakeHttp(FakeApi())
    http.script("GET wss://api.example/base/talk", page(200))
    assert await examined(http, TALK) == Examined(Health.CONNECTED)


@pytest.mark.parametrize(
    ("is_there", "words"), [(True, "does not open a WebSocket"), (False, "is not reachable")]
)
def test_a_socket_that_does_not_open_is_told_from_a_server_that_is_down(is_there: bool, words: str) -> None:
    @in_virtual_time
    async def run() -> None:
        http = FakeHttp(FakeApi())
        http.go_down(Fails("rejected"))
        http.something_answers = is_there
        problem = (await examined(http, TALK)).problem
        assert problem is not None
        assert words in problem.what
        assert http.probed == [BASE]

    run()
