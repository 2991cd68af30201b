"""Models in the tab, without a browser: what is loaded when, what failures become, and what is kept."""

from __future__ import annotations

import asyncio
import json

import pytest

from app.core.connections import LOCAL_API_ID, Connection
from app.core.conversations import Conversation
from app.core.engine_settings import EngineSettings
from app.core.http import HttpRequest
from app.core.local_api import LocalApi
from app.core.problems import EngineError, InvalidFile, InvalidInput, Problem
from app.core.settings import Settings
from app.core.state import State
from app.core.store import Store
from app.core.tab_models import DEMO_ID, TAB_URL, Move, Source, Stage
from app.services.engine import EngineRoom
from app.services.engine_http import EngineHttp
from app.services.ports import EngineFailure, StoreFailure
from app.services.tasks import Tasks
from tests.services.fakes import BASE_URL, FakeApi, FakeClock, FakeHttp
from tests.services.fakes_engine import FakeEngine, FakeModelStore, FakeStorageStatus, model_file
from tests.services.fakes_tabs import FakeTabs
from tests.services.virtual_time import in_virtual_time, settled


class Room:
    """The engine's services in a world of fakes."""

    def __init__(self, room: int = 10**9) -> None:
        self.engine = FakeEngine()
        self.models = FakeModelStore()
        self.told: list[str] = []
        self.warned: list[Problem] = []
        local = Connection(LOCAL_API_ID, "local-llm-api", "Local API", BASE_URL)
        state = State(Conversation("talk", 0.0), LocalApi(local), Settings())
        self.store: Store[State] = Store(state, lambda run: run())
        self.tasks = Tasks(self.warned.append)
        self.room = EngineRoom(
            self.store,
            self.engine,
            self.models,
            FakeStorageStatus(room),
            FakeClock(),
            FakeTabs(),
            self.tasks,
            self.told.append,
            self.warned.append,
        )
        self.http = EngineHttp(FakeHttp(FakeApi()), self.room.loader)

    async def ask(self, model: str, path: str = "/chat/completions") -> None:
        """Send a request to a model of the tab."""
        await self.http.send(HttpRequest.post_json(f"{TAB_URL}{path}", {"model": model}))

    @property
    def loads(self) -> list[str]:
        """The models loaded so far."""
        return [name for name, _ in self.engine.loads]


@in_virtual_time
async def test_a_model_is_loaded_once_for_many_requests_and_anew_for_another_purpose() -> None:
    world = Room()
    await world.ask(DEMO_ID)
    await world.ask(DEMO_ID)
    assert world.loads == [DEMO_ID]
    await world.ask(DEMO_ID, "/embeddings")
    assert [options.purpose for _, options in world.engine.loads] == ["chat", "embed"]
    assert world.engine.asked == ["/chat/completions", "/chat/completions", "/embeddings"]


@in_virtual_time
async def test_another_context_counts_from_the_next_request() -> None:
    world = Room()
    await world.ask(DEMO_ID)
    settings = world.store.cell("settings", Settings)
    settings.update(lambda old: old.with_engine(EngineSettings(context=300, threads=3)))
    await world.ask(DEMO_ID)
    assert [(options.context, options.threads) for _, options in world.engine.loads] == [(512, 1), (300, 3)]


@in_virtual_time
async def test_a_load_that_hangs_is_given_up() -> None:
    world = Room()
    world.engine.takes = None
    with pytest.raises(EngineError, match="nothing moved for 90 s"):
        await world.ask(DEMO_ID)
    assert world.store.state.tab_models.engine.stage is Stage.FAILED


@in_virtual_time
async def test_a_crash_is_explained_and_the_next_request_loads_anew() -> None:
    world = Room()
    world.engine.failure = EngineFailure("crash", "(ABORT) out of memory")
    with pytest.raises(EngineError, match="The engine broke down"):
        await world.ask(DEMO_ID)
    await world.ask(DEMO_ID)
    assert world.loads == [DEMO_ID, DEMO_ID]


@in_virtual_time
async def test_memory_that_does_not_suffice_is_explained() -> None:
    world = Room()
    world.engine.load_failure = EngineFailure("memory", "failed to create context")
    with pytest.raises(EngineError, match="There is not enough memory"):
        await world.ask(DEMO_ID)
    engine = world.store.state.tab_models.engine
    assert (engine.stage, engine.loaded) == (Stage.FAILED, None)


@in_virtual_time
async def test_a_prompt_that_is_too_long_names_both_lengths_and_keeps_the_model() -> None:
    world = Room()
    text = "request (1612 tokens) exceeds the available context size (512 tokens)"
    world.engine.failure = EngineFailure("overflow", text)
    with pytest.raises(EngineError, match=r"It has 1612 tokens, .* context of 512"):
        await world.ask(DEMO_ID)
    await world.ask(DEMO_ID)
    assert world.loads == [DEMO_ID]


@in_virtual_time
async def test_stopping_while_a_model_loads_frees_the_engine() -> None:
    world = Room()
    world.engine.takes = 1000
    work = asyncio.ensure_future(world.ask(DEMO_ID))
    await asyncio.sleep(1)
    assert world.store.state.tab_models.engine.progress == 0.5
    work.cancel()
    await settled()
    assert world.store.state.tab_models.engine.stage is Stage.IDLE
    world.engine.takes = 0
    await world.ask(DEMO_ID)


@in_virtual_time
async def test_requests_for_others_go_to_the_network() -> None:
    world = Room()
    answer = await world.http.send(HttpRequest.get(f"{BASE_URL}/health"))
    assert json.loads(answer.body)["status"] == "healthy"
    assert world.loads == []


@in_virtual_time
async def test_shards_are_gathered_until_none_is_missing() -> None:
    world = Room()
    with pytest.raises(InvalidFile, match=r"not here: big-00001-of-00003.gguf, big-00003-of-00003.gguf"):
        await world.room.run([model_file("big-00002-of-00003.gguf")])
    assert world.store.state.tab_models.runnable == ()
    await world.room.run([model_file("big-00003-of-00003.gguf"), model_file("big-00001-of-00003.gguf")])
    (model,) = world.store.state.tab_models.models
    assert (model.id, model.shards, model.problem) == ("big.gguf", 3, None)
    assert world.store.state.settings.model == model.ref


@in_virtual_time
async def test_a_file_that_is_gone_after_a_reload_says_so() -> None:
    with pytest.raises(EngineError, match=r"mine.gguf is not in this tab any more"):
        await Room().ask("mine.gguf")


@in_virtual_time
async def test_a_kept_model_stands_in_place_of_its_file() -> None:
    world = Room()
    await world.room.keep([model_file("mine.gguf")])
    await settled()
    (model,) = world.store.state.tab_models.models
    assert model.source is Source.KEPT
    assert world.told == ["mine.gguf is kept in this browser."]
    assert world.store.state.tab_models.keeping == ()


@in_virtual_time
async def test_nothing_is_copied_when_there_is_no_room() -> None:
    world = Room(room=10)
    await world.room.keep([model_file("mine.gguf")])
    await settled()
    (keeping,) = world.store.state.tab_models.keeping
    assert keeping.move is Move.FAILED
    assert "There is no room for mine.gguf" in str(keeping.problem)
    assert world.models.models == {}


@in_virtual_time
async def test_an_interrupted_download_goes_on_and_one_of_a_shard_fetches_all() -> None:
    world = Room()
    url = "http://host/models/big-00001-of-00002.gguf?download=true"
    world.models.failure = StoreFailure("cut", "half")
    world.room.keeper.download(url)
    await settled()
    (keeping,) = world.store.state.tab_models.keeping
    assert (keeping.move, keeping.done > 0) == (Move.FAILED, True)
    world.room.keeper.resume("big.gguf")
    await settled()
    assert world.store.state.tab_models.get("big.gguf") is not None
    urls = (url, "http://host/models/big-00002-of-00002.gguf?download=true")
    assert world.models.downloads == [(urls, ""), (urls, "")]


@in_virtual_time
async def test_what_cannot_be_an_address_or_a_checksum_is_refused() -> None:
    world = Room()
    for url in ("capitals.gguf", "ftp://host/a.gguf", "http://me:secret@host/a.gguf"):
        with pytest.raises(InvalidInput, match="is no address of a file"):
            world.room.keeper.download(url)
    with pytest.raises(InvalidInput, match="does not lead to a GGUF file"):
        world.room.keeper.download("https://host/a/model")
    with pytest.raises(InvalidInput, match="is no SHA-256 checksum"):
        world.room.keeper.download("https://host/a.gguf", "12")
    assert world.models.downloads == []
