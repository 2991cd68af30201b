"""The meter: requests, tokens and money of today, over tabs and reloads, and nothing of yesterday."""

from __future__ import annotations

import asyncio

from app.core.connections import ModelRef
from app.core.deltas import Usage
from app.core.spending import ModelFacts
from tests.services.docked import Browser, Tab
from tests.services.virtual_time import in_virtual_time

FACTS = (ModelFacts("a", 3.0, 15.0), ModelFacts("*", 1.0, None))
ANSWER = Usage(1000, 200)


async def with_prices() -> Tab:
    tab = await Browser().tab()
    await tab.add(facts=FACTS)
    return tab


def asks(tab: Tab, model: str = "a", usage: Usage = ANSWER) -> None:
    """One question and its answer."""
    tab.connecting.desk.asked(tab.item().saved.connection)
    tab.connecting.desk.used(ModelRef("c1", model), usage)


async def stored() -> None:
    await asyncio.sleep(5)


@in_virtual_time
async def test_requests_tokens_and_money_add_up() -> None:
    tab = await with_prices()
    asks(tab)
    asks(tab, "b")
    today = tab.item().today
    assert (today.requests, today.tokens_in, today.tokens_out) == (2, 2000, 400)
    assert today.spent is not None
    assert round(today.spent, 6) == round((1000 * 3 + 200 * 15 + 1000 * 1) / 1e6, 6)


@in_virtual_time
async def test_without_prices_nothing_is_said_about_money() -> None:
    tab = await Browser().tab()
    await tab.add()
    asks(tab)
    assert tab.item().today.spent is None
    assert tab.item().today.requests == 1


@in_virtual_time
async def test_what_was_counted_is_there_again() -> None:
    tab = await with_prices()
    asks(tab)
    await stored()
    fresh = await tab.browser.tab()
    assert fresh.item().today == tab.item().today


@in_virtual_time
async def test_two_tabs_count_together() -> None:
    tab = await with_prices()
    other = await tab.browser.tab()
    asks(tab)
    asks(other)
    await stored()
    assert (await tab.browser.tab()).item().today.requests == 2


@in_virtual_time
async def test_a_full_disk_loses_no_figure() -> None:
    tab = await with_prices()
    tab.browser.database.is_full = True
    asks(tab)
    await stored()
    assert tab.item().today.requests == 1
    tab.browser.database.is_full = False
    asks(tab)
    await stored()
    assert (await tab.browser.tab()).item().today.requests == 2


@in_virtual_time
async def test_a_new_day_begins_at_nothing() -> None:
    tab = await with_prices()
    asks(tab)
    await stored()
    record = (await tab.browser.records("usage"))["c1"]
    await tab.browser.database.put("usage", "c1", {**record, "day": "1999-12-31"})
    assert (await tab.browser.tab()).item().today.is_empty
