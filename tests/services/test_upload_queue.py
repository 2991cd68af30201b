"""The queue of uploads: order, waiting for the API, progress, and the good end."""

from __future__ import annotations

import asyncio

import pytest

from app.core.local_api import Health
from app.core.uploads import Phase
from tests.services.fakes import Fails, FakeFile, Slow, page, reply
from tests.services.uploading import phase, phases, sending, what
from tests.services.virtual_time import in_virtual_time, settled
from tests.services.world import World


@in_virtual_time
async def test_files_are_sent_one_at_a_time_and_in_their_order() -> None:
    world = await sending("a.gguf", "b.gguf", "c.gguf")
    assert phases(world) == [Phase.SENDING, Phase.WAITING, Phase.WAITING]
    for _ in range(3):
        world.uploader.accept()
        await settled()
    assert [one.request.name for one in world.uploader.started] == ["a.gguf", "b.gguf", "c.gguf"]
    assert phases(world) == [Phase.DONE] * 3


@in_virtual_time
async def test_a_file_that_fails_does_not_hold_up_the_next() -> None:
    world = await sending("a.gguf", "b.gguf")
    world.uploader.last.breaks(10)
    await settled()
    assert phases(world) == [Phase.FAILED, Phase.SENDING]


@in_virtual_time
async def test_a_file_that_takes_long_to_check_holds_up_none() -> None:
    world = World()
    world.queue.add([FakeFile("slow.gguf", head_takes=5), FakeFile("fast.gguf")])
    await asyncio.sleep(1)
    assert phases(world) == [Phase.CHECKING, Phase.SENDING]


@in_virtual_time
async def test_files_wait_for_an_api_that_is_away_and_go_on_when_it_is_back() -> None:
    world = World(health=Health.UNKNOWN)
    world.http.go_down()
    world.watch()
    world.drop("a.gguf")
    await asyncio.sleep(60)
    assert phase(world) is Phase.WAITING
    world.http.come_back()
    await asyncio.sleep(5)
    assert phase(world) is Phase.SENDING


@in_virtual_time
async def test_an_api_that_goes_away_unnoticed_fails_no_file_that_waits() -> None:
    world = World()
    world.watch()
    await settled()
    world.http.go_down()
    world.drop("a.gguf", "b.gguf", "c.gguf")
    await asyncio.sleep(30)
    assert phases(world) == [Phase.WAITING] * 3
    world.http.come_back()
    await asyncio.sleep(5)
    assert phases(world) == [Phase.SENDING, Phase.WAITING, Phase.WAITING]


@in_virtual_time
async def test_a_server_that_stops_during_an_upload_fails_that_one_alone() -> None:
    world = await sending("a.gguf", "b.gguf", "c.gguf")
    world.watch()
    await settled()
    world.http.go_down()
    world.uploader.last.breaks(500)
    await asyncio.sleep(30)
    assert phases(world) == [Phase.FAILED, Phase.WAITING, Phase.WAITING]
    assert "no longer answers" in str(world.uploads[0].problem)


@in_virtual_time
async def test_an_api_that_answers_but_cannot_list_fails_the_file() -> None:
    world = World()
    world.http.script("GET /models", reply({"error": "Failed to list models: disk"}, 500))
    world.drop("a.gguf")
    await settled()
    assert phase(world) is Phase.FAILED
    assert "could not list" in what(world)
    assert world.upload.can_retry


@in_virtual_time
async def test_an_api_that_is_up_but_hides_its_list_fails_the_file() -> None:
    world = World()
    world.http.script("GET /models", Fails("rejected"))
    world.drop("a.gguf")
    await settled()
    assert phase(world) is Phase.FAILED
    assert "is up" in what(world)


@in_virtual_time
async def test_progress_gives_rate_and_time_left() -> None:
    world = await sending(size=100 * 2**20)
    for second in range(1, 11):
        await asyncio.sleep(1)
        world.uploader.last.moves(second * 2**20)
    upload = world.upload
    assert upload.sent == 10 * 2**20
    assert upload.rate == pytest.approx(2**20, rel=0.01)
    assert upload.seconds_left == pytest.approx(90, rel=0.01)


@in_virtual_time
async def test_the_framing_is_not_counted() -> None:
    world = await sending(size=1000)
    world.uploader.last.moves(1195)
    assert world.upload.sent == 1000


@in_virtual_time
async def test_when_all_is_sent_the_server_is_storing() -> None:
    world = await sending()
    world.uploader.last.is_sent()
    assert phase(world) is Phase.STORING
    await asyncio.sleep(60)
    assert phase(world) is Phase.STORING
    assert not world.upload.stalled


@in_virtual_time
async def test_nothing_for_thirty_seconds_is_a_stall() -> None:
    world = await sending(size=10_000)
    world.uploader.last.moves(100)
    await asyncio.sleep(29)
    assert not world.upload.stalled
    await asyncio.sleep(2)
    assert world.upload.stalled


@in_virtual_time
async def test_a_stall_is_over_when_something_moves() -> None:
    world = await sending(size=10_000)
    await asyncio.sleep(40)
    world.uploader.last.moves(100)
    assert not world.upload.stalled
    assert phase(world) is Phase.SENDING


@in_virtual_time
async def test_a_stored_file_is_listed_chosen_and_told() -> None:
    world = await sending("My model.gguf")
    world.api.models["other.gguf"] = 7
    world.uploader.accept()
    await settled()
    assert phase(world) is Phase.DONE
    assert world.listed == ["other.gguf", "My_model.gguf"]
    assert world.chosen == "My_model.gguf"
    assert world.news == ["My_model.gguf has arrived in the local API."]


@in_virtual_time
async def test_a_server_that_does_not_name_the_stored_file_is_fine() -> None:
    world = await sending()
    world.uploader.store()
    world.uploader.last.answers(reply({"message": "File uploaded successfully"}))
    await settled()
    assert phase(world) is Phase.DONE
    assert world.chosen == "a.gguf"


@in_virtual_time
async def test_a_stored_file_stays_stored_when_the_list_cannot_be_read() -> None:
    world = await sending()
    world.http.script("GET /models", page(500))
    world.uploader.accept()
    await settled()
    assert phase(world) is Phase.DONE
    assert world.chosen == "a.gguf"


@in_virtual_time
async def test_a_stored_file_can_no_longer_be_cancelled() -> None:
    world = await sending()
    world.http.script("GET /models", Slow(5.0, world.api.answer))
    world.uploader.accept()
    await asyncio.sleep(1)
    world.queue.cancel(world.upload.id)
    await asyncio.sleep(10)
    assert phase(world) is Phase.DONE
    assert world.chosen == "a.gguf"
