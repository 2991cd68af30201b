"""Models in the tab: the files that llama.cpp runs here, what the engine is doing, and what this browser keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.connections import Connection, ModelRef
from app.core.filenames import EXTENSION, Shard
from app.core.problems import Problem

TAB_ID = "tab"
"""The id of the connection to the engine in this tab, which is always there."""

TAB_URL = "tab:/v1"
"""Where requests to the engine go: no address of a network, so that none can leave the page."""

DEMO_ID = "tinker-1m-q8_0.gguf"
"""The model that ships with the page: static/models/, where its recipe and its card lie too."""

DEMO_SIZE = 1_095_424
"""Its size in bytes."""


class Source(StrEnum):
    """Where a model's file lies."""

    DEMO = "demo"
    FILE = "file"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class TabModel:
    """A model that can run in the tab: one file, or all shards of one.

    `size` is that of all its files, in bytes. `problem` is why it cannot run, such as shards that are missing.
    """

    id: str
    label: str
    size: int
    source: Source
    shards: int = 1
    problem: Problem | None = None

    @property
    def ref(self) -> ModelRef:
        """How a conversation names it."""
        return ModelRef(TAB_ID, self.id)


DEMO = TabModel(DEMO_ID, DEMO_ID, DEMO_SIZE, Source.DEMO)


class Stage(StrEnum):
    """What the engine is doing."""

    IDLE = "idle"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How a model was loaded: `context` in tokens, the number of threads, and the seconds that it took."""

    context: int
    threads: int
    seconds: float
    is_on_gpu: bool = False


@dataclass(frozen=True, slots=True)
class EngineState:
    """The engine now: which model it has or loads, how far (0 to 1), and why not."""

    stage: Stage = Stage.IDLE
    model: str = ""
    progress: float = 0.0
    loaded: Loaded | None = None
    problem: Problem | None = None


class Move(StrEnum):
    """How far a model is on its way into this browser's storage."""

    COPYING = "copying"
    CHECKING = "checking"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Keeping:
    """A model on its way into this browser: `done` of `size` bytes, from `url` or else from a file."""

    id: str
    move: Move
    done: int
    size: int
    url: str = ""
    problem: Problem | None = None

    @property
    def is_moving(self) -> bool:
        """Whether bytes are being copied or checked."""
        return self.move in {Move.COPYING, Move.CHECKING}


@dataclass(frozen=True, slots=True)
class TabModels:
    """Everything about models in the tab. `used` and `free` are bytes of this browser's storage, None when unknown."""

    models: tuple[TabModel, ...] = ()
    engine: EngineState = EngineState()
    keeping: tuple[Keeping, ...] = ()
    used: int | None = None
    free: int | None = None

    @property
    def runnable(self) -> tuple[TabModel, ...]:
        """The models that can be asked."""
        return tuple(model for model in self.models if model.problem is None)

    def get(self, model_id: str) -> TabModel | None:
        """The model of that id; the demo model is always there."""
        found = next((model for model in self.models if model.id == model_id), None)
        return DEMO if found is None and model_id == DEMO_ID else found

    def with_model(self, model: TabModel) -> TabModels:
        """The same with a model added or replaced."""
        return self.with_models((*(one for one in self.models if one.id != model.id), model))

    def with_models(self, models: Iterable[TabModel]) -> TabModels:
        """The same with these models, those that are kept first."""
        order = (Source.KEPT, Source.FILE, Source.DEMO)
        in_order = sorted(models, key=lambda model: (order.index(model.source), model.label.casefold()))
        return replace(self, models=tuple(in_order))

    def without_model(self, model_id: str) -> TabModels:
        """The same without a model."""
        return replace(self, models=tuple(one for one in self.models if one.id != model_id))

    def with_keeping(self, keeping: Keeping) -> TabModels:
        """The same with a model on its way, begun or further on."""
        others = tuple(one for one in self.keeping if one.id != keeping.id)
        return replace(self, keeping=(*others, keeping))

    def without_keeping(self, model_id: str) -> TabModels:
        """The same when a model has arrived or is forgotten."""
        return replace(self, keeping=tuple(one for one in self.keeping if one.id != model_id))


def tab_connection(name: str) -> Connection:
    """The connection to the engine, under the name that people read."""
    return Connection(TAB_ID, "in-tab", name, TAB_URL)


def model_name(file_name: str) -> str:
    """The name of the model that a file belongs to: of a shard that of the whole."""
    shard = Shard.parse(file_name)
    return file_name if shard is None else f"{shard.stem}{EXTENSION}"


def missing_shards(names: Iterable[str]) -> tuple[str, ...]:
    """The names of the shards that are lacking beside those of one model, in order."""
    there = [shard for shard in map(Shard.parse, names) if shard is not None]
    if not there:
        return ()
    present = {shard.number for shard in there}
    return tuple(name for number, name in enumerate(there[0].siblings(), 1) if number not in present)
