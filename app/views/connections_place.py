"""The place "Connections": the list, its form, the keys, and the ledger."""

from __future__ import annotations

from app.core.state import Place
from app.services.house import House
from app.views.confirmation import Confirmation
from app.views.connections import ConnectionActions, ConnectionList
from app.views.connections_doctor import Doctor
from app.views.connections_form import ConnectionForm
from app.views.connections_ledger import LedgerTable
from app.views.connections_unlock import UnlockDialog
from app.views.connections_vault import VaultPanel
from app.views.connections_waits import WaitNotes
from app.views.file_ways import FileWays
from app.views.remote_models import RemoteSheet


class ConnectionsPlace:
    """Ties these views to their services."""

    def __init__(self, house: House, origin: str, confirmation: Confirmation, files: FileWays) -> None:
        """`origin` is this page's own, for the remedies that name it; `files` take and give custom providers."""
        self._files = files
        self._house = house
        self._store = house.store
        self._form: ConnectionForm | None = None
        connecting, start = house.connecting, house.tasks.start
        book = connecting.book
        remote = RemoteSheet(house.store, connecting.remote, confirmation, start)
        actions = ConnectionActions(
            is_managed=lambda item: connecting.remote.manages(item.saved.connection),
            add=self.add,
            edit=self._edit,
            test=lambda key: start(self._test(key)),
            delete=lambda key: start(book.delete(key)),
            move=lambda key, by: start(book.move(key, by)),
            enable=lambda key, is_on: start(book.enable(key, is_on)),
            manage=remote.open,
        )
        ConnectionList(house.store, actions, confirmation, Doctor(origin))
        VaultPanel(house.store, connecting.vault, connecting.keeper, confirmation, start, house.notifier.tell)
        UnlockDialog(house.store, connecting.vault, start)
        LedgerTable(house.store, house.clock)
        WaitNotes(house.store)
        house.store.subscribe(lambda state: state.place, self._on_place)

    def add(self) -> None:
        """Open the form for a new connection."""
        self._the_form().add()

    def _edit(self, key: str) -> None:
        item = self._store.state.connections.get(key)
        if item is not None:
            self._the_form().edit(item)

    def _the_form(self) -> ConnectionForm:
        if self._form is None:
            self._form = ConnectionForm(
                self._house.connecting, self._house.tasks.start, self._taken_names, self._files
            )
        return self._form

    def _taken_names(self) -> frozenset[str]:
        return frozenset(item.saved.connection.name for item in self._store.state.connections.items)

    async def _test(self, key: str) -> None:
        await self._house.connecting.checks.refresh(key)

    def _on_place(self, place: Place) -> None:
        if place is Place.CONNECTIONS:
            self._house.connecting.checks.refresh_stale()
