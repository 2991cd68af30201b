"""The queue of uploads: checks before a byte is sent, order, waiting, cancelling, and the truth at the end."""

from __future__ import annotations

import asyncio

import pytest

from app.core.local_api import Health
from app.core.uploads import Phase
from tests.services.fakes import Fails, FakeFile, Raises, Slow, page, reply
from tests.services.virtual_time import in_virtual_time, settled
from tests.services.world import World

ELSEWHERE = "http://127.0.0.1:5001/api/v1"
CONFLICT = reply({"error": "File already exists"}, 409)


def phases(world: World) -> list[Phase]:
    return [upload.phase for upload in world.uploads]


def phase(world: World) -> Phase:
    """What the only upload is doing."""
    return world.upload.phase


def what(world: World) -> str:
    """Why the only upload did not work."""
    assert world.upload.problem is not None
    return str(world.upload.problem)


async def sending(*names: str, size: int = 1000, world: World | None = None) -> World:
    """A world in which the first of the files is being sent."""
    world = world or World()
    world.drop(*names or ("a.gguf",), size=size)
    await settled()
    assert world.uploads[0].phase is Phase.SENDING
    return world


# What is refused before a byte is sent.


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (FakeFile("notes.txt", head=b"hello, this is some text"), "GGUF"),
        (FakeFile("model.bin"), "GGUF"),
        (FakeFile("a.gguf", head=b"PK\x03\x04" + bytes(20)), "ZIP"),
        (FakeFile("a.gguf", size=7, head=b"GGUF\x03\x00\x00"), "7"),
        (FakeFile("a.gguf", head=b"GGUF\x01\x00\x00\x00" + bytes(16)), "version"),
    ],
    ids=["extension", "other extension", "magic", "size", "version"],
)
def test_a_file_that_is_no_model_is_refused_for_good(file: FakeFile, reason: str) -> None:
    @in_virtual_time
    async def check() -> None:
        world = World()
        world.queue.add([file])
        await settled()
        assert phase(world) is Phase.REFUSED
        assert reason in what(world)
        assert not world.upload.can_retry
        assert world.uploader.started == []
        assert world.http.requests == []

    check()


@in_virtual_time
async def test_only_the_first_24_bytes_are_read() -> None:
    world = World()
    (file,) = world.drop("a.gguf")
    await settled()
    assert file.bytes_read == 24


@in_virtual_time
async def test_a_file_over_the_limit_is_refused_with_both_sizes() -> None:
    world = World()
    world.limit_uploads(2**20)
    world.drop("a.gguf", size=2**20)
    await settled()
    assert phase(world) is Phase.REFUSED
    assert "1.0 MB" in what(world)
    assert world.uploader.started == []


@in_virtual_time
async def test_a_refused_file_is_sent_when_the_limit_was_raised() -> None:
    world = World()
    world.limit_uploads(100)
    world.drop("a.gguf")
    await settled()
    world.limit_uploads(2**20)
    world.queue.retry(world.upload.id)
    await settled()
    assert phase(world) is Phase.SENDING


@in_virtual_time
async def test_a_name_that_the_server_has_is_refused() -> None:
    world = World()
    world.api.models["My_model.gguf"] = 7
    world.drop("My model.GGUF")
    await settled()
    assert phase(world) is Phase.REFUSED
    assert "already has" in what(world)
    assert world.uploader.started == []


@in_virtual_time
async def test_the_list_is_read_afresh_for_each_file() -> None:
    world = await sending("a.gguf", "b.gguf")
    world.api.models["b.gguf"] = 7
    world.uploader.accept()
    await settled()
    assert phases(world) == [Phase.DONE, Phase.REFUSED]


@in_virtual_time
async def test_a_name_that_was_deleted_meanwhile_can_be_retried() -> None:
    world = World()
    world.api.models["a.gguf"] = 7
    world.drop("a.gguf")
    await settled()
    world.api.models.clear()
    world.queue.retry(world.upload.id)
    await settled()
    assert phase(world) is Phase.SENDING


@in_virtual_time
async def test_of_two_files_with_one_name_the_first_is_sent_and_the_second_refused() -> None:
    world = await sending("a.gguf", "a.gguf")
    assert phases(world) == [Phase.SENDING, Phase.REFUSED]
    assert "just getting" in str(world.uploads[1].problem)


@in_virtual_time
async def test_names_that_differ_only_on_disk_are_one_name() -> None:
    world = await sending("my model.gguf", "my_model.gguf")
    assert phases(world) == [Phase.SENDING, Phase.REFUSED]


@in_virtual_time
async def test_a_second_file_of_a_name_can_be_sent_when_the_first_was_cancelled() -> None:
    world = await sending("a.gguf", "a.gguf")
    first, second = world.uploads
    world.queue.cancel(first.id)
    world.queue.retry(second.id)
    await settled()
    assert phases(world) == [Phase.CANCELLED, Phase.SENDING]


@in_virtual_time
async def test_a_file_is_sent_under_the_name_that_it_will_be_listed_by() -> None:
    world = await sending("my model (1).GGUF")
    request = world.uploader.last.request
    assert request.name == world.upload.name == "my_model_1.gguf"
    assert request.url.endswith("/api/v1/models")


# Order.


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


# Waiting for the API.


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


# Progress.


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


# The good end.


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


# Cancelling.


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


# Trying again, and forgetting.


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


# Broken uploads: the truth is what the server lists.


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


# Other things that go on at the same time.


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
