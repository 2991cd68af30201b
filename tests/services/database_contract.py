"""What every database must do. The checks run on CPython against the one in memory, and in the page against IndexedDB.

Each check gets a database that is empty. The module imports nothing but the app, so that the page can run it too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from app.services.ports import Conflict, Database, Delete, DeletePrefix, Put, Write

Check = Callable[[Database], Awaitable[None]]

STORES = ("conversations", "messages", "stream_log", "search", "settings", "quarantine")


def put(key: str, store: str = "search", based_on: int | None = None, **fields: Any) -> Put:
    return Put(store, {"id": key, **fields}, based_on)


async def keys(database: Database, store: str = "search") -> list[str]:
    return await database.keys(store, "")


async def conflicts(database: Database, *writes: Write) -> bool:
    try:
        await database.commit(writes)
    except Conflict:
        return True
    return False


async def there_is_a_store_for_everything(database: Database) -> None:
    for store in STORES:
        await database.commit([put("a", store)])
        assert await database.count(store) == 1, store


async def a_record_is_read_as_it_was_written(database: Database) -> None:
    record = {
        "id": "a",
        "text": 'ü 🚢 "quoted" \u0000 \u2028 </script>',
        "list": [1, 2.5, None, True],
        "more": {"": {}},
    }
    await database.commit([Put("search", record)], durable=True)
    assert await database.get("search", "a") == record


async def half_a_surrogate_survives(database: Database) -> None:
    await database.commit([put("a", text="\ud83d")])
    assert await database.get("search", "a") == {"id": "a", "text": "\ud83d"}


async def a_record_that_is_not_there_is_none(database: Database) -> None:
    assert await database.get("search", "a") is None


async def a_put_replaces(database: Database) -> None:
    await database.commit([put("a", old=1)])
    await database.commit([put("a", new=2)])
    assert await database.get("search", "a") == {"id": "a", "new": 2}


async def single_records_are_kept_by_key(database: Database) -> None:
    await database.put("settings", "settings", {"limit": 1})
    assert await database.get("settings", "settings") == {"id": "settings", "limit": 1}
    await database.delete("settings", "settings")
    assert await database.get("settings", "settings") is None


async def deleting_what_is_not_there_is_fine(database: Database) -> None:
    await database.commit([Delete("search", "a"), DeletePrefix("search", "b")])
    assert await keys(database) == []


async def many_are_read_in_the_order_asked_for(database: Database) -> None:
    await database.commit([put("a"), put("b")])
    assert await database.get_many("search", ["b", "x", "a"]) == [{"id": "b"}, None, {"id": "a"}]
    assert await database.get_many("search", []) == []


async def an_index_finds_for_each_value(database: Database) -> None:
    await database.commit(
        [put(key, "messages", conversation=talk) for key, talk in (("1", "a"), ("2", "b"), ("3", "a"))]
    )
    found = await database.by_index("messages", "conversation", ["b", "x", "a"])
    assert [[record["id"] for record in records] for records in found] == [["2"], [], ["1", "3"]]


async def pages_follow_one_another(database: Database) -> None:
    ranks = {
        "old": [1, -1.5, "old"],
        "new": [1, -7, "new"],
        "pinned": [0, -2, "pinned"],
        "twin": [1, -7, "twin"],
    }
    await database.commit([put(key, "conversations", rank=rank) for key, rank in ranks.items()])
    first = await database.page("conversations", "rank", None, 2)
    second = await database.page("conversations", "rank", first[-1]["rank"], 2)
    third = await database.page("conversations", "rank", second[-1]["rank"], 2)
    assert [[one["id"] for one in page] for page in (first, second, third)] == [
        ["pinned", "new"],
        ["twin", "old"],
        [],
    ]


async def pages_by_key(database: Database) -> None:
    await database.commit([put("c"), put("a"), put("b")])
    assert await database.page("search", "", "a", 5) == [{"id": "b"}, {"id": "c"}]


async def prefixes_select(database: Database) -> None:
    await database.commit([put("a:2", "stream_log"), put("a:1", "stream_log"), put("ab:1", "stream_log")])
    assert await database.keys("stream_log", "a:") == ["a:1", "a:2"]
    assert await database.with_prefix("stream_log", "a:") == [{"id": "a:1"}, {"id": "a:2"}]


async def an_empty_prefix_selects_all(database: Database) -> None:
    await database.commit([put("b"), put("a")])
    assert await database.with_prefix("search", "") == [{"id": "a"}, {"id": "b"}]


async def a_prefix_deletes(database: Database) -> None:
    await database.commit([put("a:1"), put("a:2"), put("ab:1")])
    await database.commit([DeletePrefix("search", "a:")])
    assert await keys(database) == ["ab:1"]


async def writes_happen_in_their_order(database: Database) -> None:
    await database.commit([put("a", first=1), Delete("search", "a"), put("a", second=2)])
    assert await database.get("search", "a") == {"id": "a", "second": 2}


async def one_commit_reaches_several_stores(database: Database) -> None:
    await database.commit([put("a"), put("b", "messages")])
    assert await keys(database) == ["a"]
    assert await keys(database, "messages") == ["b"]


async def a_write_on_the_stored_revision_succeeds(database: Database) -> None:
    await database.commit([put("a", rev=1, based_on=0)])
    await database.commit([put("a", rev=2, based_on=1)])
    assert await database.get("search", "a") == {"id": "a", "rev": 2}


async def a_write_on_another_revision_is_a_conflict(database: Database) -> None:
    await database.commit([put("a", rev=2)])
    assert await conflicts(database, put("a", rev=2, based_on=1))
    assert await database.get("search", "a") == {"id": "a", "rev": 2}


async def a_write_on_nothing_conflicts_with_a_record(database: Database) -> None:
    await database.commit([put("a", rev=1)])
    assert await conflicts(database, put("a", rev=1, based_on=0))


async def a_write_on_a_record_conflicts_with_nothing(database: Database) -> None:
    assert await conflicts(database, put("a", rev=4, based_on=3))
    assert await keys(database) == []


async def a_deletion_of_another_revision_is_a_conflict(database: Database) -> None:
    await database.commit([put("a", rev=2)])
    assert await conflicts(database, Delete("search", "a", based_on=1))
    assert await keys(database) == ["a"]


async def a_conflict_undoes_the_whole_commit(database: Database) -> None:
    await database.commit([put("a", rev=2), put("kept")])
    writes = (put("new"), Delete("search", "kept"), put("log", "stream_log"), put("a", rev=2, based_on=1))
    assert await conflicts(database, *writes)
    assert await keys(database) == ["a", "kept"]
    assert await keys(database, "stream_log") == []


async def no_writes_are_fine(database: Database) -> None:
    await database.commit([])


CHECKS: tuple[Check, ...] = (
    there_is_a_store_for_everything,
    a_record_is_read_as_it_was_written,
    half_a_surrogate_survives,
    a_record_that_is_not_there_is_none,
    a_put_replaces,
    single_records_are_kept_by_key,
    deleting_what_is_not_there_is_fine,
    many_are_read_in_the_order_asked_for,
    an_index_finds_for_each_value,
    pages_follow_one_another,
    pages_by_key,
    prefixes_select,
    an_empty_prefix_selects_all,
    a_prefix_deletes,
    writes_happen_in_their_order,
    one_commit_reaches_several_stores,
    a_write_on_the_stored_revision_succeeds,
    a_write_on_another_revision_is_a_conflict,
    a_write_on_nothing_conflicts_with_a_record,
    a_write_on_a_record_conflicts_with_nothing,
    a_deletion_of_another_revision_is_a_conflict,
    a_conflict_undoes_the_whole_commit,
    no_writes_are_fine,
)
