"""Storage: which database is used, and what the user is told about it."""

from __future__ import annotations

from app.core.problems import Problem, StorageError
from app.services.storage import Storage
from tests.services.kept import FakeDatabase
from tests.services.virtual_time import in_virtual_time


class FakeOpened(FakeDatabase):
    """A database that opens, new or not, or does not open."""

    def __init__(self, *, is_new: bool = True, fails: bool = False) -> None:
        super().__init__()
        self._is_new = is_new
        self._fails = fails

    async def open(self) -> bool:
        if self._fails:
            raise StorageError(Problem.of("storage.unusable"))
        return self._is_new


class FakeCanary:
    """The `Canary` port."""

    def __init__(self, *, alive: bool = False) -> None:
        self.alive = alive

    def is_alive(self) -> bool:
        return self.alive

    def set(self, alive: bool) -> None:
        self.alive = alive


async def started(database: FakeOpened, canary: FakeCanary) -> tuple[Storage, list[str]]:
    warned: list[str] = []
    storage = Storage(database, canary, lambda problem: warned.append(problem.what))
    await storage.start()
    return storage, warned


@in_virtual_time
async def test_a_first_visit_is_silent_and_remembered() -> None:
    canary = FakeCanary()
    storage, warned = await started(FakeOpened(is_new=True), canary)
    assert warned == []
    assert canary.alive
    assert storage.is_kept


@in_virtual_time
async def test_a_later_visit_is_silent() -> None:
    _, warned = await started(FakeOpened(is_new=False), FakeCanary(alive=True))
    assert warned == []


@in_virtual_time
async def test_a_database_that_vanished_is_no_first_visit() -> None:
    _, warned = await started(FakeOpened(is_new=True), FakeCanary(alive=True))
    assert warned == ["The conversations of earlier visits are gone."]


@in_virtual_time
async def test_without_a_database_the_page_works_in_memory_and_says_so() -> None:
    broken = FakeOpened(fails=True)
    storage, warned = await started(broken, FakeCanary(alive=True))
    assert warned == ["Nothing of this visit will be kept."]
    assert not storage.is_kept
    await storage.put("settings", "a", {"x": 1})
    assert await storage.get("settings", "a") == {"id": "a", "x": 1}
    assert broken.commits == []


@in_virtual_time
async def test_what_is_written_goes_to_the_database() -> None:
    database = FakeOpened()
    storage, _ = await started(database, FakeCanary())
    await storage.put("settings", "a", {"x": 1})
    assert await database.get("settings", "a") == {"id": "a", "x": 1}
