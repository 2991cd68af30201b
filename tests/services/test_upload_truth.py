"""Uploads that break: what is shown at the end is what the server has."""

from __future__ import annotations

import asyncio

from app.core.uploads import Phase
from tests.services.fakes import FakeFile, Raises, Slow, reply
from tests.services.uploading import phase, phases, sending, what
from tests.services.virtual_time import in_virtual_time, settled
from tests.services.world import World

ELSEWHERE = "http://127.0.0.1:5001/api/v1"
CONFLICT = reply({"error": "File already exists"}, 409)


@in_virtual_time
async def test_a_broken_upload_of_which_nothing_is_there_failed() -> None:
    world = await sending(size=2000)
    world.uploader.last.moves(1000)
    world.uploader.last.breaks(1000)
    await settled()
    assert phase(world) is Phase.FAILED
    assert "broke off after 1000 B of 2.0 KB" in what(world)
    assert world.upload.can_retry


@in_virtual_time
async def test_a_broken_upload_that_is_there_whole_was_stored() -> None:
    world = await sending()
    world.uploader.store()
    world.uploader.last.breaks(1195)
    await settled()
    assert phase(world) is Phase.DONE
    assert world.chosen == "a.gguf"


@in_virtual_time
async def test_a_broken_upload_that_is_there_in_part_is_called_that() -> None:
    world = await sending()
    world.uploader.store(size=400)
    world.uploader.last.breaks(1195)
    await settled()
    assert phase(world) is Phase.FAILED
    assert "not whole" in what(world)
    assert world.listed == ["a.gguf"]


@in_virtual_time
async def test_a_broken_upload_to_a_server_that_is_gone_says_so() -> None:
    world = await sending()
    world.http.go_down()
    world.uploader.last.breaks(400)
    await settled()
    assert phase(world) is Phase.FAILED
    assert "no longer answers" in what(world)


@in_virtual_time
async def test_sizes_in_words_are_compared_in_words() -> None:
    world = World()
    world.api.sizes_in_words = True
    await sending(size=3 * 2**30, world=world)
    world.uploader.last.is_sent()
    world.uploader.store()
    world.uploader.last.breaks(3 * 2**30)
    await settled()
    assert phase(world) is Phase.DONE


@in_virtual_time
async def test_sizes_in_words_do_not_make_a_file_whole_that_was_not_sent_whole() -> None:
    world = World()
    world.api.sizes_in_words = True
    await sending(size=3 * 2**30, world=world)
    world.uploader.last.moves(3 * 2**30 - 2**20)
    world.uploader.store(size=3 * 2**30 - 2**20)
    world.uploader.last.breaks(3 * 2**30 - 2**20)
    await settled()
    assert phase(world) is Phase.FAILED
    assert "not whole" in what(world)


@in_virtual_time
async def test_a_conflict_with_the_browsers_own_repeat_is_a_success() -> None:
    world = await sending()
    world.uploader.store()
    world.uploader.last.answers(CONFLICT)
    await settled()
    assert phase(world) is Phase.DONE


@in_virtual_time
async def test_a_conflict_with_a_part_that_the_browsers_first_try_left_is_called_that() -> None:
    world = await sending()
    world.uploader.store(size=400)
    world.uploader.last.answers(CONFLICT)
    await settled()
    assert phase(world) is Phase.FAILED
    assert "not whole" in what(world)


@in_virtual_time
async def test_a_conflict_with_something_that_is_not_listed_is_the_servers_word() -> None:
    world = await sending()
    world.uploader.last.answers(CONFLICT)
    await settled()
    assert phase(world) is Phase.FAILED
    assert "already has a model of this name" in what(world)


@in_virtual_time
async def test_an_error_of_the_server_is_explained() -> None:
    world = await sending()
    world.uploader.last.answers(reply({"error": "[Errno 28] No space left on device"}, 500))
    await settled()
    assert phase(world) is Phase.FAILED
    assert "disk is full" in what(world)


@in_virtual_time
async def test_an_upload_goes_on_to_the_address_where_it_began() -> None:
    world = await sending()
    world.http.script(f"GET {ELSEWHERE}/models", reply({"models": [{"name": "x.gguf"}, {"name": "y.gguf"}]}))
    world.preferences.set_base_url(ELSEWHERE)
    world.uploader.accept()
    await settled()
    assert phase(world) is Phase.DONE
    assert world.listed == ["x.gguf", "y.gguf"]
    assert world.chosen is None


@in_virtual_time
async def test_a_broken_upload_is_not_compared_with_the_list_of_another_address() -> None:
    world = await sending()
    world.preferences.set_base_url(ELSEWHERE)
    world.uploader.store()
    world.uploader.last.breaks(400)
    await settled()
    assert phase(world) is Phase.FAILED


@in_virtual_time
async def test_after_the_address_was_changed_duplicates_are_looked_for_at_the_new_one() -> None:
    world = World()
    world.watch()
    await settled()
    world.http.script("GET http://127.0.0.1:5000/api/v1/models", Slow(1.0, reply({"models": []})))
    world.drop("a.gguf")
    await asyncio.sleep(0.5)
    world.api.models["a.gguf"] = 7
    world.preferences.set_base_url(ELSEWHERE)
    await asyncio.sleep(10)
    assert phase(world) is Phase.REFUSED
    assert world.uploader.started == []


@in_virtual_time
async def test_a_defect_during_the_check_for_duplicates_ends_the_upload_and_is_reported_once() -> None:
    world = World()
    world.expects_defects = True
    world.http.script("GET /models", Raises(ZeroDivisionError("oops")), world.api.answer)
    world.drop("a.gguf", "b.gguf")
    await settled()
    assert phases(world) == [Phase.FAILED, Phase.SENDING]
    assert len(world.reported) == 1


@in_virtual_time
async def test_a_defect_during_the_check_of_a_file_ends_the_upload_and_is_reported() -> None:
    class Broken(FakeFile):
        async def head(self, count: int) -> bytes:
            raise ZeroDivisionError(f"no {count} bytes")

    world = World()
    world.expects_defects = True
    world.queue.add([Broken("a.gguf"), FakeFile("b.gguf")])
    await settled()
    assert phases(world) == [Phase.FAILED, Phase.SENDING]
    assert "ZeroDivisionError" in world.reported[0].details
