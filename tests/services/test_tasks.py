"""Tasks: each has an owner, and none of them fails in silence."""

from __future__ import annotations

import asyncio
import gc

from app.core.problems import InvalidInput, Problem
from app.services.tasks import Tasks
from tests.services.virtual_time import in_virtual_time, settled


async def work(log: list[str], error: Exception | None = None) -> None:
    await asyncio.sleep(1)
    if error is not None:
        raise error
    log.append("done")


@in_virtual_time
async def test_a_task_that_nobody_holds_is_not_lost() -> None:
    log: list[str] = []
    tasks = Tasks(lambda _: None)

    async def wait_for_nothing_else() -> None:
        await asyncio.get_running_loop().create_future()

    tasks.start(wait_for_nothing_else())
    tasks.start(work(log))
    await settled()
    gc.collect()
    await asyncio.sleep(2)
    assert log == ["done"]
    assert len(asyncio.all_tasks()) == 2


@in_virtual_time
async def test_a_problem_is_reported_as_it_is() -> None:
    reported: list[Problem] = []
    problem = Problem("It broke.", "Because.", "Mend it.")
    Tasks(reported.append).start(work([], InvalidInput(problem)))
    await asyncio.sleep(2)
    assert reported == [problem]


@in_virtual_time
async def test_a_defect_is_reported_with_its_trace() -> None:
    reported: list[Problem] = []
    Tasks(reported.append).start(work([], ZeroDivisionError("oops")))
    await asyncio.sleep(2)
    (problem,) = reported
    assert "ZeroDivisionError: oops" in problem.details
    assert "in work" in problem.details
    assert problem.fix


@in_virtual_time
async def test_a_cancelled_task_is_silent() -> None:
    log: list[str] = []
    reported: list[Problem] = []
    task = Tasks(reported.append).start(work(log))
    await settled()
    task.cancel()
    await asyncio.sleep(2)
    assert reported == []
    assert log == []


@in_virtual_time
async def test_a_task_can_be_cancelled_before_it_began_and_twice() -> None:
    log: list[str] = []
    reported: list[Problem] = []
    task = Tasks(reported.append).start(work(log))
    task.cancel()
    task.cancel()
    await asyncio.sleep(2)
    assert reported == []
    assert task.cancelled()


@in_virtual_time
async def test_a_failure_of_one_task_leaves_the_others() -> None:
    log: list[str] = []
    tasks = Tasks(lambda _: None)
    tasks.start(work(log, ValueError()))
    tasks.start(work(log))
    await asyncio.sleep(2)
    assert log == ["done"]
