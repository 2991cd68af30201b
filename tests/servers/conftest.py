"""Fixtures for the tests of the reference servers: a process per variant, in the same state for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.servers.client import ask
from tests.servers.process import ServerProcess

MODEL: Final = Path(__file__).parents[2] / "static" / "models" / "tinker-1m-q8_0.gguf"
API: Final = "tests.servers.local_llm_api"
ONE_THREAD: Final = ("--threads", "1")
"""So small a model is fastest with one thread, and on a busy machine by far."""

Start = Callable[..., ServerProcess]
Processes = Callable[[str], tuple[ServerProcess, Path]]


@pytest.fixture(scope="session")
def processes(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Processes]:
    """Gives the running server of a variant and its models folder; each is started once."""
    started: dict[str, tuple[ServerProcess, Path]] = {}

    def of(variant: str) -> tuple[ServerProcess, Path]:
        if variant not in started:
            folder = tmp_path_factory.mktemp(variant) / "models"
            server = ServerProcess(API, *ONE_THREAD, "--models", folder, "--variant", variant)
            server.start()
            started[variant] = server, folder
        return started[variant]

    yield of
    for server, _ in started.values():
        server.stop()


@pytest.fixture
def prepared(
    processes: Processes,
) -> Processes:
    """Gives the server of a variant with one model in its folder, an empty cache, no faults and no record."""

    def of(variant: str) -> tuple[ServerProcess, Path]:
        server, folder = processes(variant)
        server.set_faults({})
        ask(server, "POST", "/cache/clear")
        for path in folder.iterdir():
            path.unlink()
        shutil.copy(MODEL, folder)
        server.forget_requests()
        return server, folder

    return of


@pytest.fixture
def doc(prepared: Processes) -> ServerProcess:
    """The API as documented."""
    return prepared("doc")[0]


@pytest.fixture
def doc_folder(doc: ServerProcess, processes: Processes) -> Path:
    """The models folder of `doc`."""
    return processes("doc")[1]


@pytest.fixture
def g1(prepared: Processes) -> ServerProcess:
    """The implementation in use, with its call log off."""
    return prepared("g1")[0]


@pytest.fixture
def g1_shipped(prepared: Processes) -> ServerProcess:
    """The implementation in use, with its default settings."""
    return prepared("g1-shipped")[0]


@pytest.fixture
def g2(prepared: Processes) -> ServerProcess:
    """The later implementation."""
    return prepared("g2")[0]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server with options of the test's own, with one model in its folder."""
    started: list[ServerProcess] = []

    def start_with(*options: str) -> ServerProcess:
        folder = tmp_path / "models"
        folder.mkdir(exist_ok=True)
        shutil.copy(MODEL, folder)
        server = ServerProcess(API, *ONE_THREAD, "--models", folder, *options)
        server.start()
        started.append(server)
        return server

    yield start_with
    for server in started:
        server.stop()
