"""What is refused before a byte of it is sent, and why."""

from __future__ import annotations

import pytest

from app.core.uploads import Phase
from tests.services.fakes import FakeFile
from tests.services.uploading import phase, phases, sending, what
from tests.services.virtual_time import in_virtual_time, settled
from tests.services.world import World


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
