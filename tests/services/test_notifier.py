"""The notifier: news goes away by itself, problems wait to be dismissed."""

from __future__ import annotations

import asyncio

from app.core.problems import Problem
from tests.services.virtual_time import in_virtual_time
from tests.services.world import World

PROBLEM = Problem("It broke.", "Because.", "Mend it.")


@in_virtual_time
async def test_news_goes_away_after_six_seconds() -> None:
    world = World()
    world.notifier.tell("Copied.")
    await asyncio.sleep(5.9)
    assert world.news == ["Copied."]
    await asyncio.sleep(0.2)
    assert world.news == []


@in_virtual_time
async def test_a_problem_stays_until_it_is_dismissed() -> None:
    world = World()
    world.notifier.warn(PROBLEM)
    await asyncio.sleep(3600)
    (notice,) = world.store.state.notices.items
    assert notice.problem == PROBLEM
    world.notifier.dismiss(notice.id)
    assert world.news == []


@in_virtual_time
async def test_each_news_has_its_own_time() -> None:
    world = World()
    world.notifier.tell("one")
    await asyncio.sleep(3)
    world.notifier.warn(PROBLEM)
    world.notifier.tell("two")
    await asyncio.sleep(4)
    assert world.news == ["It broke.", "two"]


@in_virtual_time
async def test_news_that_the_user_dismissed_takes_nothing_else_with_it() -> None:
    world = World()
    world.notifier.tell("one")
    world.notifier.dismiss(world.store.state.notices.items[0].id)
    world.notifier.warn(PROBLEM)
    await asyncio.sleep(10)
    assert world.news == ["It broke."]


@in_virtual_time
async def test_the_same_problem_is_shown_once() -> None:
    world = World()
    world.notifier.warn(PROBLEM)
    world.notifier.warn(PROBLEM)
    assert world.news == ["It broke."]
