"""Uploads that the user cancels, tries again and forgets, at whatever moment."""

from __future__ import annotations

import asyncio

from app.core.local_api import Health
from app.core.uploads import Phase
from tests.services.fakes import FakeFile, Slow
from tests.services.uploading import phase, phases, sending, what
from tests.services.virtual_time import in_virtual_time, settled
from tests.services.world import World


@in_virtual_time
async def test_cancel_while_checking() -> None:
    world = World()
    world.queue.add([FakeFile("a.gguf", head_takes=5)])
    await asyncio.sleep(1)
    world.queue.cancel(world.upload.id)
    await asyncio.sleep(10)
    assert phase(world) is Phase.CANCELLED
    assert world.uploader.started == []


@in_virtual_time
async def test_cancel_while_checking_a_file_that_turns_out_to_be_none() -> None:
    world = World()
    world.queue.add([FakeFile("a.gguf", head=bytes(24), head_takes=5)])
    await asyncio.sleep(1)
    world.queue.cancel(world.upload.id)
    await asyncio.sleep(10)
    assert phase(world) is Phase.CANCELLED
    assert world.upload.problem is None


@in_virtual_time
async def test_cancel_while_waiting() -> None:
    world = await sending("a.gguf", "b.gguf", "c.gguf")
    world.queue.cancel(world.uploads[1].id)
    world.uploader.accept()
    await settled()
    assert phases(world) == [Phase.DONE, Phase.CANCELLED, Phase.SENDING]


@in_virtual_time
async def test_cancel_while_sending_ends_the_transfer_at_once_and_goes_on() -> None:
    world = await sending("a.gguf", "b.gguf")
    world.uploader.last.moves(500)
    world.queue.cancel(world.uploads[0].id)
    await settled()
    assert world.uploader.started[0].was_cancelled
    assert phases(world) == [Phase.CANCELLED, Phase.SENDING]


@in_virtual_time
async def test_cancel_while_storing_shows_what_the_server_has_all_the_same() -> None:
    world = await sending()
    world.uploader.last.is_sent()
    world.uploader.store()
    world.queue.cancel(world.upload.id)
    await settled()
    assert phase(world) is Phase.CANCELLED
    assert world.listed == ["a.gguf"]


@in_virtual_time
async def test_cancel_during_the_check_for_duplicates() -> None:
    world = World()
    world.http.script("GET /models", Slow(5.0, world.api.answer), world.api.answer)
    world.drop("a.gguf", "b.gguf")
    await asyncio.sleep(1)
    world.queue.cancel(world.uploads[0].id)
    await settled()
    assert phases(world) == [Phase.CANCELLED, Phase.SENDING]
    assert [one.request.name for one in world.uploader.started] == ["b.gguf"]


@in_virtual_time
async def test_cancel_in_the_moment_in_which_sending_begins() -> None:
    world = World(health=Health.UNKNOWN)
    world.drop("a.gguf", "b.gguf")
    await settled()
    await world.health.look()
    world.queue.cancel(world.uploads[0].id)
    await settled()
    assert phases(world) == [Phase.CANCELLED, Phase.SENDING]


@in_virtual_time
async def test_cancel_twice_is_fine() -> None:
    world = await sending("a.gguf", "b.gguf")
    world.queue.cancel(world.uploads[0].id)
    world.queue.cancel(world.uploads[0].id)
    await settled()
    world.queue.cancel(world.uploads[0].id)
    await settled()
    assert phases(world) == [Phase.CANCELLED, Phase.SENDING]


@in_virtual_time
async def test_cancel_on_a_server_that_hangs_does_not_hold_up_what_follows() -> None:
    world = await sending("a.gguf")
    world.http.script("GET /models", Slow(25.0, world.api.answer), world.api.answer)
    world.queue.cancel(world.upload.id)
    await settled()
    assert world.http.asked("GET /models") == 2
    world.queue.retry(world.upload.id)
    await asyncio.sleep(1)
    assert phase(world) is Phase.SENDING


@in_virtual_time
async def test_cancel_of_what_has_ended_changes_nothing() -> None:
    world = World()
    world.drop("a.txt")
    await settled()
    world.queue.cancel(world.upload.id)
    world.queue.cancel("no such upload")
    assert phase(world) is Phase.REFUSED


@in_virtual_time
async def test_a_cancelled_file_can_be_sent_again() -> None:
    world = await sending()
    world.uploader.last.moves(500)
    world.queue.cancel(world.upload.id)
    await settled()
    world.queue.retry(world.upload.id)
    await settled()
    assert phase(world) is Phase.SENDING
    assert world.upload.sent == 0
    world.uploader.accept()
    await settled()
    assert phase(world) is Phase.DONE


@in_virtual_time
async def test_a_retried_file_can_be_cancelled_again() -> None:
    world = await sending()
    world.queue.cancel(world.upload.id)
    await settled()
    world.queue.retry(world.upload.id)
    world.queue.cancel(world.upload.id)
    await settled()
    assert phase(world) is Phase.CANCELLED
    assert len(world.uploader.started) == 1


@in_virtual_time
async def test_retry_of_a_file_that_vanished_says_so_and_works_when_it_is_back() -> None:
    world = World()
    (file,) = world.drop("a.gguf")
    await settled()
    world.uploader.last.breaks(10)
    await settled()
    file.is_gone = True
    world.queue.retry(world.upload.id)
    await settled()
    assert phase(world) is Phase.REFUSED
    assert "a.gguf" in what(world)
    file.is_gone = False
    world.queue.retry(world.upload.id)
    await settled()
    assert phase(world) is Phase.SENDING


@in_virtual_time
async def test_an_old_check_does_not_disturb_a_new_try() -> None:
    world = World()
    world.queue.add([FakeFile("a.gguf", head_takes=5)])
    await asyncio.sleep(1)
    world.queue.cancel(world.upload.id)
    world.queue.retry(world.upload.id)
    await asyncio.sleep(10)
    assert phase(world) is Phase.SENDING
    assert len(world.uploader.started) == 1


@in_virtual_time
async def test_a_file_that_is_on_its_way_cannot_be_retried() -> None:
    world = await sending()
    world.queue.retry(world.upload.id)
    await settled()
    assert len(world.uploader.started) == 1
    assert phase(world) is Phase.SENDING


@in_virtual_time
async def test_clear_forgets_what_has_ended_and_nothing_else() -> None:
    world = World()
    world.drop("a.txt", "b.gguf", "c.gguf")
    await settled()
    world.queue.clear()
    assert [upload.name for upload in world.uploads] == ["b.gguf", "c.gguf"]
    world.uploader.accept()
    await settled()
    assert phases(world) == [Phase.DONE, Phase.SENDING]


@in_virtual_time
async def test_a_forgotten_file_cannot_be_retried() -> None:
    world = await sending()
    forgotten = world.upload.id
    world.queue.cancel(forgotten)
    await settled()
    world.queue.clear()
    world.queue.retry(forgotten)
    await settled()
    assert world.uploads == ()
