"""What the user keeps under names, in the database: one record each, and every tab shows the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Generic, TypeVar

from app.core.problems import InvalidInput, Problem
from app.core.shelf import Named, Shelf
from app.core.store import Cell
from app.services.ports import Conflict, Database, Delete, Put, Tabs
from app.services.tasks import Tasks

T = TypeVar("T", bound=Named)


class ShelfKeeper(Generic[T]):
    """Keeps a shelf. A write is based on what this tab has seen, so that no tab overwrites another."""

    def __init__(
        self,
        cell: Cell[Shelf[T]],
        kind: str,
        read: Callable[[Any], T | None],
        database: Database,
        tabs: Tabs,
        tasks: Tasks,
        new_id: Callable[[], str],
        joint: str = " ",
    ) -> None:
        """Show in `cell` what is in the object store `kind`; `read` reads a record, and gives None for no such.

        Other tabs are told about `kind`, too. `joint` stands between a name that is taken and the number that makes it
        another one.
        """
        self._cell = cell
        self._kind = kind
        self._read = read
        self._database = database
        self._tabs = tabs
        self._tasks = tasks
        self._new_id = new_id
        self._joint = joint
        tabs.listen(self._heard)

    @property
    def shelf(self) -> Shelf[T]:
        """What is on it now."""
        return self._cell.value

    async def load(self) -> None:
        """Read the records; what is none is passed over, and stays where it is.

        Raises:
            StorageError: the database cannot be read.
        """
        records = await self._database.with_prefix(self._kind, "")
        found = [item for record in records if (item := self._read(record)) is not None]
        self._cell.update(lambda _: Shelf[T]().holding(*found))

    async def save(self, item: T) -> T:
        """Store something, new when its id is empty; as it is stored.

        Raises:
            InvalidInput: it has no name, or that of another one; nothing was stored.
            Conflict: another tab has changed it meanwhile; nothing was stored, and the shelf shows what it is now.
            StorageError: nothing was stored.
        """
        if not item.name.strip():
            raise InvalidInput(Problem.of("shelf.no_name"))
        namesake = self.shelf.named(item.name)
        if namesake is not None and namesake.id != item.id:
            raise InvalidInput(Problem.of("shelf.name_taken", name=item.name))
        return (await self._write([item]))[0]

    async def delete(self, item_id: str) -> T | None:
        """Delete something; what it was, for `restore`. None when it was gone already.

        Raises:
            StorageError: nothing was deleted.
        """
        item = self.shelf.get(item_id)
        await self._database.commit([Delete(self._kind, item_id)], durable=True)
        self._cell.update(lambda shelf: shelf.without(item_id))
        self._tabs.announce(self._kind, item_id)
        return item

    async def restore(self, item: T) -> None:
        """Make something again what it was, whatever has become of it; under another name when its own is taken.

        Raises:
            StorageError: it cannot be stored.
        """
        now = self.shelf.get(item.id)
        name = self.shelf.without(item.id).free_name(item.name, self._joint)
        await self._write([_with(item, name=name, rev=now.rev if now is not None else 0)])

    async def add(self, items: Iterable[T]) -> int:
        """Add what comes from elsewhere, under ids of this browser and without doubling anything; how many were new.

        Raises:
            StorageError: nothing was stored.
        """
        shelf, new = self.shelf, []
        for item in items:
            namesake = shelf.named(item.name)
            if namesake is not None and _with(item, id=namesake.id, rev=namesake.rev) == namesake:
                continue
            fresh = _with(item, id=self._new_id(), name=shelf.free_name(item.name, self._joint), rev=0)
            new.append(fresh)
            shelf = shelf.holding(fresh)
        if new:
            await self._write(new)
        return len(new)

    async def _write(self, items: Iterable[T]) -> list[T]:
        named = [item if item.id else _with(item, id=self._new_id()) for item in items]
        written = [_with(item, rev=item.rev + 1) for item in named]
        puts = [Put(self._kind, one.to_record(), one.rev - 1) for one in written]
        try:
            await self._database.commit(puts, durable=True)
        except Conflict:
            await self.load()
            raise
        self._cell.update(lambda shelf: shelf.holding(*written))
        for one in written:
            self._tabs.announce(self._kind, one.id)
        return written

    def _heard(self, kind: str, _key: str) -> None:
        if kind == self._kind:
            self._tasks.start(self.load())


def _with(item: T, **changes: Any) -> T:
    """The same with some fields changed: all that stands on a shelf is a frozen dataclass."""
    changed: T = replace(item, **changes)  # type: ignore[type-var]
    return changed
