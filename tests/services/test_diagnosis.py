"""Diagnosis: every way in which a request can fail is told apart and explained."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from app.core.connections import Connection
from app.core.http import HttpFailure, HttpReply
from app.core.local_api import Health
from app.core.problems import Problem
from app.core.uploads import Upload
from app.providers.openai import OpenAi
from app.services.diagnosis import Finding
from tests.services.fakes import HANGS, ORIGIN, Fails, Slow, page, reply
from tests.services.virtual_time import in_virtual_time
from tests.services.world import World

LAN = "http://192.168.1.7:5000/api/v1"


async def found(world: World) -> Finding:
    return await world.diagnosis.examine(world.provider, world.connection)


def assert_complete(problem: Problem | None) -> Problem:
    assert problem is not None
    assert problem.what
    assert problem.cause
    assert problem.fix
    assert "{" not in str(problem)
    assert "Failed to fetch" not in str(problem)
    return problem


def down(base_url: str = "http://127.0.0.1:5000/api/v1") -> World:
    """A world in which nothing answers."""
    world = World(base_url=base_url, health=Health.UNKNOWN)
    world.http.go_down()
    return world


@in_virtual_time
async def test_an_api_that_answers_is_connected() -> None:
    assert await found(World()) == Finding(Health.CONNECTED)


@in_virtual_time
async def test_an_api_that_is_down_is_unreachable() -> None:
    finding = await found(down())
    assert finding.health is Health.UNREACHABLE
    assert "127.0.0.1:5000" in assert_complete(finding.problem).what


@in_virtual_time
async def test_an_api_that_takes_the_connection_and_says_nothing_is_silent() -> None:
    world = World()
    world.http.go_down(HANGS)
    finding = await found(world)
    assert finding.health is Health.UNREACHABLE
    assert "does not answer" in assert_complete(finding.problem).what


@in_virtual_time
async def test_a_device_without_a_network_is_offline() -> None:
    world = down(LAN)
    world.page.has_network = False
    finding = await found(world)
    assert finding.health is Health.UNREACHABLE
    assert "offline" in assert_complete(finding.problem).what


@in_virtual_time
async def test_an_api_on_this_device_needs_no_network() -> None:
    world = down()
    world.page.has_network = False
    finding = await found(world)
    assert finding.problem is not None
    assert "offline" not in finding.problem.what


@in_virtual_time
async def test_plain_http_from_an_https_page_is_mixed_content() -> None:
    world = down(LAN)
    world.page.origin = "https://berth.example"
    finding = await found(world)
    assert finding.health is Health.DENIED
    assert "https" in assert_complete(finding.problem).cause


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_device_is_no_mixed_content(host: str) -> None:
    @in_virtual_time
    async def check() -> None:
        world = down(f"http://{host}:5000/api/v1")
        world.page.origin = "https://berth.example"
        assert (await found(world)).health is Health.UNREACHABLE

    check()


@in_virtual_time
async def test_a_server_without_cors_is_told_from_one_that_is_down() -> None:
    world = down()
    world.http.something_answers = True
    finding = await found(world)
    assert finding.health is Health.CORS
    problem = assert_complete(finding.problem)
    assert ORIGIN in problem.cause
    assert ORIGIN in problem.snippet


@in_virtual_time
async def test_a_redirect_is_a_wrong_address() -> None:
    world = down()
    world.http.is_redirected = True
    world.http.something_answers = True
    finding = await found(world)
    assert finding.health is Health.WRONG_ADDRESS
    assert "another address" in assert_complete(finding.problem).what


@in_virtual_time
async def test_the_address_asked_about_is_the_one_that_failed() -> None:
    world = down()
    await found(world)
    assert set(world.http.probed) == {"http://127.0.0.1:5000/api/v1/health"}


@in_virtual_time
async def test_a_denied_permission_is_named() -> None:
    world = down()
    world.page.permission = "denied"
    finding = await found(world)
    assert finding.health is Health.DENIED
    assert "permission" in assert_complete(finding.problem).cause


@pytest.mark.parametrize(
    "answer",
    [page(200), page(404), reply({"ok": True}), reply([]), reply({"error": "no"}, 500), HttpReply(200)],
    ids=["a page", "a page that is not found", "other JSON", "a list", "an error", "nothing"],
)
def test_another_program_at_the_address_is_a_wrong_address(answer: HttpReply) -> None:
    @in_virtual_time
    async def check() -> None:
        world = World()
        world.http.script("GET /health", answer)
        finding = await found(world)
        assert finding.health is Health.WRONG_ADDRESS
        assert str(answer.status) in assert_complete(finding.problem).cause

    check()


@in_virtual_time
async def test_a_look_takes_less_than_three_seconds_at_its_slowest() -> None:
    """Some systems take two seconds to refuse a connection, for each of the questions."""
    world = World()
    world.http.go_down(Slow(2.0, Fails("rejected")))
    world.http.probes_take = 2.0
    finding = await found(world)
    assert finding.health is Health.UNREACHABLE
    assert_complete(finding.problem)
    assert world.clock.monotonic() <= 3.0


async def explained(world: World, kind: Literal["rejected", "timeout", "cut"]) -> Problem:
    failure = HttpFailure(kind, "POST /api/v1/generate")
    return assert_complete(await world.diagnosis.explain(world.provider, world.connection, failure))


@in_virtual_time
async def test_an_answer_that_broke_off_is_explained() -> None:
    assert "broke off" in (await explained(World(), "cut")).what


@in_virtual_time
async def test_an_answer_that_did_not_come_in_time_is_explained() -> None:
    problem = await explained(World(), "timeout")
    assert "in time" in problem.what
    assert "POST /api/v1/generate" in problem.cause


@in_virtual_time
async def test_a_request_to_a_server_that_is_down_is_explained_by_that() -> None:
    assert "not reachable" in (await explained(down(), "rejected")).what


@in_virtual_time
async def test_a_request_that_a_healthy_server_gave_no_readable_answer_to_is_explained() -> None:
    problem = await explained(World(), "rejected")
    assert "is up" in problem.what
    assert "reachable" not in problem.what


async def upload_explained(world: World, moved: int) -> Problem:
    failure = HttpFailure("cut" if moved else "rejected", "POST /api/v1/models", moved)
    upload = Upload("1", "My model.gguf", "My_model.gguf", 10 * 2**20)
    problem = await world.diagnosis.explain_upload(world.provider, world.connection, failure, upload)
    return assert_complete(problem)


@in_virtual_time
async def test_an_upload_to_a_server_that_is_down_is_explained_by_that() -> None:
    assert "not reachable" in (await upload_explained(down(), 0)).what


@in_virtual_time
async def test_an_upload_during_which_the_server_stopped_says_how_far_it_came() -> None:
    problem = await upload_explained(down(), 2**20)
    assert "1.0 MB of 10.0 MB" in problem.what
    assert "no longer answers" in problem.cause


@in_virtual_time
async def test_an_upload_that_a_healthy_server_did_not_begin_names_its_limits() -> None:
    problem = await upload_explained(World(), 0)
    assert "before it began" in problem.what
    assert "limit" in problem.cause


@in_virtual_time
async def test_an_upload_that_a_healthy_server_dropped_says_how_far_it_came() -> None:
    problem = await upload_explained(World(), 2**20)
    assert "1.0 MB of 10.0 MB" in problem.what
    assert "dropped the connection" in problem.cause


@in_virtual_time
async def test_the_address_is_the_one_of_the_connection_given() -> None:
    world = World()
    elsewhere = replace(world.connection, base_url="http://127.0.0.1:9/api/v1")
    await world.diagnosis.examine(world.provider, elsewhere)
    assert world.http.requests[-1].url == "http://127.0.0.1:9/api/v1/health"


@in_virtual_time
async def test_what_is_missing_on_this_device_comes_with_the_command_that_starts_it() -> None:
    world = down()
    assert assert_complete((await found(world)).problem).snippet == world.provider.start_command


@in_virtual_time
async def test_what_is_missing_elsewhere_comes_without_a_command() -> None:
    assert assert_complete((await found(down(LAN))).problem).snippet == ""


KEYED = Connection("hosted", "openai", "Hosted", "https://api.example.org/v1", "sk-0123456789")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply({"error": "a key is needed"}, 401), "all that is needed"),
        (reply({"data": []}), "all that is needed"),
        (page(404), "is not the Hosted"),
        (page(405), "is not the Hosted"),
    ],
)
def test_a_preflight_that_fails_is_told_from_a_path_that_is_not_there(answer: HttpReply, said: str) -> None:
    @in_virtual_time
    async def check() -> None:
        world = World()
        world.http.something_answers = True
        world.http.script(
            f"GET {KEYED.base_url}/models", lambda request: _refused() if request.headers else answer
        )
        finding = await world.diagnosis.examine(OpenAi(), KEYED)
        assert said in assert_complete(finding.problem).what

    check()


def _refused() -> HttpReply:
    raise HttpFailure("rejected", "GET /v1/models")
