"""The services against the real reference server, over real sockets, with the real llama.cpp behind it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.connections import LOCAL_API_ID, ModelRef
from app.core.deltas import TextDelta
from app.core.local_api import Health
from app.core.messages import PromptMessage, Role
from app.core.problems import ApiError, NetworkError
from app.core.uploads import Phase
from tests.servers.process import ServerProcess
from tests.services.live import LiveFile, LiveHttp, LiveUploader, in_real_time
from tests.services.world import World

MODEL = "tinker-1m-q8_0.gguf"
TINKER = Path(__file__).parents[2] / "static" / "models" / MODEL
ENDS = {Phase.DONE, Phase.FAILED, Phase.REFUSED}


class Site:
    """A reference server with its folder."""

    def __init__(self, folder: Path, variant: str) -> None:
        self.folder = folder
        options = ("--threads", "1", "--models", folder, "--variant", variant)
        self.server = ServerProcess("tests.servers.local_llm_api", *options)
        self.server.start()

    def prepare(self) -> None:
        """Nothing in the folder, no faults, and running."""
        if not self.server.running:
            self.server.start()
        self.server.set_faults({})
        for path in self.folder.iterdir():
            path.unlink()

    def world(self, base_url: str = "") -> World:
        """The services, pointed at this server."""
        return World(base_url=base_url or self.server.base_url, http=LiveHttp(), uploader=LiveUploader())

    async def uploaded(self) -> World:
        """What came of the upload of the model."""
        world = self.world()
        world.queue.add([LiveFile(TINKER)])
        await world.until(
            lambda: world.upload.phase in ENDS and (world.upload.phase is not Phase.DONE or has(world))
        )
        return world


def has(world: World) -> bool:
    """Whether the upload was taken into the list, which is the last that happens."""
    return world.chosen is not None


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Site]]:
    started: dict[str, Site] = {}

    def of(variant: str) -> Site:
        if variant not in started:
            folder = tmp_path_factory.mktemp(variant) / "models"
            started[variant] = Site(folder, variant)
        started[variant].prepare()
        return started[variant]

    yield of
    for site in started.values():
        site.server.stop()


@pytest.fixture
def site(sites: Callable[[str], Site]) -> Site:
    """The API as documented."""
    return sites("doc")


@pytest.fixture
def shipped(sites: Callable[[str], Site]) -> Site:
    """The widely used implementation as it is shipped, which hides its errors."""
    return sites("g1-shipped")


async def answer(world: World, model: str) -> str:
    """What a model answers."""
    question = [PromptMessage(Role.USER, "What is the capital of France?")]
    asked = world.gateway.answer(ModelRef(LOCAL_API_ID, model), question, {})
    return "".join([delta.text async for batch in asked for delta in batch if isinstance(delta, TextDelta)])


async def found(world: World) -> Health:
    return (await world.diagnosis.examine(world.provider, world.connection)).health


@in_real_time
async def test_a_running_server_is_connected(site: Site) -> None:
    assert await found(site.world()) is Health.CONNECTED


@in_real_time
async def test_a_stopped_server_is_unreachable(site: Site) -> None:
    site.server.stop()
    assert await found(site.world()) is Health.UNREACHABLE


@in_real_time
async def test_a_server_that_was_killed_and_restarted_is_noticed(site: Site) -> None:
    world = site.world()
    watching = world.watch()
    site.server.kill()
    await world.until(lambda: not world.local_api.is_connected)
    site.server.start()
    await world.until(lambda: world.local_api.is_connected and world.local_api.models is not None)
    watching.cancel()


@in_real_time
async def test_a_wrong_path_is_a_wrong_address(site: Site) -> None:
    assert await found(site.world(f"{site.server.root_url}/nosuch")) is Health.WRONG_ADDRESS


@in_real_time
async def test_a_server_without_cors_is_told_from_one_that_is_down(site: Site) -> None:
    with site.server.faulty(no_cors=True):
        assert await found(site.world()) is Health.CORS


@in_real_time
async def test_a_redirect_is_a_wrong_address(site: Site) -> None:
    with site.server.faulty(redirect="http://127.0.0.1:9/elsewhere"):
        assert await found(site.world()) is Health.WRONG_ADDRESS


@in_real_time
async def test_what_stands_in_the_folder_is_listed_after_a_sync(site: Site) -> None:
    world = site.world()
    shutil.copy(TINKER, site.folder)
    await world.models.sync()
    assert world.listed == [MODEL]
    assert world.chosen == MODEL


@in_real_time
async def test_an_upload_arrives_whole_and_is_chosen(site: Site) -> None:
    world = await site.uploaded()
    assert world.upload.phase is Phase.DONE
    assert (site.folder / MODEL).read_bytes() == TINKER.read_bytes()
    assert world.listed == [MODEL]
    assert world.chosen == MODEL


@in_real_time
async def test_an_upload_whose_answer_was_lost_is_found_stored(site: Site) -> None:
    with site.server.faulty(drop_answer=True):
        world = await site.uploaded()
    assert world.upload.phase is Phase.DONE
    assert world.listed == [MODEL]


@in_real_time
async def test_an_upload_that_was_cut_off_leaves_nothing(site: Site) -> None:
    with site.server.faulty(upload_stop=100_000):
        world = await site.uploaded()
    assert world.upload.phase is Phase.FAILED
    assert "broke off after" in str(world.upload.problem)
    assert world.listed == []


@in_real_time
async def test_an_upload_of_which_a_part_stayed_is_called_that(shipped: Site) -> None:
    with shipped.server.faulty(upload_stop=100_000, keep_partial=True):
        world = await shipped.uploaded()
    assert world.upload.phase is Phase.FAILED
    assert "not whole" in str(world.upload.problem)
    assert world.listed == [MODEL]


@in_real_time
async def test_a_full_disk_is_explained(site: Site) -> None:
    with site.server.faulty(disk_full=1000):
        world = await site.uploaded()
    assert world.upload.phase is Phase.FAILED
    assert "disk is full" in str(world.upload.problem)


@in_real_time
async def test_a_model_that_is_there_is_not_sent_again(site: Site) -> None:
    shutil.copy(TINKER, site.folder)
    await site.world().models.sync()
    site.server.forget_requests()
    world = await site.uploaded()
    assert world.upload.phase is Phase.REFUSED
    assert site.server.requests("/models", "POST") == []


@in_real_time
async def test_a_question_is_answered_and_its_model_cached_until_the_cache_is_cleared(site: Site) -> None:
    world = await site.uploaded()
    assert await answer(world, MODEL) == "The capital of France is Paris."
    await world.models.refresh_cache()
    assert list(world.local_api.cached or ()) == [MODEL]
    await world.models.clear_cache()
    assert list(world.local_api.cached or ()) == []


@in_real_time
async def test_a_deleted_model_is_gone_for_good(site: Site) -> None:
    world = await site.uploaded()
    await world.models.delete(MODEL)
    assert world.listed == []
    assert world.chosen is None
    assert list(site.folder.glob("*.gguf")) == []


@in_real_time
async def test_a_model_that_somebody_else_deleted_is_gone_from_the_list(site: Site) -> None:
    world = await site.uploaded()
    await site.world().models.delete(MODEL)
    with pytest.raises(ApiError):
        await world.models.delete(MODEL)
    assert world.listed == []


@in_real_time
async def test_an_error_that_the_server_hides_is_explained(shipped: Site) -> None:
    with pytest.raises(NetworkError) as caught:
        await answer(shipped.world(), "nope.gguf")
    problem = caught.value.problem
    assert "is up" in problem.what
    assert "unknown model" in problem.cause
    assert problem.snippet == "LOG_API_CALLS=false"
