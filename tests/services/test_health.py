"""The health watch: the state on the page is true to the server within five seconds."""

from __future__ import annotations

import asyncio

from app.core.local_api import Health, LocalApi
from tests.services.fakes import HANGS, Fails, Slow, page
from tests.services.virtual_time import in_virtual_time, settled
from tests.services.world import World

ELSEWHERE = "http://127.0.0.1:5001/api/v1"


def watched(health: Health = Health.UNKNOWN) -> World:
    world = World(health=health)
    world.watch()
    return world


@in_virtual_time
async def test_the_first_look_is_at_once() -> None:
    world = watched()
    await settled()
    assert world.local_api.is_connected


@in_virtual_time
async def test_a_server_that_stops_is_noticed_within_five_seconds() -> None:
    world = watched()
    await settled()
    world.http.go_down()
    await asyncio.sleep(5)
    assert world.local_api.health is Health.UNREACHABLE


@in_virtual_time
async def test_a_server_that_hangs_is_noticed_within_five_seconds() -> None:
    world = watched()
    await settled()
    world.http.go_down(HANGS)
    await asyncio.sleep(5)
    assert world.local_api.health is Health.UNREACHABLE


@in_virtual_time
async def test_a_server_that_stops_is_noticed_within_five_seconds_where_refusing_takes_two() -> None:
    world = watched()
    await settled()
    world.http.go_down(Slow(2.0, Fails("rejected")))
    world.http.probes_take = 2.0
    await asyncio.sleep(5)
    assert world.local_api.health is Health.UNREACHABLE


@in_virtual_time
async def test_a_server_that_comes_back_is_noticed_within_five_seconds() -> None:
    world = World(health=Health.UNKNOWN)
    world.http.go_down(HANGS)
    world.watch()
    await asyncio.sleep(60)
    world.http.come_back()
    await asyncio.sleep(5)
    assert world.local_api.is_connected
    assert world.local_api.problem is None


@in_virtual_time
async def test_nothing_is_asked_while_the_tab_is_hidden() -> None:
    world = watched()
    await settled()
    world.page.hide()
    asked = len(world.http.requests)
    await asyncio.sleep(600)
    assert len(world.http.requests) == asked


@in_virtual_time
async def test_a_tab_that_is_shown_again_asks_at_once() -> None:
    world = watched()
    world.page.hide()
    await asyncio.sleep(601)
    world.http.go_down()
    world.page.show()
    await settled()
    assert world.local_api.health is Health.UNREACHABLE


@in_virtual_time
async def test_look_now_asks_at_once() -> None:
    world = watched()
    await settled()
    world.http.go_down()
    world.health.look_now()
    await settled()
    assert world.local_api.health is Health.UNREACHABLE


@in_virtual_time
async def test_look_now_during_a_look_looks_once_more() -> None:
    world = watched()
    world.http.script("GET /health", Slow(1.0, world.api.answer))
    world.health.look_now()
    await asyncio.sleep(0.5)
    world.http.script("GET /health", Fails("rejected"))
    world.health.look_now()
    await asyncio.sleep(0.6)
    assert world.local_api.health is Health.UNREACHABLE


@in_virtual_time
async def test_a_finding_about_an_address_that_was_changed_meanwhile_is_dropped() -> None:
    world = World(health=Health.UNKNOWN)
    world.http.script("GET http://127.0.0.1:5000/api/v1/health", Slow(1.0, world.api.answer))
    world.http.script(f"GET {ELSEWHERE}/health", Slow(1.0, page(200)))
    world.watch()
    await asyncio.sleep(0.5)
    world.preferences.set_base_url(ELSEWHERE)
    await asyncio.sleep(0.6)
    assert not world.local_api.is_connected
    await asyncio.sleep(1)
    assert world.local_api.health is Health.WRONG_ADDRESS


@in_virtual_time
async def test_each_transition_to_connected_is_told_once() -> None:
    world = watched()
    await asyncio.sleep(20)
    assert world.times_connected == 1
    world.http.go_down()
    await asyncio.sleep(20)
    world.http.come_back()
    await asyncio.sleep(20)
    assert world.times_connected == 2


@in_virtual_time
async def test_another_address_that_answers_is_told_too() -> None:
    world = watched()
    await settled()
    world.preferences.set_base_url(ELSEWHERE)
    await asyncio.sleep(5)
    assert world.times_connected == 2


@in_virtual_time
async def test_a_state_that_stays_tells_nobody() -> None:
    world = watched()
    await asyncio.sleep(1)
    seen: list[LocalApi] = []
    world.store.subscribe(lambda state: state.local_api, seen.append)
    await asyncio.sleep(60)
    assert len(seen) == 1


@in_virtual_time
async def test_the_models_are_read_when_the_api_is_back() -> None:
    world = World(health=Health.UNKNOWN)
    world.http.go_down()
    world.watch()
    await asyncio.sleep(10)
    world.api.models["a.gguf"] = 1
    world.http.come_back()
    await asyncio.sleep(5)
    assert world.listed == ["a.gguf"]
