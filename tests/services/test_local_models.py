"""The models of the local API: what is shown is what the server has, also after something failed."""

from __future__ import annotations

import asyncio

import pytest

from app.core.connections import ModelRef
from app.core.problems import ApiError, BerthError, NetworkError
from app.core.settings import Settings
from tests.services.fakes import Fails, Slow, page, reply
from tests.services.virtual_time import in_virtual_time
from tests.services.world import World

ELSEWHERE = "http://127.0.0.1:5001/api/v1"
DENIED = reply({"error": "Failed to delete model: [Errno 13] Permission denied"}, 500)


def with_models(*names: str) -> World:
    world = World()
    world.api.models = dict.fromkeys(names, 1000)
    return world


@in_virtual_time
async def test_a_refresh_reads_list_and_cache() -> None:
    world = with_models("a.gguf", "b.gguf")
    world.api.cached = ["b.gguf"]
    await world.models.refresh()
    assert world.listed == ["a.gguf", "b.gguf"]
    assert world.local_api.cached == ("b.gguf",)


@in_virtual_time
async def test_the_only_model_is_chosen() -> None:
    world = with_models("a.gguf")
    await world.models.refresh()
    assert world.chosen == "a.gguf"


@in_virtual_time
async def test_of_several_models_none_is_chosen() -> None:
    world = with_models("a.gguf", "b.gguf")
    await world.models.refresh()
    assert world.chosen is None


@in_virtual_time
async def test_a_chosen_model_stays_chosen() -> None:
    world = with_models("a.gguf", "b.gguf")
    world.choose("b.gguf")
    await world.models.refresh()
    assert world.chosen == "b.gguf"


@in_virtual_time
async def test_a_chosen_model_that_vanished_is_no_longer_chosen() -> None:
    world = with_models("a.gguf", "b.gguf")
    world.choose("gone.gguf")
    await world.models.refresh()
    assert world.chosen is None


@in_virtual_time
async def test_a_chosen_model_of_another_connection_stays_chosen() -> None:
    world = with_models("a.gguf")
    other = ModelRef("openai", "gpt")
    world.store.cell("settings", Settings).update(lambda settings: settings.with_model(other))
    await world.models.refresh()
    assert world.settings.model == other


@in_virtual_time
async def test_a_list_that_cannot_be_read_leaves_the_last_one_and_says_why() -> None:
    world = with_models("a.gguf")
    await world.models.refresh()
    world.http.script("GET /models", reply({"error": "Failed to list models: disk"}, 500))
    with pytest.raises(ApiError) as caught:
        await world.models.refresh()
    assert world.listed == ["a.gguf"]
    assert world.local_api.models_problem == caught.value.problem
    assert world.chosen == "a.gguf"


@in_virtual_time
async def test_the_problem_of_a_list_goes_with_the_next_list() -> None:
    world = with_models("a.gguf")
    world.http.script("GET /models", page(500), world.api.answer)
    await world.models.refresh_quietly()
    assert world.local_api.models_problem is not None
    await world.models.refresh_quietly()
    assert world.local_api.models_problem is None


@in_virtual_time
async def test_a_cache_that_cannot_be_read_is_unknown_and_no_failure() -> None:
    world = with_models("a.gguf")
    world.http.script("GET /cache/status", page(404))
    await world.models.refresh()
    assert world.local_api.cached is None
    assert world.listed == ["a.gguf"]


@in_virtual_time
async def test_a_list_request_that_hangs_ends() -> None:
    world = with_models("a.gguf")
    world.http.script("GET /models", Slow(1e6, page(200)))
    with pytest.raises(NetworkError) as caught:
        await world.models.list()
    assert "did not answer in time" in caught.value.problem.what


@in_virtual_time
async def test_a_failed_request_has_the_health_looked_at_at_once() -> None:
    world = with_models("a.gguf")
    world.watch()
    await asyncio.sleep(0.1)
    world.http.go_down()
    await world.models.refresh_quietly()
    await asyncio.sleep(0.1)
    assert not world.local_api.is_connected


@in_virtual_time
async def test_a_list_from_an_address_that_was_left_meanwhile_is_dropped() -> None:
    world = with_models("a.gguf")
    world.http.script("GET http://127.0.0.1:5000/api/v1/models", Slow(1.0, world.api.answer))
    reading = world.tasks.start(world.models.refresh_quietly())
    await asyncio.sleep(0.5)
    world.preferences.set_base_url(ELSEWHERE)
    await reading
    assert world.local_api.models is None
    assert world.chosen is None


@in_virtual_time
async def test_a_failure_at_an_address_that_was_left_meanwhile_is_dropped() -> None:
    world = with_models("a.gguf")
    world.http.script("GET http://127.0.0.1:5000/api/v1/models", Slow(1.0, page(500)))
    reading = world.tasks.start(world.models.refresh_quietly())
    await asyncio.sleep(0.5)
    world.preferences.set_base_url(ELSEWHERE)
    await reading
    assert world.local_api.models_problem is None


@in_virtual_time
async def test_a_cache_at_an_address_that_was_left_meanwhile_is_dropped() -> None:
    world = with_models("a.gguf")
    world.api.cached = ["a.gguf"]
    world.http.script("GET http://127.0.0.1:5000/api/v1/cache/status", Slow(1.0, world.api.answer))
    reading = world.tasks.start(world.models.refresh_cache())
    await asyncio.sleep(0.5)
    world.preferences.set_base_url(ELSEWHERE)
    await reading
    assert world.local_api.cached is None


@in_virtual_time
async def test_a_sync_takes_the_list_it_gets_and_says_so() -> None:
    world = with_models("a.gguf", "b.gguf")
    await world.models.sync()
    assert world.listed == ["a.gguf", "b.gguf"]
    assert world.news == ["The list is in step with the server's folder: 2 models."]
    assert world.http.asked("POST /models/sync") == 1


@in_virtual_time
async def test_a_sync_is_busy_until_it_ended() -> None:
    world = with_models("a.gguf")
    world.http.script("POST /models/sync", Slow(1.0, world.api.answer))
    syncing = world.tasks.start(world.models.sync())
    await asyncio.sleep(0.5)
    assert world.local_api.busy == {"sync"}
    await syncing
    assert world.local_api.busy == set()


@in_virtual_time
async def test_a_sync_that_fails_says_so_and_is_busy_no_longer() -> None:
    world = with_models("a.gguf")
    world.http.script("POST /models/sync", reply({"error": "Failed to sync models"}, 500))
    with pytest.raises(ApiError):
        await world.models.sync()
    assert world.local_api.busy == set()
    assert world.news == []


@in_virtual_time
async def test_a_deleted_model_is_gone_from_the_list_and_the_choice() -> None:
    world = with_models("a.gguf")
    await world.models.refresh()
    await world.models.delete("a.gguf")
    assert world.listed == []
    assert world.chosen is None
    assert world.news == ["a.gguf was deleted."]


@in_virtual_time
async def test_a_delete_is_busy_until_the_list_is_read_again() -> None:
    world = with_models("a.gguf", "b.gguf")
    world.http.script("GET /models", Slow(1.0, world.api.answer))
    deleting = world.tasks.start(world.models.delete("a.gguf"))
    await asyncio.sleep(0.5)
    assert world.local_api.busy == {"delete a.gguf"}
    await deleting
    assert world.local_api.busy == set()


@in_virtual_time
async def test_after_a_failed_delete_the_list_shows_the_truth() -> None:
    world = with_models("a.gguf", "b.gguf")
    world.http.script("DELETE /models/a.gguf", DENIED)
    with pytest.raises(ApiError) as caught:
        await world.models.delete("a.gguf")
    assert "may not change this file" in caught.value.problem.what
    assert world.listed == ["a.gguf", "b.gguf"]
    assert world.local_api.busy == set()
    assert world.news == []


@in_virtual_time
async def test_a_delete_whose_answer_was_lost_shows_the_truth() -> None:
    world = with_models("a.gguf", "b.gguf")

    def lose(request: object) -> None:
        world.api.models.pop("a.gguf")

    world.http.script("DELETE /models/a.gguf", Slow(0.1, Fails("cut")))
    lose(None)
    with pytest.raises(NetworkError):
        await world.models.delete("a.gguf")
    assert world.listed == ["b.gguf"]


@in_virtual_time
async def test_a_delete_that_is_no_success_in_spite_of_its_status_is_a_failure() -> None:
    world = with_models("a.gguf")
    world.http.script("DELETE /models/a.gguf", page(200))
    with pytest.raises(ApiError):
        await world.models.delete("a.gguf")
    assert world.news == []


@in_virtual_time
async def test_a_cleared_cache_is_empty() -> None:
    world = with_models("a.gguf")
    world.api.cached = ["a.gguf"]
    await world.models.refresh()
    await world.models.clear_cache()
    assert world.local_api.cached == ()
    assert world.local_api.busy == set()
    assert world.news == ["The server's memory is free of models."]


@in_virtual_time
async def test_after_a_failed_clearing_the_cache_shows_the_truth() -> None:
    world = with_models("a.gguf")
    world.api.cached = ["a.gguf"]
    world.http.script("POST /cache/clear", reply({"error": "Failed to clear cache"}, 500))
    with pytest.raises(ApiError):
        await world.models.clear_cache()
    assert world.local_api.cached == ("a.gguf",)
    assert world.local_api.busy == set()


@pytest.mark.parametrize("action", ["sync", "delete", "clear_cache"])
def test_nothing_stays_busy_when_the_server_is_gone(action: str) -> None:
    @in_virtual_time
    async def check() -> None:
        world = with_models("a.gguf")
        world.http.go_down()
        arguments = ["a.gguf"] if action == "delete" else []
        with pytest.raises(BerthError):
            await getattr(world.models, action)(*arguments)
        assert world.local_api.busy == set()

    check()
